//! The rules for the roles that a workspace creates.

use super::grants::Context;
use super::log::Located;
use super::rank::{RankRules, read_rank};
use super::section::Section;
use super::visibility::{VisibilityMode, read_visibility_mode, visibility_words};
use crate::scope::{Scope, Visibility};

/// The rules for the roles that a workspace creates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRoles {
    /// Their rank among the built-in roles.
    pub rank: u32,
    /// Keys of the resources that they may grant on; `None` for every resource.
    pub resources: Option<Vec<String>>,
    /// Keys of the actions that they may grant; `None` for every action.
    pub actions: Option<Vec<String>>,
    /// The scopes that their grants may have: by default own and all.
    pub scopes: Vec<Scope>,
    /// How the member's visibility affects what they let the member read.
    pub visibility: VisibilityMode,
    /// The visibility that a member gets with such a role.
    pub start_visibility: Visibility,
    /// Whether the levels of a holder add to the role.
    pub has_levels: bool,
    /// Whether members may be assigned to its holders.
    pub manages: bool,
    /// Roles whose holders may assign one, by key.
    pub given_by: Vec<String>,
    /// Roles whose holders may change, deactivate or remove a holder of one, by key.
    pub touched_by: Vec<String>,
}

/// Reads the rules. The rank rules are returned separately: resolving them takes every role.
pub(crate) fn read_custom(
    section: Section<'_>,
    context: &Context<'_>,
) -> (CustomRoles, RankRules) {
    let rules = CustomRoles {
        rank: read_rank(&section),
        resources: read_resources(&section, context),
        actions: read_actions(&section, context),
        scopes: read_scopes(&section, context),
        visibility: read_visibility_mode(&section, context.layers),
        start_visibility: section
            .word("start_visibility", &visibility_words(), Visibility::parse)
            .unwrap_or_default(),
        has_levels: section.flag("levels").unwrap_or(false),
        manages: section.flag("manages").unwrap_or(false),
        given_by: Vec::new(),
        touched_by: Vec::new(),
    };
    let rank_rules = RankRules::read(&section);
    section.finish();
    (rules, rank_rules)
}

fn read_resources(section: &Section<'_>, context: &Context<'_>) -> Option<Vec<String>> {
    let keys: Vec<&str> = context.resources.iter().map(|known| known.key.as_str()).collect();
    read_known(section, "resources", "resource", &keys)
}

fn read_actions(section: &Section<'_>, context: &Context<'_>) -> Option<Vec<String>> {
    let actions = context.resources.iter().flat_map(|resource| &resource.actions);
    let mut keys: Vec<&str> = actions.map(|action| action.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    read_known(section, "actions", "action", &keys)
}

fn read_known(
    section: &Section<'_>,
    key: &'static str,
    noun: &str,
    known: &[&str],
) -> Option<Vec<String>> {
    let words = section.texts(key)?;
    for word in words.iter().filter(|word| !known.contains(&word.value.as_str())) {
        section.unknown(word, noun, known);
    }
    Some(words.into_iter().map(|word| word.value).collect())
}

fn read_scopes(section: &Section<'_>, context: &Context<'_>) -> Vec<Scope> {
    let known = Scope::EVERY.map(Scope::word);
    let Some(words) = section.texts("scopes") else { return vec![Scope::Own, Scope::All] };
    let read = |word: &Located<String>| {
        let scope = Scope::parse(&word.value);
        if scope.is_none() {
            section.unknown(word, "scope", &known);
        }
        if let Some(error) = scope.and_then(|scope| context.layers.check_scope(scope)) {
            section.log.add(word.at, error.message, error.hint);
        }
        scope
    };
    words.iter().filter_map(read).collect()
}
