//! The optional layers of a blueprint (teams, departments, managers, visibility) and their scopes.

use super::section::Section;
use crate::grant::GrantError;
use crate::scope::{Scope, Sharing};

/// Declares teams: groups of members, each of which may have a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Teams {
    /// The record sharing of a new team.
    pub start_sharing: Sharing,
}

/// Declares departments: a tree that scopes and visibility refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departments {
    /// Whether a department may name a member as its manager.
    pub has_manager: bool,
}

/// The optional layers that a blueprint declares.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layers {
    pub(crate) teams: bool,
    pub(crate) departments: bool,
    pub(crate) managers: bool,
    pub(crate) visibility: bool,
}

impl Layers {
    pub(crate) fn read(root: &Section<'_>) -> Layers {
        Layers {
            teams: root.section("teams").is_some(),
            departments: root.section("departments").is_some(),
            managers: root.section("managers").is_some(),
            visibility: root.section("visibility").is_some(),
        }
    }

    /// Objects to a scope whose layer is not declared.
    pub(crate) fn check_scope(self, scope: Scope) -> Option<GrantError> {
        let (is_declared, table) = match scope {
            Scope::Own | Scope::Unowned | Scope::All => return None,
            Scope::Assigned => (self.managers, "managers"),
            Scope::Team => (self.teams, "teams"),
            Scope::Department => (self.departments, "departments"),
            Scope::Visible => (self.visibility, "visibility"),
        };
        (!is_declared).then(|| GrantError {
            message: format!("the scope `{scope}` needs `[{table}]`"),
            hint: Some(format!("declare `[{table}]`, or choose another scope")),
        })
    }
}

pub(crate) fn read_teams(root: &Section<'_>) -> Option<Teams> {
    let section = root.section("teams")?;
    let words = Sharing::EVERY.map(|sharing| sharing.scope().word());
    let start = section.word("start_sharing", &words, Sharing::parse).unwrap_or_default();
    section.finish();
    Some(Teams { start_sharing: start })
}

pub(crate) fn read_departments(root: &Section<'_>) -> Option<Departments> {
    let section = root.section("departments")?;
    let has_manager = section.flag("manager").unwrap_or(false);
    section.finish();
    Some(Departments { has_manager })
}

/// Whether members may be assigned to managers.
pub(crate) fn read_managers(root: &Section<'_>) -> bool {
    root.section("managers").map(Section::finish).is_some()
}

/// Whether every member who may read a record type sees its unowned records.
pub(crate) fn read_unowned(root: &Section<'_>) -> bool {
    let Some(section) = root.section("unowned") else { return false };
    let visible = section.flag("visible").unwrap_or(false);
    section.finish();
    visible
}
