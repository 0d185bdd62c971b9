//! Words of sentences: verb phrases, scopes and relations.

use crate::relations::Relations;
use crate::scope::{Scope, Scopes};

/// Joins the names of an action and a resource. Some names are phrases already, as in the action
/// "Send broadcasts" or the resource "Delete organization", and need another form.
pub(super) fn verb_phrase(
    action: &str,
    resource: &str,
    mut actions: impl Iterator<Item = String>,
) -> String {
    let first = resource.split(' ').next().unwrap_or_default();
    if first == action {
        return resource.to_owned();
    }
    if action.contains(' ') && action.split(' ').any(|word| word == resource) {
        return action.to_owned();
    }
    if action.contains(' ') || actions.any(|action| action == first) {
        return format!("{action} in {resource}");
    }
    format!("{action} {resource}")
}

/// Lowers the first letter, except in words such as "AI" and "API" and in titles such as "Help Center".
pub(super) fn uncapitalized(name: &str) -> String {
    let mut letters = name.chars();
    let Some(first) = letters.next() else { return String::new() };
    let is_title = name.split(' ').skip(1).any(|word| word.starts_with(char::is_uppercase));
    if is_title || letters.clone().next().is_some_and(char::is_uppercase) {
        return name.to_owned();
    }
    first.to_lowercase().chain(letters).collect()
}

pub(super) fn scopes_in_words(scopes: Scopes) -> String {
    if scopes.contains(Scope::All) {
        return "all records".to_owned();
    }
    let words: Vec<&str> = scopes.iter().map(records_of).collect();
    match words.as_slice() {
        [] => "no records".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

pub(super) fn records_of(scope: Scope) -> &'static str {
    match scope {
        Scope::Own => "own records",
        Scope::Assigned => "records of assigned members",
        Scope::Team => "records of the team",
        Scope::Department => "records of the department",
        Scope::Visible => "the records that visibility allows",
        Scope::Unowned => "records without an owner",
        Scope::All => "all records",
    }
}

/// The things that relations admit: "own deals and those of assigned members".
pub(super) fn relations_in_words(relations: Relations, things: &str) -> String {
    let words = relations.iter().enumerate();
    let words = words.map(|(at, one)| things_of(one, if at == 0 { things } else { "those" }));
    let words: Vec<String> = words.collect();
    match words.as_slice() {
        [] => format!("no {things}"),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The things that one relation admits.
pub(super) fn things_of(relation: Relations, things: &str) -> String {
    match relation {
        Relations::ALL => format!("all {things}"),
        Relations::SELF => format!("own {things}"),
        Relations::ASSIGNED => format!("{things} of assigned members"),
        Relations::TEAM => format!("{things} of the team"),
        Relations::DEPARTMENT => format!("{things} of the department"),
        Relations::ASSIGNED_IN_DEPARTMENT => {
            format!("{things} of assigned members in the department")
        }
        Relations::TEAM_IN_DEPARTMENT => format!("{things} of the team in the department"),
        Relations::UNOWNED => format!("{things} without an owner"),
        _ => things.to_owned(),
    }
}
