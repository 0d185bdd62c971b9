//! What another person saved while the form of access was open.

use hallpass_app::audit::AuditQuery;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ReadAudit;
use hallpass_domain::member::Member;

use super::access_form::{AccessForm, Ladder, Pick};
use super::draft::Draft;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::picker::{self, Choice};

/// The changes of a member that are looked up at most.
const LOOKED_UP: usize = 20;

/// What another person saved while the form was open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stale {
    /// Who did.
    pub(crate) who: String,
    /// What is stored, and what the form has in its place.
    pub(crate) differs: Vec<String>,
}

impl Stale {
    /// Compares what is stored with what was typed.
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        (member, version): (&Member, i64),
        (stored, typed): (&Draft, &Draft),
        form: &AccessForm,
    ) -> Result<Stale, Failure> {
        let people = people(ctx, member, version).await?;
        let mut managers = form.manager.options.clone();
        for draft in [stored, typed] {
            managers.extend(picker::member(ctx, &draft.manager).await?);
        }
        let differs = differences(frame, (stored, typed), (form, &managers));
        let key = if differs.is_empty() { "access-stale-same" } else { "access-stale-kept" };
        let who = if people.is_empty() {
            frame.t("access-stale-other")
        } else {
            text!(frame.text, "access-stale-by", people = people.join(", "))
        };
        Ok(Stale { who: format!("{who} {}", frame.t(key)), differs })
    }
}

/// Who changed a member after a version, for those who may read the audit log.
async fn people(
    ctx: &mut WorkspaceContext,
    member: &Member,
    version: i64,
) -> Result<Vec<String>, Failure> {
    let mut names: Vec<String> = Vec::new();
    if !ctx.opens(&ReadAudit) {
        return Ok(names);
    }
    let id = member.id.to_string();
    let query = AuditQuery { subject: Some(id.clone()), ..AuditQuery::default() };
    let entries = ctx.audit().list(&query.into(), None, LOOKED_UP).await?.entries;
    let changes = usize::try_from(member.version - version).unwrap_or_default();
    let changed =
        entries.into_iter().filter(|entry| entry.subject == id && entry.before != entry.after);
    for entry in changed.take(changes) {
        if !names.contains(&entry.actor_name) {
            names.push(entry.actor_name);
        }
    }
    Ok(names)
}

/// The parts in which two drafts differ, with the value that each has.
fn differences(
    frame: &Frame,
    (stored, typed): (&Draft, &Draft),
    (form, managers): (&AccessForm, &[Choice]),
) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |part: String, was: String, is: String| {
        if was != is {
            let line = text!(frame.text, "access-stale-part", part = part, was = was, is = is);
            found.push(line);
        }
    };
    let name = |picks: &[Pick], value: &str| named(frame, picks, value);
    let role = |draft: &Draft| name(&form.roles, &draft.role);
    compare(frame.t("team-role"), role(stored), role(typed));
    for Ladder { key, name: ladder, rungs, .. } in &form.ladders {
        let level = |draft: &Draft| name(rungs, draft.level(key));
        compare(ladder.clone(), level(stored), level(typed));
    }
    let visibility = |draft: &Draft| name(&form.visibility, draft.visibility.scope().word());
    compare(frame.t("access-visibility"), visibility(stored), visibility(typed));
    let choice =
        |choices: &[Choice], value: &str| match choices.iter().find(|one| one.value == value) {
            _ if value.is_empty() => frame.t("none"),
            Some(known) => known.name.clone(),
            None => value.to_owned(),
        };
    let department = |draft: &Draft| choice(&form.departments, &draft.department);
    compare(frame.t("team-department"), department(stored), department(typed));
    let manager = |draft: &Draft| choice(managers, &draft.manager);
    compare(frame.t("access-manager"), manager(stored), manager(typed));
    let teams = |draft: &Draft| {
        let each = draft.teams.iter().map(|id| choice(&form.teams, id));
        if draft.teams.is_empty() {
            frame.t("none")
        } else {
            each.collect::<Vec<_>>().join(", ")
        }
    };
    compare(frame.t("access-teams"), teams(stored), teams(typed));
    let contact =
        |draft: &Draft| frame.t(if draft.contact { "access-yes" } else { "access-no" });
    compare(frame.t("billing-contact"), contact(stored), contact(typed));
    let landing = |draft: &Draft| name(&form.landings, &draft.landing);
    compare(frame.t("access-landing"), landing(stored), landing(typed));
    let alias = |draft: &Draft| {
        if draft.alias.is_empty() { frame.t("none") } else { draft.alias.clone() }
    };
    compare(frame.t("access-alias"), alias(stored), alias(typed));
    found
}

/// The name of a value of a field.
fn named(frame: &Frame, picks: &[Pick], value: &str) -> String {
    if value.is_empty() {
        return frame.t("none");
    }
    let known = picks.iter().find(|pick| pick.value == value);
    known.map_or_else(|| value.to_owned(), |pick| pick.name.clone())
}
