//! The form of access, which the drawer of a member and the invitation share.
//! Long because each part of access has its choices here.

use std::collections::BTreeMap;

use hallpass_app::context::WorkspaceContext;
use hallpass_app::role::RoleDetails;
use hallpass_domain::member::MemberAccess;
use hallpass_domain::model::guard::has_levels;
use hallpass_engine::{Resource, ResourceKind, Visibility};
use hallpass_web::error::Problem;

use super::draft::{CUSTOM, Draft, Parts};
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::picker::{Blank, Choice, Noun, Picker, Place};
use crate::refusal;
use crate::text::Text;

/// How many roles are shown side by side; more are a select.
const SEGMENTS: usize = 5;

/// A value to choose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pick {
    pub(crate) value: String,
    pub(crate) name: String,
    pub(crate) is_chosen: bool,
    /// Whether the viewer may not choose it.
    pub(crate) is_blocked: bool,
    /// Why not.
    pub(crate) reason: Option<String>,
}

/// The levels of a resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ladder {
    pub(crate) key: String,
    pub(crate) name: String,
    /// The level that the form was made with.
    pub(crate) was: String,
    pub(crate) rungs: Vec<Pick>,
}

/// The form of access.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccessForm {
    pub(crate) parts: Parts,
    pub(crate) roles: Vec<Pick>,
    pub(crate) is_segmented: bool,
    /// What the chosen role is for.
    pub(crate) role_hint: String,
    /// Whether the chosen role takes levels.
    pub(crate) takes_levels: bool,
    pub(crate) presets: Vec<Pick>,
    /// The preset that the form shows.
    pub(crate) shown: String,
    pub(crate) ladders: Vec<Ladder>,
    pub(crate) visibility: Vec<Pick>,
    pub(crate) departments: Vec<Choice>,
    pub(crate) department: Picker,
    pub(crate) manager: Picker,
    pub(crate) teams: Vec<Choice>,
    pub(crate) team: Picker,
    pub(crate) contact: bool,
    /// What goes with the billing contact.
    pub(crate) contact_hint: String,
    pub(crate) landings: Vec<Pick>,
    pub(crate) alias: String,
    /// The mistakes, by field.
    pub(crate) errors: BTreeMap<String, String>,
}

impl AccessForm {
    /// Makes the form of a draft, with what its searches find. Without scripts, `again` shows the form with that.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        (draft, parts): (&Draft, Parts),
        held: Option<&str>,
        (form, again): (&Form, &str),
    ) -> Result<AccessForm, Failure> {
        let roles = ctx.roles().list().await?;
        let is_blocked = |role: &RoleDetails| !role.may_give && held != Some(role.id.as_str());
        let chosen = roles.iter().find(|role| role.id == draft.role);
        let role_hint = chosen.map(|role| role.description.clone()).unwrap_or_default();
        let picks = roles.iter().map(|role| Pick {
            value: role.id.clone(),
            name: role.name.clone(),
            is_chosen: role.id == draft.role,
            is_blocked: is_blocked(role),
            reason: role
                .why_not
                .as_ref()
                .filter(|_| is_blocked(role))
                .map(|refusal| refusal::of_refusal(frame.text, refusal)),
        });
        let picks: Vec<Pick> = picks.collect();
        let takes_levels = has_levels(ctx.model().blueprint(), &draft.role);
        let shown = shown_preset(ctx, draft);
        let holder = ctx.model().billing_contact().map(|(id, _)| id);
        let contact_hint = if holder.is_some() && holder == ctx.member_id() {
            frame.t("access-contact-own")
        } else {
            frame.t("access-contact-hint")
        };
        let departments = departments(ctx, draft, parts).await?;
        let teams = teams(ctx, draft, parts).await?;
        let place = |noun, blank, input, label: &str| {
            Place::one(noun, blank, (input, input), frame.t(label)).shown_again(again, "post")
        };
        let department = place(Noun::Departments, Blank::None, "department", "team-department");
        let team = Place::many(Noun::Teams, ("team", "team"), frame.t("access-teams"))
            .shown_again(again, "post");
        let manager = if parts.manager {
            let place = place(Noun::Managers, Blank::Manager, "manager", "access-manager");
            let chosen = (draft.manager.as_str(), |_: &str| true);
            Picker::of_members(ctx, frame, place, chosen, form).await?
        } else {
            Picker::default()
        };
        Ok(AccessForm {
            is_segmented: picks.len() <= SEGMENTS,
            roles: picks,
            role_hint,
            takes_levels,
            presets: presets(ctx, frame, draft, &shown),
            shown,
            ladders: ladders(ctx, frame, draft),
            visibility: visibility(frame, draft),
            department: Picker::of(frame, department, &departments, form),
            departments,
            manager,
            team: Picker::of(frame, team, &teams, form),
            teams,
            contact: draft.contact,
            contact_hint,
            landings: landings(ctx, draft),
            alias: draft.alias.clone(),
            errors: BTreeMap::new(),
            parts,
        })
    }

    /// Whether a role cannot be chosen.
    pub(crate) fn has_blocked_role(&self) -> bool {
        self.roles.iter().any(|role| role.is_blocked)
    }

    /// Whether a preset cannot be chosen.
    pub(crate) fn has_blocked_preset(&self) -> bool {
        self.presets.iter().any(|preset| preset.is_blocked)
    }

    /// The mistake in a field.
    pub(crate) fn error(&self, field: &str) -> Option<&String> {
        self.errors.get(field)
    }

    /// Puts the mistakes of a problem at their fields; the others are returned.
    pub(crate) fn set_errors(&mut self, text: Text, problem: &Problem) -> Vec<String> {
        let mut others = Vec::new();
        for error in &problem.errors {
            let field = error.pointer.trim_start_matches('/');
            let field = field.split('/').next().unwrap_or_default();
            let known = [
                "role",
                "levels",
                "preset",
                "visibility",
                "department",
                "manager",
                "teams",
                "billing_contact",
                "landing",
                "alias",
                "name",
            ];
            if known.contains(&field) {
                let why = refusal::of_field(text, error);
                if field == "department" {
                    self.department.error = Some(why.clone());
                } else if field == "manager" {
                    self.manager.error = Some(why.clone());
                }
                self.errors.insert(field.to_owned(), why);
            } else {
                others.push(refusal::of_field(text, error));
            }
        }
        others
    }
}

/// The key of the preset with the levels of a draft, or `custom`; empty where there are none.
fn shown_preset(ctx: &WorkspaceContext, draft: &Draft) -> String {
    if ctx.model().blueprint().presets.is_empty() {
        return String::new();
    }
    if !draft.preset.is_empty() {
        return draft.preset.clone();
    }
    let access = MemberAccess {
        levels: draft.levels.clone(),
        visibility: draft.visibility,
        teams: draft.teams.iter().filter_map(|id| id.parse().ok()).collect(),
        ..MemberAccess::new(ctx.model().blueprint(), &draft.role)
    };
    let preset = ctx.model().preset_of(&access);
    preset.map_or_else(|| CUSTOM.to_owned(), |preset| preset.key.clone())
}

fn presets(ctx: &WorkspaceContext, frame: &Frame, draft: &Draft, shown: &str) -> Vec<Pick> {
    let model = ctx.model();
    let each = model.blueprint().presets.iter();
    let mut picks: Vec<Pick> = each
        .map(|preset| Pick {
            value: preset.key.clone(),
            name: preset.name.clone(),
            is_chosen: preset.key == shown,
            is_blocked: !model.is_offered(preset, &draft.role),
            reason: None,
        })
        .collect();
    if !picks.is_empty() {
        picks.push(Pick {
            value: CUSTOM.to_owned(),
            name: frame.word("custom_preset"),
            is_chosen: shown == CUSTOM,
            is_blocked: false,
            reason: None,
        });
    }
    picks
}

fn ladders(ctx: &WorkspaceContext, frame: &Frame, draft: &Draft) -> Vec<Ladder> {
    let resources = ctx.policy().resources().iter().filter(|one| !one.ladder.is_empty());
    resources
        .map(|resource| {
            let level = draft.level(&resource.key);
            let none = ("none", frame.word("scope_none"));
            let rungs =
                resource.ladder.iter().map(|rung| (rung.key.as_str(), rung.name.clone()));
            let pick = |(value, name): (&str, String)| Pick {
                value: value.to_owned(),
                name,
                is_chosen: value == level,
                is_blocked: false,
                reason: None,
            };
            Ladder {
                key: resource.key.clone(),
                name: resource.name.clone(),
                was: level.to_owned(),
                rungs: std::iter::once(none).chain(rungs).map(pick).collect(),
            }
        })
        .collect()
}

fn visibility(frame: &Frame, draft: &Draft) -> Vec<Pick> {
    let pick = |one: Visibility| Pick {
        value: one.scope().word().to_owned(),
        name: frame.word(&format!("scope_{}", one.scope().word())),
        is_chosen: one == draft.visibility,
        is_blocked: false,
        reason: None,
    };
    Visibility::EVERY.map(pick).into()
}

async fn departments(
    ctx: &mut WorkspaceContext,
    draft: &Draft,
    parts: Parts,
) -> Result<Vec<Choice>, Failure> {
    if !parts.department {
        return Ok(Vec::new());
    }
    let found = ctx.departments().list().await?.into_iter().map(|one| {
        let value = one.department.id.to_string();
        let is_chosen = value == draft.department;
        Choice { value, name: one.department.name.to_string(), is_chosen }
    });
    Ok(found.collect())
}

async fn teams(
    ctx: &mut WorkspaceContext,
    draft: &Draft,
    parts: Parts,
) -> Result<Vec<Choice>, Failure> {
    if !parts.teams {
        return Ok(Vec::new());
    }
    let found = ctx.teams().list().await?.into_iter().map(|one| {
        let value = one.team.id.to_string();
        let is_chosen = draft.teams.contains(&value);
        Choice { value, name: one.team.name.to_string(), is_chosen }
    });
    Ok(found.collect())
}

/// The pages on which a member can land.
fn landings(ctx: &WorkspaceContext, draft: &Draft) -> Vec<Pick> {
    let resources = ctx.policy().resources().iter();
    let pages = resources
        .filter(|one| one.kind != ResourceKind::Settings && ctx.snapshot().is_on(&one.key));
    let pick = |resource: &Resource| Pick {
        value: resource.key.clone(),
        name: resource.name.clone(),
        is_chosen: resource.key == draft.landing,
        is_blocked: false,
        reason: None,
    };
    pages.map(pick).collect()
}

#[cfg(test)]
impl AccessForm {
    pub(crate) fn sample() -> AccessForm {
        let pick = |name: &str, is_chosen| Pick {
            value: name.to_lowercase(),
            name: name.to_owned(),
            is_chosen,
            is_blocked: name == "Owner",
            reason: (name == "Owner").then(|| "Your role cannot give <script>.".to_owned()),
        };
        let some = || vec![pick("Owner", false), pick("<script>", true)];
        let ladder = Ladder {
            key: "inbox".to_owned(),
            name: "Inbox".to_owned(),
            was: "none".to_owned(),
            rungs: some(),
        };
        AccessForm {
            parts: Parts {
                levels: true,
                presets: true,
                visibility: true,
                department: true,
                manager: true,
                teams: true,
                contact: true,
                landing: true,
                alias: true,
            },
            roles: some(),
            is_segmented: true,
            role_hint: "Does the work.".to_owned(),
            takes_levels: true,
            presets: some(),
            shown: "custom".to_owned(),
            ladders: vec![ladder],
            visibility: some(),
            departments: Vec::new(),
            department: Picker::sample(),
            manager: Picker::sample(),
            teams: Picker::sample().options,
            team: Picker::sample(),
            contact: true,
            contact_hint: "Receives invoices.".to_owned(),
            landings: some(),
            alias: "<script>".to_owned(),
            errors: BTreeMap::from([("role".to_owned(), "no role `<script>`".to_owned())]),
        }
    }
}
