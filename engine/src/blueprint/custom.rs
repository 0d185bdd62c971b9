//! The rules for roles that a workspace makes.

use super::grants::{Context, unused_layer};
use super::log::Spot;
use super::read::Section;
use super::role::{VisibilityMode, read_rank, read_visibility_mode};
use crate::scope::{Scope, Visibility};

/// The rules for roles that a workspace makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRoles {
    /// Where they stand among the built-in ones.
    pub rank: u32,
    /// Resources that they may grant on; all when not said.
    pub resources: Option<Vec<String>>,
    /// Actions that they may grant; all when not said.
    pub actions: Option<Vec<String>>,
    /// Scopes that they may use; own and all when not said.
    pub scopes: Vec<Scope>,
    /// How the member's visibility treats what they let read.
    pub visibility: VisibilityMode,
    /// The visibility that a member starts with who gets such a role.
    pub start_visibility: Visibility,
    /// Whether the member's own levels add to them.
    pub has_levels: bool,
    /// Whether members may be assigned to their holders.
    pub manages: bool,
    /// Roles whose holders may give one.
    pub given_by: Vec<String>,
    /// Roles whose holders may change, deactivate or remove a holder of one.
    pub touched_by: Vec<String>,
}

/// The roles of a rank rule as written.
type Rules = Option<Vec<Spot<String>>>;

/// Reads the rules, and the rank rules beside them, which need to know every role.
pub(crate) fn read_custom(
    section: Section<'_>,
    context: &Context<'_>,
) -> (CustomRoles, Rules, Rules) {
    let levels = Visibility::EVERY.map(|level| level.scope().word());
    let rules = CustomRoles {
        rank: read_rank(&section),
        resources: read_resources(&section, context),
        actions: read_actions(&section, context),
        scopes: read_scopes(&section, context),
        visibility: read_visibility_mode(&section, context),
        start_visibility: section
            .word("start_visibility", &levels, Visibility::parse)
            .unwrap_or_default(),
        has_levels: section.flag("levels").unwrap_or(false),
        manages: section.flag("manages").unwrap_or(false),
        given_by: Vec::new(),
        touched_by: Vec::new(),
    };
    let given_by = section.texts("given_by");
    let touched_by = section.texts("touched_by");
    section.finish();
    (rules, given_by, touched_by)
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
    let spots = section.texts(key)?;
    for spot in spots.iter().filter(|spot| !known.contains(&spot.value.as_str())) {
        section.unknown(spot, noun, known);
    }
    Some(spots.into_iter().map(|spot| spot.value).collect())
}

fn read_scopes(section: &Section<'_>, context: &Context<'_>) -> Vec<Scope> {
    let words = Scope::EVERY.map(Scope::word);
    let Some(spots) = section.texts("scopes") else { return vec![Scope::Own, Scope::All] };
    let known = spots.iter().filter_map(|spot| {
        let scope = Scope::parse(&spot.value);
        if scope.is_none() {
            section.unknown(spot, "scope", &words);
        }
        if let Some(objection) = scope.and_then(|scope| unused_layer(scope, context.layers)) {
            section.log.mistake(spot.at, objection.message, objection.hint);
        }
        scope
    });
    known.collect()
}
