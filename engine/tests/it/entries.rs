//! What may happen to a workspace after a change: members enter, and record types are added.

use proptest::prelude::*;

use crate::model::{Model, Person, VisibilityLevel, World};

/// The record type that is added.
pub(crate) const ADDED: &str = "added_later";

/// One later entry, or addition. Numbers select from what there is.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    /// A member with the numbered role joins the teams whose bits are set, and the numbered department,
    /// and is assigned to the numbered member.
    Joins { role: usize, teams: u8, department: usize, manager: usize },
    /// The workspace adds a record type.
    AddsRecordType,
}

/// Some entries, in any order.
pub(crate) fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let joins = (any::<usize>(), any::<u8>(), any::<usize>(), any::<usize>()).prop_map(
        |(role, teams, department, manager)| Entry::Joins { role, teams, department, manager },
    );
    let entry = prop_oneof![4 => joins, 1 => Just(Entry::AddsRecordType)];
    prop::collection::vec(entry, 0..5)
}

/// The id of the newcomer of an entry, by its place.
pub(crate) fn newcomer(place: usize) -> String {
    format!("newcomer{place}")
}

/// The people whom entries bring into a world; the world has what they refer to.
pub(crate) fn joined(model: &Model, world: &World, entries: &[Entry]) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let Entry::Joins { role, teams, department, manager } = entry else { continue };
        let roles: Vec<&String> = model.roles.iter().map(|role| &role.key).collect();
        let numbered = world.teams.iter().enumerate();
        let teams = numbered.filter(|(number, _)| teams >> (number % 8) & 1 == 1);
        let departments = &world.departments;
        let above: Vec<&String> =
            world.people.iter().chain(&people).map(|person| &person.id).collect();
        people.push(Person {
            id: newcomer(place),
            role: roles[role % roles.len()].clone(),
            active: true,
            teams: teams.map(|(_, team)| team.id.clone()).collect(),
            department: departments
                .get(department % (departments.len() + 1))
                .map(|(id, _)| id.clone()),
            manager: (model.managers && !above.is_empty())
                .then(|| above[manager % above.len()].clone()),
            sight: VisibilityLevel::Own,
            levels: Vec::new(),
            billing: false,
        });
    }
    people
}

/// A world after entries, with the people whom they bring in. Inactive members are active again.
pub(crate) fn after(
    model: &Model,
    world: &World,
    entries: &[Entry],
    joined: &[Person],
) -> World {
    let mut world = world.clone();
    world.people.iter_mut().for_each(|person| person.active = true);
    world.people.extend(joined.iter().cloned());
    let is_added = entries.iter().any(|entry| matches!(entry, Entry::AddsRecordType));
    if is_added && model.entity_actions.is_some() {
        world.entities.push(ADDED.to_owned());
    }
    world
}
