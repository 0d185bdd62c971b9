//! Random worlds for a model: members, teams, departments, roles, profiles and switches.

use crate::model::Model;
use crate::model::Person;
use crate::model::Profile;
use crate::model::ProfileCell;
use crate::model::Resource;
use crate::model::ResourceKind;
use crate::model::Scope;
use crate::model::Team;
use crate::model::VisibilityLevel;
use crate::model::World;
use crate::models::Layers;
use crate::models::permissions;
use crate::rng::Rng;

/// The ceilings of teams, and the scopes of profiles.
pub(crate) const CEILINGS: [Scope; 3] = [Scope::Own, Scope::Team, Scope::All];

const VISIBILITY_LEVELS: [VisibilityLevel; 3] =
    [VisibilityLevel::Own, VisibilityLevel::Department, VisibilityLevel::All];

/// A valid world with a number of people; its profiles include some of the templates.
pub(crate) fn world(
    rng: &mut Rng,
    model: &Model,
    templates: &[Profile],
    people: usize,
) -> World {
    let mut world = World::default();
    for switch in &model.switches {
        if rng.percent(60) {
            world.switches.push((switch.key.clone(), rng.percent(60)));
        }
    }
    if model.entity_actions.is_some() && rng.percent(60) {
        world.entities = rng.at_least_one(&["boats".to_owned(), "cars".to_owned()], 50);
    }
    let resources = model.resources_with(&world.entities);
    if model.custom.is_some() {
        for number in 0..rng.between(0, 3) {
            let grants = role_grants(rng, model, &resources);
            world.roles.push((format!("custom{number}"), grants));
        }
    }
    if model.profiles {
        world.profiles = rng.some(templates, 70);
        for number in 0..rng.between(0, 3) {
            let cells = profile_cells(rng, &resources);
            world.profiles.push(Profile { id: format!("profile{number}"), cells });
        }
    }
    if model.teams {
        for number in 0..rng.between(1, 7) {
            world.teams.push(team(rng, &world, format!("team{number}")));
        }
    }
    if model.departments {
        let count = rng.between(0, 2 + people.min(60) / 2);
        let ids: Vec<String> = (0..count).map(|number| format!("department{number}")).collect();
        world.departments = forest(rng, &ids);
    }
    for number in 0..people {
        let new = person(rng, model, &world, &resources, format!("person{number}"));
        world.people.push(new);
    }
    rng.shuffle(&mut world.people);
    world
}

/// Random grants that a custom role may have.
pub(crate) fn role_grants(
    rng: &mut Rng,
    model: &Model,
    resources: &[Resource],
) -> Vec<crate::model::Permission> {
    let Some(rule) = &model.custom else { return Vec::new() };
    let known = Layers::of(model).scopes();
    let scopes: Vec<Scope> =
        rule.scopes.iter().copied().filter(|scope| known.contains(scope)).collect();
    permissions(rng, resources, &scopes, Some(rule), 5)
}

/// Random cells of a profile, without duplicates.
pub(crate) fn profile_cells(rng: &mut Rng, resources: &[Resource]) -> Vec<ProfileCell> {
    let scoped: Vec<&Resource> = resources.iter().filter(|known| known.scoped).collect();
    let mut cells: Vec<ProfileCell> = Vec::new();
    let far = |rng: &mut Rng| match rng.below(4) {
        0 => None,
        other => Some(CEILINGS[other - 1]),
    };
    for resource in &scoped {
        for action in &resource.actions {
            if rng.percent(50) {
                cells.push((resource.key.clone(), action.clone(), far(rng)));
            }
            let is_new =
                !cells.iter().any(|(row, column, _)| row == "every" && column == action);
            if is_new && resource.kind == ResourceKind::Records && rng.percent(15) {
                cells.push(("every".to_owned(), action.clone(), far(rng)));
            }
        }
    }
    cells
}

/// A random team, with or without a profile.
pub(crate) fn team(rng: &mut Rng, world: &World, id: String) -> Team {
    let carries = !world.profiles.is_empty() && rng.percent(80);
    let profile = carries.then(|| rng.pick(&world.profiles).id.clone());
    let ceiling = if rng.percent(40) { Scope::All } else { *rng.pick(&CEILINGS) };
    Team { id, profile, ceiling }
}

/// A random forest of departments, in any order.
pub(crate) fn forest(rng: &mut Rng, ids: &[String]) -> Vec<(String, Option<String>)> {
    let mut ids = ids.to_vec();
    rng.shuffle(&mut ids);
    let mut forest: Vec<(String, Option<String>)> = Vec::new();
    for id in ids {
        let has_parent = !forest.is_empty() && rng.percent(70);
        let parent = has_parent.then(|| rng.pick(&forest).0.clone());
        forest.push((id, parent));
    }
    rng.shuffle(&mut forest);
    forest
}

/// A random person, assigned to someone in the world or to no one.
pub(crate) fn person(
    rng: &mut Rng,
    model: &Model,
    world: &World,
    resources: &[Resource],
    id: String,
) -> Person {
    let mut roles: Vec<&String> = model.roles.iter().map(|role| &role.key).collect();
    roles.extend(world.roles.iter().map(|(id, _)| id));
    roles.extend(world.roles.iter().map(|(id, _)| id));
    let in_many = rng.percent(10);
    let teams: Vec<String> = world.teams.iter().map(|team| team.id.clone()).collect();
    let mut teams = rng.some(&teams, if in_many { 95 } else { 30 });
    rng.shuffle(&mut teams);
    let in_department = !world.departments.is_empty() && rng.percent(75);
    let is_assigned = model.managers && !world.people.is_empty() && rng.percent(60);
    let mut levels = Vec::new();
    for resource in resources.iter().filter(|resource| !resource.ladder.is_empty()) {
        if rng.percent(60) {
            let number = rng.below(resource.ladder.len() + 1);
            let level = resource.ladder.get(number).map_or("none", |known| &known.level);
            levels.push((resource.key.clone(), level.to_owned()));
        }
    }
    rng.shuffle(&mut levels);
    Person {
        id,
        role: (*rng.pick(&roles)).clone(),
        active: rng.percent(88),
        teams,
        department: in_department.then(|| rng.pick(&world.departments).0.clone()),
        manager: is_assigned.then(|| rng.pick(&world.people).id.clone()),
        sight: if model.visibility {
            *rng.pick(&VISIBILITY_LEVELS)
        } else {
            VisibilityLevel::Own
        },
        levels,
        billing: model.billing.is_some() && rng.percent(20),
    }
}
