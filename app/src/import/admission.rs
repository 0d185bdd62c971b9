//! What the lines before the records say together: references, names, settings, record types, the access model.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use hallpass_domain::blueprint;
use hallpass_domain::entity::{
    FieldForm, StageForm, check_fields, check_key, check_name, check_stages, overlay,
};
use hallpass_domain::id::MemberId;
use hallpass_domain::invitation::InvitationState;
use hallpass_domain::member::Status;
use hallpass_domain::model::Model;
use hallpass_domain::record::{Owner, OwnerRef};
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::setting::{Area, check};
use hallpass_domain::text::looks_like;
use hallpass_engine::{Blueprint, Resource, ResourceKind};
use hallpass_store::entity::StoredEntity;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::report::Problem;
use super::setup::Setup;
use crate::app::App;
use crate::blueprint::check_may_bring;
use crate::compute::Computations;
use crate::entity::MOST_ADDED;
use crate::error::Error;

/// What is known once everything before the records has been checked.
pub(super) struct Admitted {
    pub(super) blueprint: Arc<Blueprint>,
    /// The record types, with the workspace's own fields and stages.
    pub(super) types: HashMap<String, Resource>,
    /// The settings, without secrets.
    pub(super) settings: Map<String, Value>,
    /// What is left out of them, and what else is worth knowing.
    pub(super) notes: Vec<String>,
}

/// Checks everything before the records.
///
/// # Errors
///
/// `Err` in it has every problem.
pub(super) async fn admit(
    app: &App,
    setup: &Setup,
) -> Result<Result<Admitted, Vec<Problem>>, Error> {
    let Some(head) = &setup.head else {
        return Ok(Err(vec![Problem::of_file("there is no line of the kind `workspace`")]));
    };
    let computations: &Computations = app.computations();
    let parsed = computations.run(head.id, || Blueprint::parse(&head.blueprint)).await?;
    let parsed = match parsed {
        Ok(parsed) => Arc::new(parsed),
        Err(mistakes) => {
            let wrong = mistakes.0.iter().map(|mistake| Problem::at(1, mistake.to_string()));
            return Ok(Err(wrong.collect()));
        }
    };
    let shipped = blueprint::find(&parsed.id);
    if let Err(refusal) = check_may_bring(app, shipped.is_none(), true) {
        return Ok(Err(vec![Problem::at(1, refusal.to_string())]));
    }
    let mut problems = unresolved(setup);
    problems.extend(taken_names(setup, &parsed));
    problems.extend(wrong_types(setup, &parsed));
    // The rest needs what the lines above name.
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let model = computations.run(head.id, || Model::admit(&parsed, to_engine(setup))).await?;
    let model = match model {
        Ok(model) => model,
        Err(misfits) => return Ok(Err(misfits.into_iter().map(Problem::of_file).collect())),
    };
    let mut admitted = Admitted {
        blueprint: Arc::clone(&parsed),
        types: HashMap::new(),
        settings: Map::new(),
        notes: Vec::new(),
    };
    if shipped.is_some_and(|shipped| shipped != head.blueprint) {
        admitted.notes.push(format!(
            "the access model `{}` is of another version than the one that ships with this server",
            parsed.id
        ));
    }
    problems.extend(admitted.add_types(setup, &model));
    problems.extend(admitted.add_settings(&head.settings, &model));
    problems.extend(wrong_invitations(setup, &model));
    Ok(if problems.is_empty() { Ok(admitted) } else { Err(problems) })
}

/// A reference that leads to nothing in the file.
fn missing(line: u64, key: &str, id: impl std::fmt::Display) -> Problem {
    Problem::at(line, format!("`{key}`: nothing in the file has the id `{id}`"))
}

/// The references that the access model does not check.
fn unresolved(setup: &Setup) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut member = |line: u64, key: &str, id: Option<MemberId>| {
        if let Some(id) = id.filter(|id| !setup.has_member(*id)) {
            found.push(missing(line, key, id));
        }
    };
    for (line, one) in &setup.departments {
        member(*line, "manager", one.manager);
    }
    for (line, one) in &setup.reports {
        member(*line, "created_by", Some(one.sharing.created_by));
        if let Some(Owner::Member(owner)) = one.owner {
            member(*line, "owner", Some(owner));
        }
    }
    for (line, one) in &setup.views {
        member(*line, "created_by", Some(one.sharing.created_by));
        if let Some(OwnerRef::Member(owner)) = one.settings.filter.owner {
            member(*line, "owner", Some(owner));
        }
    }
    for (line, one) in &setup.members {
        member(*line, "manager", one.access.manager);
        member(*line, "role_by", one.role_by);
    }
    for (line, one) in &setup.invitations {
        member(*line, "invited_by", one.invited_by);
    }
    found
}

/// The lines whose key another line has.
fn twice<K: Eq + Hash>(
    keys: impl Iterator<Item = (u64, K)>,
    what: &'static str,
) -> Vec<Problem> {
    let mut known = HashSet::new();
    let taken = keys.filter_map(|(line, key)| (!known.insert(key)).then_some(line));
    taken.map(|line| Problem::at(line, what)).collect()
}

/// Names and addresses that only one can have.
fn taken_names(setup: &Setup, blueprint: &Blueprint) -> Vec<Problem> {
    let mut found = Vec::new();
    for (line, role) in &setup.roles {
        let name = role.name.as_str();
        let mut known = blueprint.roles.iter();
        if known.any(|known| looks_like(name, &known.name) || looks_like(name, &known.key)) {
            found.push(Problem::at(*line, "a role of the access model has its name"));
        }
    }
    let roles = setup.roles.iter().map(|(line, one)| (*line, one.name.key()));
    let profiles = setup.profiles.iter().map(|(line, one)| (*line, one.name.key()));
    let teams = setup.teams.iter().map(|(line, one)| (*line, one.name.key()));
    found.extend(twice(roles, "another role has its name"));
    found.extend(twice(profiles, "another profile has its name"));
    found.extend(twice(teams, "another team has its name"));
    let departments = setup.departments.iter();
    let departments = departments.map(|(line, one)| (*line, (one.parent, one.name.key())));
    found.extend(twice(departments, "another department at its place has its name"));
    let present = setup
        .members
        .iter()
        .filter(|(_, one)| one.status != Status::Removed && !one.is_service());
    let present = present.map(|(line, one)| (*line, super::account::key(&one.email)));
    found.extend(twice(present, "another member has its address"));
    let pending =
        setup.invitations.iter().filter(|(_, one)| one.state == InvitationState::Pending);
    let pending = pending.map(|(line, one)| (*line, one.email.key().to_owned()));
    found.extend(twice(pending, "another open invitation has its address"));
    found
}

/// What is wrong with record types before they are compiled.
fn wrong_types(setup: &Setup, blueprint: &Blueprint) -> Vec<Problem> {
    let mut found = Vec::new();
    let added = setup.types.iter().filter(|(_, one)| one.is_added);
    for (line, one) in added.clone() {
        if blueprint.custom_entities.is_none() {
            found
                .push(Problem::at(*line, "the access model has no record types of workspaces"));
        }
        if let Some(why) = check_key(&one.entity) {
            found.push(Problem::at(*line, why));
        }
        if let Some(noun) = blueprint.reserved_for(&one.entity) {
            found.push(Problem::at(*line, format!("its key is that of {noun}")));
        }
        if one.name.is_none() || one.fields.is_none() {
            found.push(Problem::at(*line, "it needs `name` and `fields`"));
        }
    }
    if added.count() > MOST_ADDED {
        found.push(Problem::of_file(format!("there are more than {MOST_ADDED} record types")));
    }
    for (line, one) in &setup.types {
        let is_known = blueprint
            .resources
            .iter()
            .any(|known| known.key == one.entity && known.kind == ResourceKind::Records);
        if !one.is_added && !is_known {
            found.push(Problem::at(*line, "the access model has no such record type"));
        }
        let names = [("/name", &one.name), ("/one", &one.one)].into_iter();
        let names = names.filter_map(|(at, name)| check_name(at, name.as_deref()?));
        found.extend(names.map(|error| told(*line, &error)));
    }
    found
}

/// Open invitations that name what is not there.
fn wrong_invitations(setup: &Setup, model: &Model) -> Vec<Problem> {
    let mut found = Vec::new();
    for (line, one) in &setup.invitations {
        if one.state != InvitationState::Pending {
            continue;
        }
        let access = &one.access;
        if !model.has_role(&access.role) {
            found.push(missing(*line, "role", &access.role));
        }
        if let Some(id) = access.department.filter(|id| model.department(*id).is_none()) {
            found.push(missing(*line, "department", id));
        }
        for team in access.teams.iter().filter(|id| model.team(**id).is_none()) {
            found.push(missing(*line, "teams", team));
        }
        if let Some(id) = access.manager.filter(|id| model.member(*id).is_none()) {
            found.push(missing(*line, "manager", id));
        }
    }
    found
}

impl Admitted {
    /// Adds the record types, with the fields and stages of the workspace.
    fn add_types(&mut self, setup: &Setup, model: &Model) -> Vec<Problem> {
        let mut found = Vec::new();
        let resources = model.policy().resources().iter();
        for resource in resources.filter(|known| known.kind == ResourceKind::Records) {
            let mut resource = resource.clone();
            let own = setup.types.iter().find(|(_, own)| own.entity == resource.key);
            if let Some((line, own)) = own {
                found.extend(wrong_forms(*line, own, &resource));
                overlay(&mut resource, own.said());
            }
            self.types.insert(resource.key.clone(), resource);
        }
        found
    }

    fn add_settings(&mut self, given: &Map<String, Value>, model: &Model) -> Vec<Problem> {
        let mut found = Vec::new();
        let resources = model.policy().resources();
        for (key, values) in given {
            let Some(values) = values.as_object() else {
                found.push(Problem::at(1, format!("`settings`: `{key}` is no object")));
                continue;
            };
            let checked = match (key.as_str(), Area::parse(key)) {
                ("switches", _) => Ok(self.switches(values)),
                (_, Some(area)) => check(area, resources, values, &Map::new()),
                (_, None) => {
                    found.push(Problem::at(1, format!("`settings`: there is no area `{key}`")));
                    continue;
                }
            };
            match checked {
                Ok(mut checked) => {
                    if checked.get("require_sso") == Some(&Value::Bool(true)) {
                        checked.remove("require_sso");
                        self.notes.push(
                            "single sign-on is not required: connections are left out"
                                .to_owned(),
                        );
                    }
                    self.settings.insert(key.clone(), Value::Object(checked));
                }
                Err(Refusal::Fields(errors)) => found.extend(errors.iter().map(|error| {
                    Problem::at(
                        1,
                        format!("`settings`: /{key}{}: {}", error.pointer, error.detail),
                    )
                })),
                Err(other) => found.push(Problem::at(1, other.to_string())),
            }
        }
        found
    }

    /// The switches that the access model has.
    fn switches(&self, values: &Map<String, Value>) -> Map<String, Value> {
        let known = |key: &str| self.blueprint.switches.iter().any(|known| known.key == key);
        let kept = values.iter().filter(|(key, value)| known(key) && value.is_boolean());
        kept.map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

/// What is wrong with the fields and stages of a record type.
fn wrong_forms(line: u64, own: &StoredEntity, resource: &Resource) -> Vec<Problem> {
    fn read<T: DeserializeOwned>(value: Option<&Value>) -> Result<Option<Vec<T>>, String> {
        let read = value.map(|value| serde_json::from_value(value.clone()));
        read.transpose().map_err(|error| error.to_string())
    }
    let mut found = Vec::new();
    match read::<FieldForm>(own.fields.as_ref()) {
        Ok(fields) => {
            let wrong = fields.iter().flat_map(|fields| check_fields(fields));
            found.extend(wrong.map(|error| told(line, &error)));
        }
        Err(why) => found.push(Problem::at(line, format!("`fields`: {why}"))),
    }
    match read::<StageForm>(own.stages.as_ref()) {
        Ok(stages) => {
            let wrong = stages.iter().flat_map(|stages| check_stages(stages, resource));
            found.extend(wrong.map(|error| told(line, &error)));
        }
        Err(why) => found.push(Problem::at(line, format!("`stages`: {why}"))),
    }
    found
}

fn told(line: u64, error: &FieldError) -> Problem {
    Problem::at(line, format!("{}: {}", error.pointer, error.detail))
}

/// The access of the workspace in the engine's terms.
fn to_engine(setup: &Setup) -> hallpass_engine::Workspace {
    let switches =
        setup.head.as_ref().and_then(|head| head.settings.get("switches")?.as_object());
    let switches = switches.into_iter().flatten();
    hallpass_engine::Workspace {
        switches: switches.filter_map(|(key, on)| Some((key.clone(), on.as_bool()?))).collect(),
        entities: setup
            .types
            .iter()
            .filter(|(_, one)| one.is_added)
            .map(|(_, one)| one.entity.clone())
            .collect(),
        roles: setup
            .roles
            .iter()
            .map(|(_, role)| hallpass_engine::CustomRole {
                id: role.id.to_string(),
                grants: role.grants.clone(),
            })
            .collect(),
        profiles: setup
            .profiles
            .iter()
            .map(|(_, one)| hallpass_engine::Profile {
                id: one.id.to_string(),
                cells: one.cells.clone(),
            })
            .collect(),
        teams: setup
            .teams
            .iter()
            .map(|(_, team)| hallpass_engine::Team {
                id: team.id.to_string(),
                profile: team.profile.map(|id| id.to_string()),
                sharing: team.sharing,
            })
            .collect(),
        departments: setup
            .departments
            .iter()
            .map(|(_, one)| hallpass_engine::Department {
                id: one.id.to_string(),
                parent: one.parent.map(|id| id.to_string()),
            })
            .collect(),
        members: setup
            .members
            .iter()
            .filter(|(_, one)| one.status != Status::Removed)
            .map(|(_, one)| one.to_engine())
            .collect(),
    }
}
