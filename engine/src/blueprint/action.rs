//! The actions of a resource: their keys, and the names that people see.

use super::log::Located;
use super::section::Section;
use crate::grant::{ResourceKind, is_key};

/// One action on a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// The key in permission strings.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// Whether the blueprint marks it as for an application of one's own: the server has no use case
    /// for it, and answers questions about it.
    pub is_own_app: bool,
}

impl Action {
    fn new(key: &str, name: String) -> Action {
        Action { key: key.to_owned(), name, is_own_app: false }
    }
}

/// Turns a key into a name: `help_center` into "Help center".
pub(crate) fn title(key: &str) -> String {
    let words = key.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Reads the list `actions`, each entry a key or a key with a name: `"close = Close deal"`.
pub(crate) fn read_actions(section: &Section<'_>, kind: ResourceKind) -> Vec<Action> {
    let default: &[&str] = match kind {
        ResourceKind::Records => &["create", "read", "update", "delete"],
        ResourceKind::Modules | ResourceKind::Settings => &["read", "update"],
    };
    let Some(entries) = section.texts("actions") else {
        let actions = default.iter();
        return actions.map(|key| Action::new(key, title(key))).collect();
    };
    let mut actions: Vec<Action> = Vec::new();
    for entry in entries {
        let (key, name) = entry.value.split_once('=').map_or_else(
            || (entry.value.as_str(), title(&entry.value)),
            |(key, name)| (key.trim(), name.trim().to_owned()),
        );
        if !is_key(key) {
            let message = format!("invalid action `{}`", key.escape_debug());
            let hint = "write a key such as `reply`, or a key with a name: `reply = Answer`";
            section.log.add(entry.at, message, Some(hint.to_owned()));
        } else if actions.iter().any(|known| known.key == key) {
            section.log.add(entry.at, format!("duplicate action `{key}`"), None);
        } else {
            actions.push(Action::new(key, name));
        }
    }
    actions
}

/// Finds the position of an action, and reports an unknown one.
pub(crate) fn find_action(
    section: &Section<'_>,
    key: &Located<String>,
    actions: &[Action],
) -> Option<usize> {
    let found = actions.iter().position(|action| action.key == key.value);
    if found.is_none() {
        let message =
            format!("unknown action `{}` of `{}`", key.value.escape_debug(), section.path);
        let known = actions.iter().map(|action| action.key.as_str());
        section.log.add_misspelt(key.at, message, &key.value, known);
    }
    found
}
