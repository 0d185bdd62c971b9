//! The access of the members of the demo: teams, profiles, departments, roles and levels, as far as
//! the access model has them.

use hallpass_app::Error;
use hallpass_app::department::DepartmentChange;
use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::DepartmentRef;
use hallpass_app::profile::ProfileChange;
use hallpass_app::role::RoleChange;
use hallpass_app::team::TeamChange;
use hallpass_domain::id::{DepartmentId, MemberId, TeamId};
use hallpass_engine::{Blueprint, CustomRoles, Resource, ResourceKind, Scope, Visibility};
use serde_json::{Map, Value, json};

use super::people::{self, ANALYST, CUSTOM_LEVELS};
use super::workspace::DemoWorkspace;

/// What members can be put into.
pub(super) struct Layers {
    departments: Vec<DepartmentId>,
    teams: Vec<TeamId>,
    analyst: Option<String>,
}

/// Creates departments, profiles, teams and a custom role.
pub(super) async fn layers(workspace: &DemoWorkspace<'_>) -> Result<Layers, Error> {
    let blueprint = &workspace.blueprint;
    let mut layers = Layers { departments: Vec::new(), teams: Vec::new(), analyst: None };
    if blueprint.departments.is_some() {
        let sales = department(workspace, "Sales", None).await?;
        for name in ["Sales North", "Sales South"] {
            layers.departments.push(department(workspace, name, Some(sales)).await?);
        }
        layers.departments.push(department(workspace, "Service", None).await?);
    }
    let mut profiles = Vec::new();
    if blueprint.profiles.is_some() {
        let profile = ProfileChange {
            name: Some("Trainees".to_owned()),
            description: Some("See what their team works on".to_owned()),
            grants: Some(trainees(blueprint)),
        };
        workspace.ctx().await?.profiles().create(&profile).await?;
        profiles = workspace.ctx().await?.profiles().list().await?;
    }
    if blueprint.teams.is_some() {
        for (number, name) in
            ["Zurich", "Berlin", "Inside sales", "Newcomers"].iter().enumerate()
        {
            let profile =
                profiles.get(number % profiles.len().max(1)).map(|one| one.profile.id.into());
            let team = TeamChange {
                name: Some((*name).to_owned()),
                profile: profile.map(Some),
                ..TeamChange::default()
            };
            layers.teams.push(workspace.ctx().await?.teams().create(&team).await?.team.id);
        }
    }
    if let Some(rules) = &blueprint.custom_roles {
        let role = RoleChange {
            name: Some("Analyst".to_owned()),
            description: Some("Reads a lot, changes little".to_owned()),
            grants: Some(analyst(blueprint, rules)),
            matrix: None,
        };
        layers.analyst = Some(workspace.ctx().await?.roles().create(&role).await?.id);
    }
    Ok(layers)
}

async fn department(
    workspace: &DemoWorkspace<'_>,
    name: &str,
    parent: Option<DepartmentId>,
) -> Result<DepartmentId, Error> {
    let department = DepartmentChange {
        name: Some(name.to_owned()),
        parent: Some(parent.map(DepartmentRef::from)),
        manager: None,
    };
    Ok(workspace.ctx().await?.departments().create(&department).await?.department.id)
}

fn records(blueprint: &Blueprint) -> impl Iterator<Item = &Resource> {
    blueprint.resources.iter().filter(|resource| resource.kind == ResourceKind::Records)
}

fn read_action(resource: &Resource) -> Option<&str> {
    resource
        .read
        .and_then(|index| resource.actions.get(index))
        .map(|action| action.key.as_str())
}

fn trainees(blueprint: &Blueprint) -> Map<String, Value> {
    let read = |resource: &Resource| {
        Some((resource.key.clone(), json!({read_action(resource)?: "team"})))
    };
    records(blueprint).filter_map(read).collect()
}

fn analyst(blueprint: &Blueprint, rules: &CustomRoles) -> Vec<String> {
    let widest =
        [Scope::Team, Scope::All].into_iter().find(|scope| rules.scopes.contains(scope));
    let widest = widest.unwrap_or(Scope::Own).word();
    let includes = |list: &Option<Vec<String>>, key: &str| {
        list.as_ref().is_none_or(|known| known.iter().any(|one| one == key))
    };
    let mut grants = Vec::new();
    for resource in records(blueprint).filter(|one| includes(&rules.resources, &one.key)) {
        let key = &resource.key;
        if let Some(read) = read_action(resource).filter(|read| includes(&rules.actions, read))
        {
            grants.push(format!("{key}:{read}:{widest}"));
        }
        if resource.action("update").is_some()
            && includes(&rules.actions, "update")
            && rules.scopes.contains(&Scope::Own)
        {
            grants.push(format!("{key}:update:own"));
        }
    }
    grants
}

/// The access that a member is given once all members exist; nothing for the top role.
pub(super) fn access(
    blueprint: &Blueprint,
    layers: &Layers,
    members: &[MemberId],
    person: usize,
) -> Option<MemberChange> {
    let role = people::role(blueprint, person).filter(|role| !role.is_top)?;
    let mut access = AccessChange::default();
    let custom = layers.analyst.as_ref().filter(|_| person == ANALYST);
    access.role = custom.map(|role| role.as_str().into());
    let of_custom = blueprint.custom_roles.as_ref().filter(|_| custom.is_some());
    if of_custom.map_or(role.has_levels, |rules| rules.has_levels) {
        if person == CUSTOM_LEVELS {
            access.levels = Some(alternating_levels(blueprint));
        } else {
            // A preset that only reads is not offered on a role that does more.
            let only_reads = custom.is_none() && role.grants.is_empty();
            let presets = blueprint.presets.iter();
            let presets: Vec<_> =
                presets.filter(|one| only_reads || !blueprint.only_reads(one)).collect();
            access.preset = cycle(&presets, person).map(|preset| preset.key.clone());
        }
    }
    if blueprint.visibility.is_some() && person > 3 {
        access.visibility = cycle(&Visibility::EVERY, person).copied();
    }
    access.department = cycle(&layers.departments, person).map(|id| Some((*id).into()));
    if let Some(team) = cycle(&layers.teams, person) {
        let second = cycle(&layers.teams, person + 1).filter(|_| person.is_multiple_of(4));
        access.teams =
            Some([Some(team), second].into_iter().flatten().map(|id| (*id).into()).collect());
    }
    if blueprint.has_managers && person > 3 {
        let leads: Vec<MemberId> = (1..4)
            .filter(|lead| people::role(blueprint, *lead).is_some_and(|role| role.manages))
            .filter_map(|lead| members.get(lead).copied())
            .collect();
        access.manager = cycle(&leads, person).copied().map(Some);
    }
    Some(MemberChange::from(access))
}

/// Every other resource, at its lowest and its highest level alternately.
fn alternating_levels(blueprint: &Blueprint) -> Vec<(String, String)> {
    let with_ladder = blueprint.resources.iter().filter(|one| !one.ladder.is_empty());
    let level = |(index, resource): (usize, &Resource)| {
        let rung =
            if index % 4 == 0 { resource.ladder.first() } else { resource.ladder.last() };
        Some((resource.key.clone(), rung?.key.clone()))
    };
    with_ladder.enumerate().step_by(2).filter_map(level).collect()
}

fn cycle<T>(items: &[T], number: usize) -> Option<&T> {
    number.checked_rem(items.len()).and_then(|index| items.get(index))
}
