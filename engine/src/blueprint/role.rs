//! Roles that the blueprint builds in, the rules for custom ones, and the rank rules among them.

use super::custom::{CustomRoles, read_custom};
use super::grants::{Context, read_grants};
use super::log::Spot;
use super::read::Section;
use super::resource::title;
use crate::grant::Grant;

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
    pub visibility: VisibilityMode,
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
pub enum VisibilityMode {
    /// Only where a grant says `visible`.
    AsGranted,
    /// As an outer bound of everything that the role lets read.
    Bounds,
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
        visibility: read_visibility_mode(&section, context),
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

pub(crate) fn read_rank(section: &Section<'_>) -> u32 {
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

pub(crate) fn read_visibility_mode(
    section: &Section<'_>,
    context: &Context<'_>,
) -> VisibilityMode {
    let parse = |word: &str| match word {
        "as_granted" => Some(VisibilityMode::AsGranted),
        "bounds" => Some(VisibilityMode::Bounds),
        _ => None,
    };
    let visibility_mode = section.word("visibility", &["as_granted", "bounds"], parse);
    if visibility_mode == Some(VisibilityMode::Bounds) && !context.layers.visibility {
        let message = format!("visibility cannot bound `{}`: there is none", section.path);
        section.log.mistake(section.at, message, Some("declare `[visibility]`".to_owned()));
    }
    visibility_mode.unwrap_or(VisibilityMode::AsGranted)
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
