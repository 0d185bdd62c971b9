//! Words of sentences: verb phrases, scopes and relations.

use crate::relations::Relations;
use crate::scope::{Scope, Scopes};

/// How the names of an action and of its resource make a phrase: some are phrases already, as the action "Send broadcasts" or the
/// resource "Delete organization".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhraseForm {
    /// The name of the resource alone.
    Resource,
    /// The name of the action alone.
    Action,
    /// The action in the resource.
    In,
    /// The action with the resource as its object.
    Object,
}

impl PhraseForm {
    /// The form for the names of an action, of a resource, and of all actions of that resource.
    pub(super) fn of(
        action: &str,
        resource: &str,
        mut actions: impl Iterator<Item = String>,
    ) -> PhraseForm {
        let first = resource.split(' ').next().unwrap_or_default();
        if first == action {
            PhraseForm::Resource
        } else if action.contains(' ') && action.split(' ').any(|word| word == resource) {
            PhraseForm::Action
        } else if action.contains(' ') || actions.any(|action| action == first) {
            PhraseForm::In
        } else {
            PhraseForm::Object
        }
    }
}

/// Joins the names of an action and a resource.
pub(super) fn verb_phrase(
    action: &str,
    resource: &str,
    actions: impl Iterator<Item = String>,
) -> String {
    match PhraseForm::of(action, resource, actions) {
        PhraseForm::Resource => resource.to_owned(),
        PhraseForm::Action => action.to_owned(),
        PhraseForm::In => format!("{action} in {resource}"),
        PhraseForm::Object => format!("{action} {resource}"),
    }
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
