//! Roles that the blueprint builds in, the rules for custom ones, and the rank rules among them.

use super::grants::{Context, read_grants, unused_layer};
use super::read::{Section, Spot};
use super::resource::title;
use crate::grant::Grant;
use crate::scope::{Scope, Visibility};

/// How rank rules name the roles that a workspace made.
pub const CUSTOM: &str = "custom";

/// A role that the blueprint builds in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The word in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// A sentence for people, or empty.
    pub description: String,
    /// Higher ranks stand above lower ones.
    pub rank: u32,
    /// Whether this is the top role: a workspace always has an active holder.
    pub is_top: bool,
    /// Whether one or many may hold it.
    pub holders: Holders,
    /// What it grants.
    pub grants: Vec<Grant>,
    /// How the member's visibility treats what the role lets read.
    pub visibility: Treatment,
    /// Whether the member's own levels add to it.
    pub has_levels: bool,
    /// Whether members may be assigned to its holders.
    pub manages: bool,
    /// Roles whose holders may give this one; `custom` stands for roles of the workspace.
    pub given_by: Vec<String>,
    /// Roles whose holders may change, deactivate or remove a holder of this one.
    pub touched_by: Vec<String>,
}

/// How many may hold a role at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holders {
    /// Any number.
    Many,
    /// Exactly one; it changes hands by transfer only.
    One,
}

/// How a member's visibility treats what a role's own grants let read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// Only where a grant says `visible`.
    AsGranted,
    /// As an outer bound of everything that the role lets read.
    Bounds,
}

/// The rules for roles that a workspace makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRoles {
    /// Where they stand among the built-in ones.
    pub rank: u32,
    /// Resources that they may grant on; empty means all.
    pub resources: Vec<String>,
    /// Actions that they may grant; empty means all.
    pub actions: Vec<String>,
    /// Scopes that they may use.
    pub scopes: Vec<Scope>,
    /// How the member's visibility treats what they let read.
    pub visibility: Treatment,
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

struct Read {
    spot: Spot<String>,
    role: Role,
    given_by: Option<Vec<Spot<String>>>,
    touched_by: Option<Vec<Spot<String>>>,
}

/// Reads the built-in roles and the rules for custom ones, and checks the rank rules.
pub(crate) fn read_roles(
    root: &Section<'_>,
    context: &Context<'_>,
) -> (Vec<Role>, Option<CustomRoles>) {
    let mut read: Vec<Read> = root
        .sections("roles")
        .into_iter()
        .map(|(key, section)| read_role(key, section, context))
        .collect();
    let custom = root.section("custom_roles");
    let mut custom = custom.map(|section| read_custom(section, context));
    let mut ranks: Vec<(String, u32)> =
        read.iter().map(|read| (read.role.key.clone(), read.role.rank)).collect();
    ranks.extend(custom.iter().map(|(rules, ..)| (CUSTOM.to_owned(), rules.rank)));
    for read in &mut read {
        let rank = read.role.rank;
        read.role.given_by = rank_rule(root, read.given_by.take(), &ranks, rank);
        read.role.touched_by = rank_rule(root, read.touched_by.take(), &ranks, rank);
    }
    if let Some((rules, given_by, touched_by)) = &mut custom {
        rules.given_by = rank_rule(root, given_by.take(), &ranks, rules.rank);
        rules.touched_by = rank_rule(root, touched_by.take(), &ranks, rules.rank);
    }
    check_top(root, &read);
    (read.into_iter().map(|read| read.role).collect(), custom.map(|(rules, ..)| rules))
}

fn read_role(spot: Spot<String>, section: Section<'_>, context: &Context<'_>) -> Read {
    if spot.value == CUSTOM {
        let message = "`custom` stands for the roles of a workspace".to_owned();
        section.log.mistake(spot.at, message, Some("choose another key".to_owned()));
    }
    let role = Role {
        name: section.text_or("name", &title(&spot.value)),
        description: section.text_or("description", ""),
        rank: read_rank(&section),
        is_top: section.flag("top").unwrap_or(false),
        holders: section.word("holders", &["one", "many"], holders).unwrap_or(Holders::Many),
        grants: read_grants(&section, "grants", context),
        visibility: read_treatment(&section, context),
        has_levels: section.flag("levels").unwrap_or(false),
        manages: section.flag("manages").unwrap_or(false),
        given_by: Vec::new(),
        touched_by: Vec::new(),
        key: spot.value.clone(),
    };
    let given_by = section.texts("given_by");
    let touched_by = section.texts("touched_by");
    section.finish();
    Read { spot, role, given_by, touched_by }
}

fn read_rank(section: &Section<'_>) -> u32 {
    let rank = section.number("rank", 0..1_001);
    if !section.mentions("rank") {
        section.missing("rank");
    }
    rank.unwrap_or(0)
}

fn holders(word: &str) -> Option<Holders> {
    match word {
        "one" => Some(Holders::One),
        "many" => Some(Holders::Many),
        _ => None,
    }
}

fn read_treatment(section: &Section<'_>, context: &Context<'_>) -> Treatment {
    let parse = |word: &str| match word {
        "as_granted" => Some(Treatment::AsGranted),
        "bounds" => Some(Treatment::Bounds),
        _ => None,
    };
    let treatment = section.word("visibility", &["as_granted", "bounds"], parse);
    if treatment == Some(Treatment::Bounds) && !context.layers.visibility {
        let message = format!("visibility cannot bound `{}`: there is none", section.path);
        section.log.mistake(section.at, message, Some("declare `[visibility]`".to_owned()));
    }
    treatment.unwrap_or(Treatment::AsGranted)
}

type Rules = Option<Vec<Spot<String>>>;

fn read_custom(section: Section<'_>, context: &Context<'_>) -> (CustomRoles, Rules, Rules) {
    let words: Vec<&str> = Scope::EVERY.iter().map(|scope| scope.word()).collect();
    let scopes = section.texts("scopes").unwrap_or_default();
    let resources = section.texts("resources").unwrap_or_default();
    let actions = section.texts("actions").unwrap_or_default();
    for spot in &actions {
        let known = || context.resources.iter().flat_map(|resource| &resource.actions);
        if !known().any(|action| action.key == spot.value) {
            let mut keys: Vec<&str> = known().map(|action| action.key.as_str()).collect();
            keys.sort_unstable();
            keys.dedup();
            section.unknown(spot, "action", &keys);
        }
    }
    for spot in &resources {
        if !context.resources.iter().any(|resource| resource.key == spot.value) {
            let keys: Vec<&str> =
                context.resources.iter().map(|known| known.key.as_str()).collect();
            section.unknown(spot, "resource", &keys);
        }
    }
    let known = scopes.iter().filter_map(|spot| {
        let scope = Scope::parse(&spot.value);
        if scope.is_none() {
            section.unknown(spot, "scope", &words);
        }
        if let Some(objection) = scope.and_then(|scope| unused_layer(scope, context.layers)) {
            section.log.mistake(spot.at, objection.message, objection.hint);
        }
        scope
    });
    let known: Vec<Scope> = known.collect();
    let levels: Vec<&str> =
        Visibility::EVERY.iter().map(|level| level.scope().word()).collect();
    let rules = CustomRoles {
        rank: read_rank(&section),
        resources: resources.into_iter().map(|spot| spot.value).collect(),
        actions: actions.into_iter().map(|spot| spot.value).collect(),
        scopes: if known.is_empty() { vec![Scope::Own, Scope::All] } else { known },
        visibility: read_treatment(&section, context),
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

/// The roles of a rank rule; where none is written, those that rank at least as high.
fn rank_rule(
    root: &Section<'_>,
    written: Option<Vec<Spot<String>>>,
    ranks: &[(String, u32)],
    rank: u32,
) -> Vec<String> {
    let Some(written) = written else {
        return ranks
            .iter()
            .filter(|(_, other)| *other >= rank)
            .map(|(key, _)| key.clone())
            .collect();
    };
    for spot in &written {
        if !ranks.iter().any(|(key, _)| *key == spot.value) {
            let message = format!("unknown role `{}`", spot.value.escape_debug());
            let known = ranks.iter().map(|(key, _)| key.as_str());
            root.log.misspelt(spot.at, message, &spot.value, known);
        }
    }
    written.into_iter().map(|spot| spot.value).collect()
}

fn check_top(root: &Section<'_>, roles: &[Read]) {
    let top: Vec<&Read> = roles.iter().filter(|read| read.role.is_top).collect();
    match top.as_slice() {
        [] if roles.is_empty() => root.missing("roles"),
        [] => {
            let at = roles.first().map_or(0, |read| read.spot.at);
            let hint = "write `top = true` in the highest; it always has an active holder";
            root.log.mistake(at, "no role is the top role".to_owned(), Some(hint.to_owned()));
        }
        [_] => {}
        [_, others @ ..] => {
            for read in others {
                let message = format!("`{}` is a second top role", read.spot.value);
                root.log.mistake(read.spot.at, message, Some("leave one".to_owned()));
            }
        }
    }
    for read in roles {
        if read.role.holders == Holders::One && !read.role.is_top {
            let message =
                format!("`{}` has one holder, but is not the top role", read.spot.value);
            root.log.mistake(read.spot.at, message, None);
        }
    }
}
