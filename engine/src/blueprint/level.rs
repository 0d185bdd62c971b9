//! The ladder of a resource: levels of access, each of which includes those below it.

use super::action::{Action, find_action, title};
use super::layers::Layers;
use super::section::Section;
use crate::grant::ResourceKind;
use crate::scope::Scope;

/// The most levels in a ladder; a member's level takes one byte.
const MOST_LEVELS: usize = 100;

/// A level of access to a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The key in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// Positions of the actions that this level adds to those of the levels below it.
    pub actions: Vec<usize>,
    /// The scope of the actions that it adds.
    pub scope: Scope,
}

pub(crate) fn read_ladder(
    section: &Section<'_>,
    actions: &[Action],
    kind: ResourceKind,
    layers: Layers,
) -> Vec<Level> {
    let rows = section.rows("ladder");
    if rows.len() > MOST_LEVELS {
        let message = format!("`{}.ladder` has {} levels", section.path, rows.len());
        section.log.add(section.at, message, Some(format!("the limit is {MOST_LEVELS}")));
    }
    let mut ladder: Vec<Level> = Vec::new();
    for row in rows.into_iter().take(MOST_LEVELS) {
        let key = row.required_key("level");
        if key.value == "none" {
            let hint = "it is the level without access, below every ladder".to_owned();
            row.log.add(key.at, "the level `none` is reserved".to_owned(), Some(hint));
        } else if ladder.iter().any(|level| level.key == key.value) {
            row.log.add(key.at, format!("duplicate level `{}`", key.value), None);
        }
        let keys = row.texts("actions").unwrap_or_default();
        ladder.push(Level {
            name: row.text_or("name", &title(&key.value)),
            actions: keys.iter().filter_map(|key| find_action(section, key, actions)).collect(),
            scope: read_scope(&row, kind, layers),
            key: key.value,
        });
        row.finish();
    }
    ladder
}

fn read_scope(row: &Section<'_>, kind: ResourceKind, layers: Layers) -> Scope {
    let words = Scope::EVERY.map(Scope::word);
    let scope = row.word("scope", &words, Scope::parse).unwrap_or(Scope::All);
    if let Some(error) = layers.check_scope(scope) {
        row.log.add(row.at, error.message, error.hint);
    }
    if scope != Scope::All && kind != ResourceKind::Records {
        let message = format!("the scope `{scope}` needs records with owners");
        row.log.add(row.at, message, Some("use the scope `all`".to_owned()));
    }
    scope
}
