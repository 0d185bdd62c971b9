//! Drafts: what a form gives a member or an invitation, before it is saved.

use std::collections::BTreeSet;

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{
    ReadDepartments, ReadTeams, TransferBilling, UpdateTeams,
};
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::{DepartmentRef, RoleRef, TeamRef};
use hallpass_domain::member::{Member, MemberAccess};
use hallpass_domain::model::guard::has_levels;
use hallpass_engine::{Blueprint, Visibility};

use crate::form::{CHECKED, Form};

/// The value of the preset that stands for levels which no preset has.
pub(crate) const CUSTOM: &str = "custom";

/// The parts of a form that the access model has and that the viewer may change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) levels: bool,
    pub(crate) presets: bool,
    pub(crate) visibility: bool,
    pub(crate) department: bool,
    pub(crate) manager: bool,
    pub(crate) teams: bool,
    pub(crate) contact: bool,
    pub(crate) landing: bool,
    pub(crate) alias: bool,
}

impl Parts {
    /// The parts of the access of a member.
    pub(crate) fn of(ctx: &WorkspaceContext) -> Parts {
        let blueprint = ctx.model().blueprint();
        Parts {
            levels: ctx.policy().resources().iter().any(|one| !one.ladder.is_empty()),
            presets: !blueprint.presets.is_empty(),
            visibility: blueprint.visibility.is_some(),
            department: blueprint.departments.is_some() && ctx.opens(&ReadDepartments),
            manager: blueprint.has_managers,
            teams: blueprint.teams.is_some()
                && ctx.opens(&ReadTeams)
                && ctx.opens(&UpdateTeams),
            contact: blueprint.billing_contact.is_some() && ctx.opens(&TransferBilling),
            landing: true,
            alias: true,
        }
    }

    /// The parts of an invitation.
    pub(crate) fn of_invitation(ctx: &WorkspaceContext) -> Parts {
        let (own, rules) = (Parts::of(ctx), &ctx.model().blueprint().membership.invitation);
        let has = |field: &str| rules.fields.iter().any(|known| known == field);
        Parts {
            levels: own.levels && has("levels"),
            presets: own.presets && has("preset"),
            visibility: own.visibility && has("visibility"),
            department: own.department && has("department"),
            manager: false,
            teams: own.teams && has("teams"),
            contact: own.contact && has("billing_contact"),
            landing: has("landing"),
            alias: false,
        }
    }
}

/// What a form gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) role: String,
    /// The preset that the form shows: a key, `custom`, or empty where there are none.
    pub(crate) preset: String,
    pub(crate) levels: Vec<(String, String)>,
    pub(crate) visibility: Visibility,
    pub(crate) department: String,
    pub(crate) manager: String,
    pub(crate) teams: BTreeSet<String>,
    pub(crate) contact: bool,
    pub(crate) landing: String,
    pub(crate) alias: String,
}

impl Draft {
    /// The draft that changes nothing of a member.
    pub(crate) fn of_member(member: &Member) -> Draft {
        let alias = member.alias.as_ref().map(ToString::to_string).unwrap_or_default();
        Draft { alias, ..Draft::of(&member.access, member.landing.as_deref()) }
    }

    /// The draft with some access.
    pub(crate) fn of(access: &MemberAccess, landing: Option<&str>) -> Draft {
        let text = |id: Option<String>| id.unwrap_or_default();
        Draft {
            role: access.role.clone(),
            preset: String::new(),
            levels: access.levels.clone(),
            visibility: access.visibility,
            department: text(access.department.map(|id| id.to_string())),
            manager: text(access.manager.map(|id| id.to_string())),
            teams: access.teams.iter().map(ToString::to_string).collect(),
            contact: access.is_billing_contact,
            landing: landing.unwrap_or_default().to_owned(),
            alias: String::new(),
        }
        .sorted()
    }

    /// The draft as a form changes it. A part that the form does not have stays.
    pub(crate) fn with(self, form: &Form, blueprint: &Blueprint) -> Draft {
        let has = |part: &str| form.every("has").any(|known| known == part);
        let text = |name: &str, old: String| form.find(name).map_or(old, str::to_owned);
        let visibility = form.filled("visibility").and_then(Visibility::parse);
        let levels = levels(form, blueprint, &self.levels);
        Draft {
            role: form.filled("role").map_or(self.role, str::to_owned),
            preset: chosen_preset(form),
            levels,
            visibility: visibility.unwrap_or(self.visibility),
            department: text("department", self.department),
            manager: text("manager", self.manager),
            teams: if has("teams") && !form.is_untouched("team") {
                form.every("team").map(str::to_owned).collect()
            } else {
                self.teams
            },
            contact: if has("contact") {
                form.checked_or("contact", self.contact)
            } else {
                self.contact
            },
            landing: text("landing", self.landing),
            alias: text("alias", self.alias).trim().to_owned(),
        }
        .sorted()
    }

    /// What a form of the draft is made from, with the resources that have levels.
    pub(crate) fn made_from<'r>(&self, resources: impl Iterator<Item = &'r str>) -> String {
        let levels: Vec<(String, &str)> =
            resources.map(|key| (format!("level.{key}"), self.level(key))).collect();
        let contact = if self.contact { CHECKED } else { "" };
        let mut values = vec![
            ("role", self.role.as_str()),
            ("visibility", self.visibility.scope().word()),
            ("department", &self.department),
            ("manager", &self.manager),
            ("landing", &self.landing),
            ("alias", &self.alias),
            ("contact", contact),
            ("team", ""),
        ];
        values.extend(self.teams.iter().map(|team| ("team", team.as_str())));
        values.extend(levels.iter().map(|(name, level)| (name.as_str(), *level)));
        Form::made_from(&values)
    }

    fn sorted(mut self) -> Draft {
        self.levels = Draft::sorted_levels(&self.levels);
        self
    }

    /// The levels that are not `none`, in the order of their resources.
    pub(crate) fn sorted_levels(levels: &[(String, String)]) -> Vec<(String, String)> {
        let mut levels = levels.to_vec();
        levels.retain(|(_, level)| level != "none");
        levels.sort_unstable();
        levels
    }

    /// The level of a resource.
    pub(crate) fn level(&self, resource: &str) -> &str {
        let found = self.levels.iter().find(|(key, _)| key == resource);
        found.map_or("none", |(_, level)| level)
    }

    /// What of the draft differs from another one, as the use cases take it.
    pub(crate) fn change_from(&self, old: &Draft, blueprint: &Blueprint) -> AccessChange {
        let differs = |is_other: bool| is_other.then_some(());
        let takes_levels = has_levels(blueprint, &self.role);
        AccessChange {
            role: differs(self.role != old.role).map(|()| RoleRef::from(self.role.as_str())),
            levels: differs(takes_levels && self.levels != old.levels)
                .map(|()| self.levels.clone()),
            preset: None,
            visibility: differs(self.visibility != old.visibility).map(|()| self.visibility),
            department: differs(self.department != old.department)
                .map(|()| filled(&self.department).map(DepartmentRef::from)),
            manager: differs(self.manager != old.manager)
                .map(|()| filled(&self.manager).and_then(|id| id.parse().ok())),
            teams: differs(self.teams != old.teams)
                .map(|()| self.teams.iter().map(|id| TeamRef::from(id.as_str())).collect()),
            billing_contact: differs(self.contact != old.contact).map(|()| self.contact),
        }
    }
}

pub(super) fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// The levels of a form. A preset that was just chosen fills in every level; what was clicked after it is
/// put on top.
fn levels(
    form: &Form,
    blueprint: &Blueprint,
    old: &[(String, String)],
) -> Vec<(String, String)> {
    let (preset, shown) = (form.text("preset"), form.text("shown"));
    let filled = blueprint.preset(preset).filter(|_| preset != shown);
    let mut levels = filled.map_or_else(|| old.to_vec(), |preset| preset.levels.clone());
    for (key, level) in form.below("level.") {
        let is_clicked = level != form.text(&format!("was.{key}"));
        if filled.is_none() || is_clicked {
            levels.retain(|(known, _)| known != key);
            levels.push((key.to_owned(), level.to_owned()));
        }
    }
    levels
}

/// `custom` when it was just chosen; the levels decide otherwise.
fn chosen_preset(form: &Form) -> String {
    let is_new = form.text("preset") == CUSTOM && form.text("shown") != CUSTOM;
    if is_new { CUSTOM.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests;
