//! Random edits of a world, as a change for the engine and as the resulting world.

use hallpass_engine::Change;

use crate::model::Model;
use crate::model::Permission;
use crate::model::Person;
use crate::model::Profile;
use crate::model::Resource;
use crate::model::Scope;
use crate::model::Team;
use crate::model::World;
use crate::render;
use crate::rng::Rng;
use crate::worlds::forest;
use crate::worlds::person;
use crate::worlds::profile_cells;
use crate::worlds::role_grants;
use crate::worlds::team;

/// One edit.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    PutPerson(Person),
    RemovePerson(String),
    PutRole((String, Vec<Permission>)),
    RemoveRole(String),
    PutProfile(Profile),
    RemoveProfile(String),
    PutTeam(Team),
    RemoveTeam(String),
    SetDepartments(Vec<(String, Option<String>)>),
    SetSwitch(String, bool),
}

impl Edit {
    pub(crate) fn as_change(&self) -> Change {
        match self {
            Edit::PutPerson(person) => Change::PutMember(render::member(person)),
            Edit::RemovePerson(id) => Change::RemoveMember(id.clone()),
            Edit::PutRole(role) => Change::PutRole(render::role(role)),
            Edit::RemoveRole(id) => Change::RemoveRole(id.clone()),
            Edit::PutProfile(profile) => Change::PutProfile(render::profile(profile)),
            Edit::RemoveProfile(id) => Change::RemoveProfile(id.clone()),
            Edit::PutTeam(team) => Change::PutTeam(render::team(team)),
            Edit::RemoveTeam(id) => Change::RemoveTeam(id.clone()),
            Edit::SetDepartments(forest) => {
                Change::SetDepartments(forest.iter().map(render::department).collect())
            }
            Edit::SetSwitch(key, on) => Change::SetSwitch(key.clone(), *on),
        }
    }

    /// The world after the edit; `None` when it removes what does not exist. The world may still be
    /// invalid, which compiling it shows.
    pub(crate) fn of_world(&self, world: &World) -> Option<World> {
        let mut world = world.clone();
        let is_applied = match self {
            Edit::PutPerson(person) => put(&mut world.people, person, |one| &one.id),
            Edit::RemovePerson(id) => remove(&mut world.people, id, |one| &one.id),
            Edit::PutRole(role) => put(&mut world.roles, role, |one| &one.0),
            Edit::RemoveRole(id) => remove(&mut world.roles, id, |one| &one.0),
            Edit::PutProfile(profile) => put(&mut world.profiles, profile, |one| &one.id),
            Edit::RemoveProfile(id) => remove(&mut world.profiles, id, |one| &one.id),
            Edit::PutTeam(team) => put(&mut world.teams, team, |one| &one.id),
            Edit::RemoveTeam(id) => remove(&mut world.teams, id, |one| &one.id),
            Edit::SetDepartments(forest) => {
                world.departments.clone_from(forest);
                true
            }
            Edit::SetSwitch(key, on) => {
                put(&mut world.switches, &(key.clone(), *on), |one| &one.0)
            }
        };
        is_applied.then_some(world)
    }
}

fn put<T: Clone>(list: &mut Vec<T>, entry: &T, id: impl Fn(&T) -> &String) -> bool {
    match list.iter_mut().find(|known| id(known) == id(entry)) {
        Some(place) => *place = entry.clone(),
        None => list.push(entry.clone()),
    }
    true
}

fn remove<T>(list: &mut Vec<T>, removed: &str, id: impl Fn(&T) -> &String) -> bool {
    let before = list.len();
    list.retain(|known| id(known) != removed);
    list.len() < before
}

/// A random edit; about a third are invalid.
pub(crate) fn edit(rng: &mut Rng, model: &Model, world: &World) -> Edit {
    let resources = model.resources_with(&world.entities);
    match rng.below(22) {
        0..7 => Edit::PutPerson(edited_person(rng, model, world, &resources)),
        7..10 => Edit::RemovePerson(id_of(rng, world.people.iter().map(|one| &one.id))),
        10 | 11 => Edit::PutRole(edited_role(rng, model, world, &resources)),
        12 => Edit::RemoveRole(id_of(rng, roles(model, world))),
        13 | 14 => Edit::PutProfile(edited_profile(rng, world, &resources)),
        15 => Edit::RemoveProfile(id_of(rng, world.profiles.iter().map(|one| &one.id))),
        16 | 17 => Edit::PutTeam(edited_team(rng, world)),
        18 => Edit::RemoveTeam(id_of(rng, world.teams.iter().map(|one| &one.id))),
        19 | 20 => Edit::SetDepartments(edited_departments(rng, world)),
        _ => {
            let key = id_of(rng, model.switches.iter().map(|one| &one.key));
            Edit::SetSwitch(key, rng.percent(50))
        }
    }
}

fn roles<'w>(model: &'w Model, world: &'w World) -> impl Iterator<Item = &'w String> {
    let built_in = model.roles.iter().take(1).map(|role| &role.key);
    built_in.chain(world.roles.iter().map(|(id, _)| id))
}

/// A known id, or sometimes an unknown one.
fn id_of<'w>(rng: &mut Rng, known: impl Iterator<Item = &'w String>) -> String {
    let known: Vec<&String> = known.collect();
    let number = rng.below(9);
    if known.is_empty() || rng.percent(8) {
        return format!("unknown{number}");
    }
    (*rng.pick(&known)).clone()
}

/// A known id, or a new one.
fn new_id<'w>(rng: &mut Rng, known: impl Iterator<Item = &'w String>, word: &str) -> String {
    let known: Vec<&String> = known.collect();
    if known.is_empty() || rng.percent(35) {
        return format!("{word}{}", rng.below(14));
    }
    (*rng.pick(&known)).clone()
}

fn edited_person(
    rng: &mut Rng,
    model: &Model,
    world: &World,
    resources: &[Resource],
) -> Person {
    let id = new_id(rng, world.people.iter().map(|one| &one.id), "person");
    let fresh = person(rng, model, world, resources, id);
    let before = world.people.iter().find(|one| one.id == fresh.id);
    let Some(mut edited) = before.cloned().filter(|_| rng.percent(70)) else {
        return with_invalid_value(rng, fresh);
    };
    match rng.below(8) {
        0 => edited.role = fresh.role,
        1 => edited.active = !edited.active,
        2 => edited.teams = fresh.teams,
        3 => edited.department = fresh.department,
        4 => edited.manager = fresh.manager,
        5 => edited.sight = fresh.sight,
        6 => edited.levels = fresh.levels,
        _ => edited.billing = fresh.billing,
    }
    with_invalid_value(rng, edited)
}

/// Sometimes sets an unknown id or key.
fn with_invalid_value(rng: &mut Rng, mut person: Person) -> Person {
    match rng.below(60) {
        0 => "no role".clone_into(&mut person.role),
        1 => person.teams.push("no team".to_owned()),
        2 => person.department = Some("no department".to_owned()),
        3 => person.manager = Some("unowned".to_owned()),
        4 => person.manager = Some(person.id.clone()),
        5 => person.levels.push(("nothing".to_owned(), "level0".to_owned())),
        6 => person.teams.extend(person.teams.clone()),
        _ => {}
    }
    person
}

fn edited_role(
    rng: &mut Rng,
    model: &Model,
    world: &World,
    resources: &[Resource],
) -> (String, Vec<Permission>) {
    let id = if rng.percent(5) {
        model.roles[0].key.clone()
    } else {
        new_id(rng, world.roles.iter().map(|(id, _)| id), "custom")
    };
    let mut grants = role_grants(rng, model, resources);
    if rng.percent(8) {
        grants.push(Permission::of("nothing:read:all"));
    }
    (id, grants)
}

fn edited_profile(rng: &mut Rng, world: &World, resources: &[Resource]) -> Profile {
    let id = new_id(rng, world.profiles.iter().map(|one| &one.id), "profile");
    let mut cells = profile_cells(rng, resources);
    if rng.percent(8) {
        cells.push(("every".to_owned(), "fly".to_owned(), Some(Scope::Own)));
    }
    Profile { id, cells }
}

fn edited_team(rng: &mut Rng, world: &World) -> Team {
    let id = new_id(rng, world.teams.iter().map(|one| &one.id), "team");
    let mut edited = team(rng, world, id);
    if rng.percent(8) {
        edited.profile = Some("no profile".to_owned());
    }
    edited
}

/// Another forest of mostly the same departments, sometimes with a cycle.
fn edited_departments(rng: &mut Rng, world: &World) -> Vec<(String, Option<String>)> {
    let mut ids: Vec<String> = world.departments.iter().map(|(id, _)| id.clone()).collect();
    if rng.percent(25) && !ids.is_empty() {
        ids.swap_remove(rng.below(ids.len()));
    }
    if rng.percent(40) {
        let new = format!("department{}", rng.below(14));
        ids.extend((!ids.contains(&new)).then_some(new));
    }
    let mut forest = forest(rng, &ids);
    if rng.percent(8) && !forest.is_empty() {
        let below = rng.pick(&forest).0.clone();
        let place = rng.below(forest.len());
        forest[place].1 = Some(below);
    }
    forest
}
