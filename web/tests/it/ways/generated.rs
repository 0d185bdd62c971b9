//! What `access/check` answers equals what happens, for every resource and action of every blueprint.
//!
//! Members of every role, level, preset and profile do everything that there is a route for. An area is
//! open exactly when the request is not `denied`; other rules may refuse it for other reasons.

use hallpass_engine::{AREAS, Blueprint, Resource, ResourceKind};
use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

const BLUEPRINTS: [&str; 6] =
    ["harmonia", "harmony", "hari", "team-management", "halo", "standard"];

/// Verbs of areas without a route that they alone open, beside those that are for an own app.
const WITHOUT_ROUTE: [(&str, &str); 6] = [
    // Those who assign roles read them too.
    ("roles", "read"),
    // Those who work with records read their schema too.
    ("schema", "read"),
    ("pipelines", "read"),
    // The operator may keep these to themselves.
    ("workspace", "delete"),
    ("workspace", "export"),
    ("ownership", "transfer"),
];

/// The path of a thing that does not exist.
fn nowhere(path: &str) -> String {
    let prefix = match path {
        "/members" => "mbr",
        "/roles" => "rol",
        "/profiles" => "prf",
        "/teams" => "tea",
        "/departments" => "dep",
        "/saved-reports" => "rpt",
        "/views" => "viw",
        _ => "key",
    };
    format!("{path}/{prefix}_00000000000070008000000000000000")
}

struct Scene<'t> {
    workspace: TestWorkspace<'t>,
    blueprint: Blueprint,
    people: Vec<(String, Person)>,
    ben: String,
    counter: usize,
}

impl<'t> Scene<'t> {
    async fn of(server: &'t TestServer, id: &str) -> Scene<'t> {
        let workspace = server.found(id).await;
        let text = hallpass_domain::blueprint::find(id).unwrap();
        let blueprint = Blueprint::parse(text).unwrap();
        let mut scene =
            Scene { workspace, blueprint, people: Vec::new(), ben: String::new(), counter: 0 };
        let lowest = scene.lowest();
        scene.ben = scene.workspace.join("ben", json!({"role": lowest})).await.id;
        for (name, access) in scene.accesses().await {
            scene.counter += 1;
            let mut access = access;
            let teams = access.as_object_mut().unwrap().remove("teams");
            let person = scene.workspace.join(&format!("p{}", scene.counter), access).await;
            if let Some(teams) = teams {
                let path = format!("/members/{}", person.id);
                let change = json!({"teams": teams});
                let _ = scene.workspace.anna.patch(&path, change).await.expect(200);
            }
            scene.people.push((name, person));
        }
        scene
    }

    fn lowest(&self) -> String {
        self.blueprint.roles.iter().min_by_key(|role| role.rank).unwrap().key.clone()
    }

    /// What members have: each built-in role but the top one, custom roles, levels, presets, profiles.
    async fn accesses(&self) -> Vec<(String, Value)> {
        let anna = &self.workspace.anna;
        let mut all = Vec::new();
        for role in self.blueprint.roles.iter().filter(|role| !role.is_top) {
            all.push((role.key.clone(), json!({"role": role.key})));
        }
        if self.blueprint.custom_roles.is_some() {
            let resource = &self.blueprint.resources[0];
            let actions: Vec<&str> = ["read", "create", "update", "delete"]
                .into_iter()
                .filter(|action| resource.action(action).is_some())
                .collect();
            let own = format!("{}:{}:own", resource.key, actions.join(","));
            let all_read = format!("{}:read:all", resource.key);
            for (name, grants) in [("own", vec![own.clone()]), ("reads", vec![all_read, own])] {
                let role = json!({"name": name, "grants": grants});
                let role = anna.post("/roles", role).await.expect(201).id();
                all.push((format!("custom role {name}"), json!({"role": role})));
            }
        }
        let with_levels = self.blueprint.roles.iter().find(|role| role.has_levels);
        if let Some(role) = with_levels {
            let ladders: Vec<&Resource> = self
                .blueprint
                .resources
                .iter()
                .filter(|known| !known.ladder.is_empty())
                .collect();
            let highest = ladders.iter().map(|known| known.ladder.len()).max().unwrap();
            for height in 0..highest {
                let mut levels = json!({});
                for resource in &ladders {
                    let rung = height.min(resource.ladder.len() - 1);
                    levels[&resource.key] = json!(resource.ladder[rung].key);
                }
                all.push((
                    format!("levels {height}"),
                    json!({"role": role.key, "levels": levels}),
                ));
            }
        }
        if self.blueprint.profiles.is_some() {
            for profile in anna.get("/profiles").await.expect(200).items() {
                let team = json!({"name": profile["name"], "profile": profile["id"]});
                let team = anna.post("/teams", team).await.expect(201).id();
                let access = json!({"role": self.lowest(), "teams": [team]});
                all.push((format!("profile {}", profile["name"]), access));
            }
        }
        all
    }

    fn number(&mut self) -> usize {
        self.counter += 1;
        self.counter
    }

    /// A request that an area is asked for: method, path and body.
    async fn request(
        &mut self,
        area: &str,
        verb: &str,
    ) -> Option<(&'static str, String, Value)> {
        let n = self.number();
        let ben = self.ben.clone();
        let plural = format!("/{area}");
        let setting = format!("/settings/{area}");
        let name = json!({"name": format!("Thing {n}")});
        Some(match (area, verb) {
            ("members", "create") => {
                let email = format!("guest{n}@example.com");
                ("POST", "/invitations".into(), json!({"email": email, "role": self.lowest()}))
            }
            ("members", "update") => ("PATCH", format!("/members/{ben}"), json!({})),
            ("members", "reassign") => {
                let body = json!({"from": ben, "to": "me", "entities": [], "dry_run": true});
                ("POST", "/reassignments".into(), body)
            }
            ("roles", "create") => {
                ("POST", plural, json!({"name": format!("Role {n}"), "grants": []}))
            }
            ("profiles", "create") => {
                ("POST", plural, json!({"name": format!("Profile {n}"), "grants": {}}))
            }
            ("teams" | "departments", "create") => ("POST", plural, name),
            ("members" | "roles" | "profiles" | "teams" | "departments", "delete") => {
                ("DELETE", nowhere(&plural), Value::Null)
            }
            ("roles" | "profiles" | "teams" | "departments", "update") => {
                ("PATCH", nowhere(&plural), json!({}))
            }
            (
                "members" | "profiles" | "teams" | "departments" | "audit" | "billing"
                | "dashboard",
                "read",
            ) => ("GET", plural, Value::Null),
            ("schema", "create") => {
                let fields = json!([{"key": "name", "name": "Name", "type": "text"}]);
                let body = json!({"key": format!("type{n}"), "name": format!("Type {n}"), "fields": fields});
                ("POST", "/schema/entities".into(), body)
            }
            ("schema", "update") => {
                let key = &self.blueprint.resources[0].key;
                ("PATCH", format!("/schema/entities/{key}"), json!({}))
            }
            ("schema", "delete") => {
                let key = &self.blueprint.resources[0].key;
                ("DELETE", format!("/schema/entities/{key}"), Value::Null)
            }
            ("pipelines", "update") => {
                let key = &self.blueprint.resources[0].key;
                ("PATCH", format!("/schema/entities/{key}"), json!({"stages": null}))
            }
            ("integrations" | "intelligence", "create" | "update" | "delete") => {
                let field = if area == "integrations" { "connections" } else { "providers" };
                let there = json!({field: {"there": {"kind": "mail", "name": "There"}}});
                let _ = self.workspace.anna.patch(&setting, there).await.expect(200);
                let change = match verb {
                    "create" => json!({format!("new{n}"): {"kind": "mail", "name": "New"}}),
                    "update" => json!({"there": {"name": "Other"}}),
                    _ => json!({"there": null}),
                };
                ("PATCH", setting, json!({field: change}))
            }
            ("general" | "branding" | "modules" | "authentication" | "security", "update") => {
                ("PATCH", setting, json!({}))
            }
            (
                "general" | "branding" | "modules" | "integrations" | "intelligence"
                | "authentication" | "security",
                "read",
            ) => ("GET", setting, Value::Null),
            ("api_keys", "read") => ("GET", "/api-keys".into(), Value::Null),
            ("api_keys", "create") => ("POST", "/api-keys".into(), name),
            ("api_keys", "delete") => ("DELETE", nowhere("/api-keys"), Value::Null),
            ("audit", "export") => ("GET", "/role-assignments/export".into(), Value::Null),
            ("billing", "update") => ("PATCH", plural, json!({})),
            ("billing", "plan") => ("POST", "/billing/plan".into(), json!({"plan": "free"})),
            ("billing", "transfer") => ("POST", "/billing/contact".into(), json!({"to": ben})),
            ("blueprint", "read") => ("GET", plural, Value::Null),
            ("blueprint", "update") => ("PUT", plural, json!({"comparison": "none"})),
            ("reports", "read") => ("GET", "/reports/owners".into(), Value::Null),
            ("reports", "create") => ("POST", "/saved-reports".into(), json!({})),
            ("reports", "update") => ("PATCH", nowhere("/saved-reports"), json!({})),
            ("reports", "delete") => ("DELETE", nowhere("/saved-reports"), Value::Null),
            _ => {
                let mut own_app = AREAS.iter().filter(|known| known.name == area);
                let is_own_app = own_app.any(|known| known.own_app.contains(&verb));
                let is_listed = WITHOUT_ROUTE.contains(&(area, verb));
                assert!(is_own_app || is_listed, "no request for {area}:{verb}");
                return None;
            }
        })
    }
}

async fn check(person: &Person, question: Value) -> bool {
    let answer = person.post("/access/check", json!({"checks": [question]})).await.expect(200);
    answer.body["results"][0] == true
}

#[tokio::test]
async fn an_area_is_open_exactly_when_a_check_says_so() {
    for id in BLUEPRINTS {
        let server = TestServer::in_memory().await;
        let mut scene = Scene::of(&server, id).await;
        let covers: Vec<_> = scene
            .blueprint
            .resources
            .iter()
            .flat_map(|known| {
                known.covers.iter().flat_map(move |cover| {
                    cover.verbs.iter().map(move |(verb, action)| {
                        let action = known.actions[*action].key.clone();
                        (cover.area, *verb, known.key.clone(), action)
                    })
                })
            })
            .collect();
        let (mut open, mut closed) = (0, 0);
        for place in 0..scene.people.len() {
            for (area, verb, resource, action) in &covers {
                let Some((method, path, body)) = scene.request(area, verb).await else {
                    continue;
                };
                let (name, person) = &scene.people[place];
                let question = json!({"resource": resource, "action": action});
                let says = check(person, question).await;

                let body = Some(body).filter(|body| !body.is_null());
                let answer = person.request(method, &path, body).await;

                let is_denied = answer.status == 403 && answer.code() == "denied";
                assert_eq!(says, !is_denied, "{id}, {name}: {area}:{verb}: {}", answer.text);
                *(if says { &mut open } else { &mut closed }) += 1;
            }
        }
        assert!(closed > 10, "{id}: {open} open, {closed} closed");
    }
}

/// Does an action to a record, or creates one, and returns whether it was done.
async fn act(
    scene: &Scene<'_>,
    person: &Person,
    resource: &Resource,
    action: &str,
    owner: &str,
) -> bool {
    let entity = &resource.key;
    let is = |part: Option<usize>| resource.key_of(part) == Some(action);
    let fields = scene.workspace.fields(entity, "Something");
    let path = format!("/records/{entity}");
    if is(resource.create) {
        let new = json!({"fields": fields, "owner": owner});
        return person.post(&path, new).await.status == 201;
    }
    let of = json!({"owner": owner});
    let record = scene.workspace.record_with(&scene.workspace.anna, entity, of, "Thing").await;
    let path = format!("{path}/{record}");
    let status = if is(resource.read) {
        person.get(&path).await.status
    } else if is(resource.update) {
        person.patch(&path, json!({"fields": fields})).await.status
    } else if is(resource.delete) {
        person.delete(&path).await.status
    } else {
        let body = if is(resource.reassign) { json!({"to": owner}) } else { json!({}) };
        person.post(&format!("{path}/actions/{action}"), body).await.status
    };
    assert!([200, 204, 403, 404, 422].contains(&status), "{entity} {action}: {status}");
    status < 300
}

#[tokio::test]
async fn an_action_is_done_exactly_when_a_check_says_so() {
    for id in BLUEPRINTS {
        let server = TestServer::in_memory().await;
        let scene = Scene::of(&server, id).await;
        let (mut done, mut refused) = (0, 0);
        let types = scene
            .blueprint
            .resources
            .iter()
            .filter(|known| known.kind == ResourceKind::Records);
        for resource in types {
            for (name, person) in &scene.people {
                for action in &resource.actions {
                    for owner in [person.id.as_str(), &scene.ben, "unowned"] {
                        let question = json!({"resource": resource.key, "action": action.key,
                            "owner": owner});
                        let says = check(person, question).await;

                        let is_done = act(&scene, person, resource, &action.key, owner).await;

                        let what = format!("{} {}", resource.key, action.key);
                        assert_eq!(says, is_done, "{id}, {name}: {what} of {owner}");
                        *(if says { &mut done } else { &mut refused }) += 1;
                    }
                }
            }
        }
        assert!(done > 20 && refused > 0, "{id}: {done} done, {refused} refused");
    }
}
