//! Random workspaces: members with every kind of access, teams, departments, roles, profiles,
//! switches, modules, and records with and without an owner.

use hallpass_app::naming::OwnerRef;
use hallpass_app::operation::Operator;
use hallpass_app::record::change::NewRecord;
use hallpass_app::record::import::{ImportLine, Imported};
use hallpass_engine::{Blueprint, CustomRoles, FieldType, Holders, Resource, ResourceKind};
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, Rng, TestServer, TestWorkspace};
use serde_json::{Map, Value, json};

/// The people besides the founder.
const PEOPLE: usize = 8;

/// The words of titles.
const WORDS: [&str; 9] =
    ["acme", "Acme", "ÄRGER", "zed", "50% off", "a_b", "ß", "ﬁn", "\u{1F980}"];

/// A workspace and its people.
pub(crate) struct World<'t> {
    pub(crate) workspace: TestWorkspace<'t>,
    pub(crate) blueprint: Blueprint,
    /// The founder first, then all others, including inactive and removed members.
    pub(crate) people: Vec<Person>,
    pub(crate) rng: Rng,
    /// The record types that have records.
    pub(crate) entities: Vec<String>,
}

impl World<'_> {
    /// A random workspace of a shipped blueprint.
    pub(crate) async fn of<'t>(
        server: &'t TestServer,
        blueprint: &str,
        seed: u64,
    ) -> World<'t> {
        let text = hallpass_domain::blueprint::find(blueprint).unwrap();
        let workspace = server.found(blueprint).await;
        let people = vec![workspace.anna.same_session()];
        let blueprint = Blueprint::parse(text).unwrap();
        let mut world =
            World { workspace, blueprint, people, rng: Rng::new(seed), entities: Vec::new() };
        world.groups().await;
        for number in 1..=PEOPLE {
            world.newcomer(number).await;
        }
        for number in 1..=PEOPLE {
            for _ in 0..4 {
                world.access(number).await;
            }
        }
        world.choose_types().await;
        world.records(45).await;
        // A month later the sessions have expired.
        server.advance_days(35);
        world.records(45).await;
        for number in 0..=PEOPLE {
            world.sign_in(number).await;
        }
        world.turn().await;
        for _ in 0..3 {
            world.depart().await;
        }
        world
    }

    /// Chooses three record types, one of them custom where the blueprint allows it.
    async fn choose_types(&mut self) {
        let types =
            self.blueprint.resources.iter().filter(|one| one.kind == ResourceKind::Records);
        let types: Vec<String> = types.map(|one| one.key.clone()).collect();
        if self.blueprint.custom_entities.is_some() {
            let name = json!({"key": "name", "name": "Name", "type": "text", "required": true});
            let worth = json!({"key": "worth", "name": "Worth", "type": "money"});
            let stages = [("afloat", true), ("sunk", false)];
            let stages =
                stages.map(|(key, open)| json!({"key": key, "name": key, "open": open}));
            let body = json!({"key": "boats", "name": "Boats", "fields": [name, worth], "stages": stages});
            let _ = self.founder("POST", "/schema/entities", body).await.expect(201);
            self.entities.push("boats".to_owned());
        }
        while self.entities.len() < 3 {
            let entity = self.rng.pick(&types);
            if !self.entities.contains(&entity) {
                self.entities.push(entity);
            }
        }
    }

    /// Signs a person in again.
    async fn sign_in(&mut self, number: usize) {
        let name = if number == 0 { "anna".to_owned() } else { format!("p{number}") };
        let again = self.workspace.server.anonymous();
        let body = json!({"email": format!("{name}@example.com"), "password": PASSWORD});
        let _ = again.post("/api/v1/sessions", body).await.expect(201);
        let id = std::mem::take(&mut self.people[number].id);
        self.people[number] = again.at(&self.workspace.slug).await;
        assert_eq!(self.people[number].id, id);
        self.workspace.anna = self.people[0].same_session();
    }

    /// Sends a request as the founder, which a guard may refuse.
    pub(crate) async fn founder(&self, method: &str, path: &str, body: Value) -> Answer {
        let answer = self.workspace.anna.request(method, path, Some(body)).await;
        assert!(answer.status < 500, "{method} {path}: {}", answer.text);
        answer
    }

    /// Changes random switches and modules.
    pub(crate) async fn turn(&mut self) {
        let mut switches = Map::new();
        for switch in &self.blueprint.switches {
            switches.insert(switch.key.clone(), json!(self.rng.percent(50)));
        }
        let mut modules = Map::new();
        for resource in self.blueprint.resources.iter().filter(|one| one.can_switch_off) {
            modules.insert(resource.key.clone(), json!(self.rng.percent(85)));
        }
        let _ = self.founder("PATCH", "/settings", json!({"switches": switches})).await;
        let _ = self.founder("PATCH", "/settings/modules", Value::Object(modules)).await;
    }

    async fn groups(&mut self) {
        if self.blueprint.departments.is_some() {
            for number in 0..5 {
                let above = self.some_id("/departments").await.filter(|_| number % 3 > 0);
                let body = json!({"name": format!("Department {number}"), "parent": above});
                let _ = self.founder("POST", "/departments", body).await.expect(201);
            }
        }
        for number in 0..3 {
            if self.blueprint.custom_roles.is_some() {
                let grants = self.grants();
                let body = json!({"name": format!("Role {number}"), "grants": grants});
                let _ = self.founder("POST", "/roles", body).await.expect(201);
            }
            if self.blueprint.profiles.is_some() {
                let grants = self.cells();
                let body = json!({"name": format!("Profile {number}"), "grants": grants});
                let _ = self.founder("POST", "/profiles", body).await.expect(201);
            }
        }
        if self.blueprint.teams.is_some() {
            for number in 0..4 {
                let mut body = self.team().await;
                body["name"] = json!(format!("Team {number}"));
                let _ = self.founder("POST", "/teams", body).await.expect(201);
            }
        }
    }

    /// A random body for a team.
    pub(crate) async fn team(&mut self) -> Value {
        let mut body = json!({});
        if self.blueprint.profiles.is_some() {
            body["record_sharing"] = json!(self.rng.pick(&["own", "team", "all", "all"]));
            body["profile"] = json!(self.some_id("/profiles").await);
        }
        body
    }

    /// The id of a random item of a list.
    pub(crate) async fn some_id(&mut self, list: &str) -> Option<String> {
        let ids = self.workspace.anna.get(list).await.expect(200).each("id");
        (!ids.is_empty()).then(|| self.rng.pick(&ids))
    }

    /// Random grants for a custom role.
    pub(crate) fn grants(&mut self) -> Vec<String> {
        let Some(rules) = &self.blueprint.custom_roles else { return Vec::new() };
        let types: Vec<&Resource> =
            self.blueprint.resources.iter().filter(|one| is_open(rules, one)).collect();
        let mut grants = Vec::new();
        for resource in types {
            for action in &resource.actions {
                let is_known =
                    rules.actions.as_ref().is_none_or(|known| known.contains(&action.key));
                if is_known && self.rng.percent(60) {
                    let scope = self.rng.pick(&rules.scopes);
                    grants.push(format!("{}:{}:{}", resource.key, action.key, scope.word()));
                }
            }
        }
        grants
    }

    /// Random cells for a profile.
    pub(crate) fn cells(&mut self) -> Value {
        let mut cells = json!({});
        let resources = self.blueprint.resources.iter();
        for resource in resources.filter(|one| one.kind == ResourceKind::Records) {
            for action in &resource.actions {
                if self.rng.percent(60) {
                    let scope = self.rng.pick(&["own", "team", "all", "none"]);
                    cells[&resource.key][&action.key] = json!(scope);
                }
            }
        }
        cells
    }

    fn some_role(&mut self, custom: &[String]) -> String {
        let roles = self.blueprint.roles.iter().filter(|role| role.holders == Holders::Many);
        // One member with the top role is enough.
        let mut roles: Vec<String> =
            roles.filter(|role| !role.is_top).map(|role| role.key.clone()).collect();
        roles.extend(custom.iter().cloned());
        self.rng.pick(&roles)
    }

    async fn custom_roles(&self) -> Vec<String> {
        let ids = self.workspace.anna.get("/roles").await.expect(200).each("id");
        ids.into_iter().filter(|id| id.starts_with("rol_")).collect()
    }

    async fn newcomer(&mut self, number: usize) {
        let custom = self.custom_roles().await;
        let role = self.some_role(&custom);
        let person = self.workspace.join(&format!("p{number}"), json!({"role": role})).await;
        self.people.push(person);
    }

    /// Changes the access of a member.
    pub(crate) async fn access(&mut self, number: usize) {
        let change = match self.rng.below(6) {
            0 => {
                let custom = self.custom_roles().await;
                json!({"role": self.some_role(&custom)})
            }
            1 => json!({"visibility": self.rng.pick(&["own", "department", "all"])}),
            2 if self.blueprint.departments.is_some() => {
                json!({"department": self.some_id("/departments").await})
            }
            3 => {
                let manager = self.rng.below(self.people.len());
                json!({"manager": self.people[manager].id})
            }
            4 if self.blueprint.teams.is_some() => {
                let teams = self.workspace.anna.get("/teams").await.expect(200).each("id");
                json!({"teams": self.rng.some(&teams, 40)})
            }
            _ => json!({"levels": self.levels()}),
        };
        let path = format!("/members/{}", self.people[number].id);
        let _ = self.founder("PATCH", &path, change).await;
    }

    fn levels(&mut self) -> Value {
        let mut levels = json!({});
        for resource in self.blueprint.resources.iter().filter(|one| !one.ladder.is_empty()) {
            if self.rng.percent(50) {
                levels[&resource.key] = json!(self.rng.pick(&resource.ladder).key);
            }
        }
        levels
    }

    /// A random member or former member.
    pub(crate) fn random_person(&mut self) -> Person {
        let number = self.rng.below(self.people.len());
        self.people[number].same_session()
    }

    /// Deactivates or removes a random member.
    pub(crate) async fn depart(&mut self) {
        let number = 1 + self.rng.below(self.people.len() - 1);
        let path = format!("/members/{}", self.people[number].id);
        let _ = match self.rng.below(3) {
            0 => self.founder("DELETE", &path, Value::Null).await,
            1 => {
                let done =
                    self.founder("POST", &format!("{path}/reactivate"), Value::Null).await;
                if done.status == 200 {
                    self.sign_in(number).await;
                }
                done
            }
            _ => self.founder("POST", &format!("{path}/deactivate"), Value::Null).await,
        };
    }

    /// Imports random records as the operator.
    async fn records(&mut self, n: usize) {
        for entity in self.entities.clone() {
            let app = &self.workspace.server.app;
            let mut ctx =
                app.enter_as(&Operator::default(), &self.workspace.slug).await.unwrap();
            let known = ctx.snapshot().record_type(&entity).unwrap();
            let made = (0..n).map(|number| ImportLine { number, record: self.record(&known) });
            let made: Vec<ImportLine> = made.collect();
            let done = ctx.records().import(&entity, &made).await.unwrap();
            assert!(matches!(done, Imported::Done(all) if all == n), "{done:?}");
        }
    }

    /// Values for every required field of a record type.
    pub(crate) fn fields(&self, entity: &str, title: &str) -> Value {
        let is_known = self.blueprint.resource(entity).is_some();
        if is_known { self.workspace.fields(entity, title) } else { json!({"name": title}) }
    }

    /// A random record, with or without an owner.
    pub(crate) fn record(&mut self, resource: &Resource) -> NewRecord {
        let words = [self.rng.pick(&WORDS), self.rng.pick(&WORDS)];
        let title = format!("{} {} {}", words[0], words[1], self.rng.below(90));
        let mut fields = self.fields(&resource.key, &title);
        for field in &resource.fields {
            if field.holds == FieldType::Money {
                let cents = u32::try_from(self.rng.below(5_000_000)).unwrap();
                fields[&field.key] = json!(f64::from(cents) / 100.0);
            } else if field.holds == FieldType::LongText && self.rng.percent(30) {
                fields[&field.key] = json!(self.rng.pick(&WORDS));
            }
        }
        let whose = self.rng.below(self.people.len() + 2);
        let owner = self.people.get(whose).map(|person| person.id.parse().unwrap());
        let stages: Vec<String> = resource.stages.iter().map(|one| one.key.clone()).collect();
        NewRecord {
            fields: fields.as_object().unwrap().clone(),
            owner: Some(owner.map_or(OwnerRef::Unowned, OwnerRef::Member)),
            stage: (!stages.is_empty()).then(|| self.rng.pick(&stages)),
        }
    }
}

/// Whether custom roles may have grants on a resource.
fn is_open(rules: &CustomRoles, resource: &Resource) -> bool {
    let is_named = rules.resources.as_ref().is_none_or(|known| known.contains(&resource.key));
    is_named && resource.scoped
}
