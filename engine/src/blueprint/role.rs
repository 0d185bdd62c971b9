//! The built-in roles of a blueprint.

use super::action::title;
use super::custom_role::{CustomRoles, read_custom};
use super::grants::{Context, read_grants};
use super::log::Located;
use super::rank::{CUSTOM, RankRules, read_rank};
use super::section::Section;
use super::visibility::{VisibilityMode, read_visibility_mode};
use crate::grant::Grant;

/// A built-in role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The key in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// A sentence about it, or empty.
    pub description: String,
    /// The position in the order of roles: higher ranks are above lower ones.
    pub rank: u32,
    /// Whether this is the top role: a workspace always has an active holder of it.
    pub is_top: bool,
    /// How many members may hold it.
    pub holders: Holders,
    /// What it grants.
    pub grants: Vec<Grant>,
    /// How the member's visibility affects what the role lets them read.
    pub visibility: VisibilityMode,
    /// Whether the levels of a holder add to the role.
    pub has_levels: bool,
    /// Whether members may be assigned to its holders.
    pub manages: bool,
    /// Roles whose holders may assign this one, by key; [`CUSTOM`] means custom roles.
    pub given_by: Vec<String>,
    /// Roles whose holders may change, deactivate or remove a holder of this one, by key.
    pub touched_by: Vec<String>,
}

/// How many members may hold a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holders {
    /// Any number.
    Many,
    /// Exactly one: the role moves only by a transfer.
    One,
}

/// A role with what is checked once all roles are read.
struct Draft {
    at: usize,
    role: Role,
    rank_rules: RankRules,
}

/// Reads the built-in roles and the rules for custom roles, and checks the rank rules.
pub(crate) fn read_roles(
    root: &Section<'_>,
    context: &Context<'_>,
) -> (Vec<Role>, Option<CustomRoles>) {
    let sections = root.sections("roles").into_iter();
    let drafts: Vec<Draft> =
        sections.map(|(key, section)| read_role(key, section, context)).collect();
    let custom = root.section("custom_roles");
    let custom = custom.map(|section| read_custom(section, context));
    let mut ranks: Vec<(String, u32)> =
        drafts.iter().map(|draft| (draft.role.key.clone(), draft.role.rank)).collect();
    ranks.extend(custom.iter().map(|(rules, _)| (CUSTOM.to_owned(), rules.rank)));
    check_top(root, &drafts);
    let roles = drafts.into_iter().map(|draft| {
        let (given_by, touched_by) = draft.rank_rules.resolve(root, &ranks, draft.role.rank);
        Role { given_by, touched_by, ..draft.role }
    });
    let roles = roles.collect();
    let custom = custom.map(|(rules, rank_rules)| {
        let (given_by, touched_by) = rank_rules.resolve(root, &ranks, rules.rank);
        CustomRoles { given_by, touched_by, ..rules }
    });
    (roles, custom)
}

fn read_role(key: Located<String>, section: Section<'_>, context: &Context<'_>) -> Draft {
    if key.value == CUSTOM {
        let message =
            "the role key `custom` is reserved for the roles of workspaces".to_owned();
        section.log.add(key.at, message, Some("choose another key".to_owned()));
    }
    let role = Role {
        name: section.text_or("name", &title(&key.value)),
        description: section.text_or("description", ""),
        rank: read_rank(&section),
        is_top: section.flag("top").unwrap_or(false),
        holders: section.word("holders", &["one", "many"], holders).unwrap_or(Holders::Many),
        grants: read_grants(&section, "grants", context),
        visibility: read_visibility_mode(&section, context.layers),
        has_levels: section.flag("levels").unwrap_or(false),
        manages: section.flag("manages").unwrap_or(false),
        given_by: Vec::new(),
        touched_by: Vec::new(),
        key: key.value,
    };
    let rank_rules = RankRules::read(&section);
    section.finish();
    Draft { at: key.at, role, rank_rules }
}

fn holders(word: &str) -> Option<Holders> {
    match word {
        "one" => Some(Holders::One),
        "many" => Some(Holders::Many),
        _ => None,
    }
}

fn check_top(root: &Section<'_>, drafts: &[Draft]) {
    let top: Vec<&Draft> = drafts.iter().filter(|draft| draft.role.is_top).collect();
    match top.as_slice() {
        [] if drafts.is_empty() => root.missing("roles"),
        [] => {
            let at = drafts.first().map_or(0, |draft| draft.at);
            let hint = "set `top = true` on the role that must always have an active holder";
            root.log.add(at, "no role is the top role".to_owned(), Some(hint.to_owned()));
        }
        [_] => {}
        [first, others @ ..] => {
            for draft in others {
                let message = format!("`{}` is a second top role", draft.role.key);
                let hint = format!("remove `top` here or from `{}`", first.role.key);
                root.log.add(draft.at, message, Some(hint));
            }
        }
    }
    let limited = drafts.iter().filter(|draft| draft.role.holders == Holders::One);
    for draft in limited.filter(|draft| !draft.role.is_top) {
        let message = format!("`{}` has one holder, but is not the top role", draft.role.key);
        let hint = "remove `holders`, or set `top = true`".to_owned();
        root.log.add(draft.at, message, Some(hint));
    }
}
