//! What the people of the demo are given: whatever the access model has.

use hallpass_app::Error;
use hallpass_app::department::DepartmentChange;
use hallpass_app::member::MemberChange;
use hallpass_app::profile::ProfileChange;
use hallpass_app::role::RoleChange;
use hallpass_app::team::TeamChange;
use hallpass_domain::id::{DepartmentId, MemberId, TeamId};
use hallpass_domain::member::MemberAccessChange;
use hallpass_engine::{
    Blueprint, CustomRoles, Holders, Resource, ResourceKind, Role, Scope, Visibility,
};
use serde_json::{Map, Value, json};

use super::crew::Place;

/// Which of the people holds a role that the workspace made, has levels of their own, is inactive
/// and has gone, where the access model knows of that.
pub(super) const ANALYST: usize = 9;
const BY_HAND: usize = 8;
pub(super) const INACTIVE: usize = 10;
pub(super) const GONE: usize = 11;

/// What people can be put into.
pub(super) struct Layers {
    departments: Vec<DepartmentId>,
    teams: Vec<TeamId>,
    analyst: Option<String>,
}

/// Makes departments, profiles, teams and a role.
pub(super) async fn layers(place: &Place<'_>) -> Result<Layers, Error> {
    let blueprint = &place.blueprint;
    let mut layers = Layers { departments: Vec::new(), teams: Vec::new(), analyst: None };
    if blueprint.departments.is_some() {
        let sales = department(place, "Sales", None).await?;
        for name in ["Sales North", "Sales South"] {
            layers.departments.push(department(place, name, Some(sales)).await?);
        }
        layers.departments.push(department(place, "Service", None).await?);
    }
    let mut profiles = Vec::new();
    if blueprint.profiles.is_some() {
        let made = ProfileChange {
            name: Some("Trainees".to_owned()),
            description: Some("See what their team works on".to_owned()),
            grants: Some(trainees(blueprint)),
        };
        place.enter().await?.create_profile(&made).await?;
        profiles = place.enter().await?.list_profiles().await?;
    }
    if blueprint.teams.is_some() {
        for (number, name) in
            ["Zurich", "Berlin", "Inside sales", "Newcomers"].iter().enumerate()
        {
            let profile = profiles.get(number % profiles.len().max(1)).map(|one| one.id);
            let ask = TeamChange {
                name: Some((*name).to_owned()),
                profile: profile.map(Some),
                ..TeamChange::default()
            };
            layers.teams.push(place.enter().await?.create_team(&ask).await?.id);
        }
    }
    if let Some(rules) = &blueprint.custom_roles {
        let ask = RoleChange {
            name: Some("Analyst".to_owned()),
            description: Some("Reads a lot, changes little".to_owned()),
            grants: Some(analyst(blueprint, rules)),
            matrix: None,
        };
        layers.analyst = Some(place.enter().await?.create_role(&ask).await?.id.to_string());
    }
    Ok(layers)
}

async fn department(
    place: &Place<'_>,
    name: &str,
    parent: Option<DepartmentId>,
) -> Result<DepartmentId, Error> {
    let ask =
        DepartmentChange { name: Some(name.to_owned()), parent: Some(parent), manager: None };
    Ok(place.enter().await?.create_department(&ask).await?.id)
}

fn records(blueprint: &Blueprint) -> impl Iterator<Item = &Resource> {
    blueprint.resources.iter().filter(|resource| resource.kind == ResourceKind::Records)
}

fn reading(resource: &Resource) -> Option<&str> {
    resource
        .read
        .and_then(|place| resource.actions.get(place))
        .map(|action| action.key.as_str())
}

fn trainees(blueprint: &Blueprint) -> Map<String, Value> {
    let read =
        |resource: &Resource| Some((resource.key.clone(), json!({reading(resource)?: "team"})));
    records(blueprint).filter_map(read).collect()
}

fn analyst(blueprint: &Blueprint, rules: &CustomRoles) -> Vec<String> {
    let wide = [Scope::Team, Scope::All].into_iter().find(|scope| rules.scopes.contains(scope));
    let wide = wide.unwrap_or(Scope::Own).word();
    let knows = |list: &Option<Vec<String>>, key: &str| {
        list.as_ref().is_none_or(|known| known.iter().any(|one| one == key))
    };
    let mut grants = Vec::new();
    for resource in records(blueprint).filter(|one| knows(&rules.resources, &one.key)) {
        let key = &resource.key;
        if let Some(read) = reading(resource).filter(|read| knows(&rules.actions, read)) {
            grants.push(format!("{key}:{read}:{wide}"));
        }
        if resource.action("update").is_some()
            && knows(&rules.actions, "update")
            && rules.scopes.contains(&Scope::Own)
        {
            grants.push(format!("{key}:update:own"));
        }
    }
    grants
}

/// The role with which somebody comes: the first come as the higher ones, the others as the lowest.
pub(super) fn role(blueprint: &Blueprint, person: usize) -> Option<&Role> {
    let given: Vec<&Role> =
        blueprint.roles.iter().filter(|role| role.holders == Holders::Many).collect();
    given.get(person.wrapping_sub(1)).or(given.last()).copied()
}

/// What somebody is given once all are there; nothing for those who hold everything.
pub(super) fn access(
    blueprint: &Blueprint,
    layers: &Layers,
    members: &[MemberId],
    person: usize,
) -> Option<MemberChange> {
    let role = role(blueprint, person).filter(|role| !role.is_top)?;
    let mut access = MemberAccessChange::default();
    let custom = layers.analyst.as_ref().filter(|_| person == ANALYST);
    access.role = custom.cloned();
    let of_custom = blueprint.custom_roles.as_ref().filter(|_| custom.is_some());
    if of_custom.map_or(role.has_levels, |rules| rules.has_levels) {
        if person == BY_HAND {
            access.levels = Some(by_hand(blueprint));
        } else if let Some(preset) = around(&blueprint.presets, person) {
            access.preset = Some(preset.key.clone());
        }
    }
    if blueprint.visibility.is_some() && person > 3 {
        access.visibility = around(&Visibility::EVERY, person).copied();
    }
    access.department = around(&layers.departments, person).copied().map(Some);
    if let Some(team) = around(&layers.teams, person) {
        let second = around(&layers.teams, person + 1).filter(|_| person.is_multiple_of(4));
        access.teams = Some([Some(team), second].into_iter().flatten().copied().collect());
    }
    if blueprint.has_managers && person > 3 {
        let leads: Vec<MemberId> = (1..4)
            .filter(|lead| self::role(blueprint, *lead).is_some_and(|role| role.manages))
            .filter_map(|lead| members.get(lead).copied())
            .collect();
        access.manager = around(&leads, person).copied().map(Some);
    }
    Some(MemberChange { access, landing: None })
}

/// Every other resource, at its lowest level and its highest by turns.
fn by_hand(blueprint: &Blueprint) -> Vec<(String, String)> {
    let with_ladder = blueprint.resources.iter().filter(|one| !one.ladder.is_empty());
    let level = |(place, resource): (usize, &Resource)| {
        let rung =
            if place % 4 == 0 { resource.ladder.first() } else { resource.ladder.last() };
        Some((resource.key.clone(), rung?.key.clone()))
    };
    with_ladder.enumerate().step_by(2).filter_map(level).collect()
}

fn around<T>(of: &[T], number: usize) -> Option<&T> {
    number.checked_rem(of.len()).and_then(|place| of.get(place))
}
