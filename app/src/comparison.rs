//! Comparisons of access: two members, two roles, a profile with its template, a member with a role, and
//! the workspace at two moments.
//!
//! **Invariant:** a side is compared only after the gate has allowed to read it.

use std::collections::HashMap;
use std::sync::Arc;

use hallpass_domain::audit::undo::{MOST_UNDONE, UNDONE, Undo};
use hallpass_domain::id::{AuditId, MemberId, ProfileId};
use hallpass_domain::model::comparison::pair::HOLDERS;
use hallpass_domain::model::comparison::{MemberDifference, Switched};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Span;
use hallpass_engine::{Cells, Difference};
use serde_json::Value;

use crate::access::no_member;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::dry_run::Outcome;
use crate::environment::lowest_id;
use crate::error::Error;
use crate::gate::permission::{AnyMember, ReadAudit, ReadProfiles};
use crate::gate::{Pass, Permission};
use crate::naming::{self, ProfileRef, RoleRef, Unresolved};
use crate::preview::{ActionTotal, DifferencePage, MemberPreview, PreviewPosition, page};
use crate::snapshot::Snapshot;

/// The most bytes of the entries that are undone.
const UNDONE_BYTES: usize = 32 << 20;

/// By how much the clocks of servers may differ.
const SKEW: Span = Span::hours(1);

/// A side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComparisonSide {
    /// A member.
    Member(MemberId),
    /// A role, as a new holder has it.
    Role(RoleRef),
    /// A profile.
    Profile(ProfileRef),
    /// The template of a profile.
    Template(ProfileRef),
    /// The workspace after an entry of the audit log.
    Entry(AuditId),
    /// The workspace at present.
    Now,
}

/// What was compared, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedSide {
    /// The id or key; none for the workspace at present.
    pub id: Option<String>,
    /// The name, where it has one and the caller may know it.
    pub name: Option<String>,
}

/// Two sides compared.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The revision of the workspace.
    pub revision: i64,
    /// The first side.
    pub before: ComparedSide,
    /// The second side.
    pub after: ComparedSide,
    /// Whether [`members`](Comparison::members) are members, and not a holder of the second side.
    pub is_about_members: bool,
    /// How many members have more and less of each action on the second side.
    pub totals: Vec<ActionTotal>,
    /// What is different, the largest difference first: a line for each member of the workspace, or one
    /// line about the second side.
    pub members: Vec<MemberPreview>,
    /// Whether there are more.
    pub has_more: bool,
    /// How many there are; none for a caller who may not read members.
    pub total: Option<usize>,
}

/// A side that was found.
enum Found {
    Member(MemberId),
    Role(String),
    Cells(Cells),
    Moment(Arc<Snapshot>),
}

/// Comparisons in a workspace.
pub struct Comparisons<'c>(pub(crate) &'c mut WorkspaceContext);

impl Comparisons<'_> {
    /// Compares two sides: what the second has that the first does not, and the reverse.
    ///
    /// # Errors
    ///
    /// `Fields` for sides that cannot be compared; `HistoryIncomplete` where the audit log does not say
    /// how the workspace was.
    #[boxed]
    pub async fn compare(
        &mut self,
        (before, after): (&ComparisonSide, &ComparisonSide),
        position: Option<PreviewPosition>,
        limit: usize,
    ) -> Result<Comparison, Error> {
        let (first, before) = self.find(before, "/before").await?;
        let (second, after) = self.find(after, "/after").await?;
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let present = Arc::new(ctx.snapshot().clone());
        let is_of_moments = matches!(second, Found::Moment(_));
        let is_about_members = matches!(second, Found::Member(_) | Found::Moment(_))
            || matches!(first, Found::Member(_));
        let mut outcome = outcome(&present, first, second)?;
        let mut differences = std::mem::take(&mut outcome.differences);
        let total = if is_of_moments {
            ctx.retain_visible(&mut differences);
            ctx.visible_number(differences.len())
        } else {
            Some(differences.len())
        };
        let page = page(ctx, &pass, &outcome, differences, (position, limit)).await?;
        let DifferencePage { totals, members, has_more } = page;
        Ok(Comparison {
            revision: present.revision,
            before,
            after,
            is_about_members,
            totals,
            members,
            has_more,
            total,
        })
    }

    /// Finds a side, if the gate allows to read it.
    async fn find(
        &mut self,
        side: &ComparisonSide,
        pointer: &str,
    ) -> Result<(Found, ComparedSide), Error> {
        let ctx = &mut *self.0;
        let unresolved = |unresolved: Unresolved, field: &str| {
            Refusal::Fields(vec![unresolved.field(format!("{pointer}/{field}"))])
        };
        match side {
            ComparisonSide::Member(id) => {
                let (id, pass) = ctx.access().check_subject(Some(*id)).await?;
                ctx.model().member(id).ok_or_else(no_member)?;
                ctx.look_up_names(&pass, [id]).await?;
                let name = ctx.known_name(id).map(str::to_owned);
                Ok((Found::Member(id), ComparedSide { id: Some(id.to_string()), name }))
            }
            ComparisonSide::Role(role) => {
                let pass = ctx.roles().check_read().await?;
                let found = naming::role(ctx, &pass, role);
                let key = found.map_err(|why| unresolved(why, "role"))?.key();
                let name = Some(ctx.snapshot().role_name(&key));
                Ok((Found::Role(key.clone()), ComparedSide { id: Some(key), name }))
            }
            ComparisonSide::Profile(profile) => {
                let pass = ctx.check(ReadProfiles).await?;
                let found = naming::profile(ctx, &pass, profile).await?;
                let id = found.map_err(|why| unresolved(why, "profile"))?;
                let cells = ctx.model().profile(id).map(|known| known.cells.clone());
                let name = Some(ctx.snapshot().name(&id.to_string()));
                let side = ComparedSide { id: Some(id.to_string()), name };
                Ok((Found::Cells(cells.unwrap_or_default()), side))
            }
            ComparisonSide::Template(profile) => {
                let pass = ctx.check(ReadProfiles).await?;
                let found = naming::profile(ctx, &pass, profile).await?;
                let id = found.map_err(|why| unresolved(why, "template"))?;
                find_template(ctx, &pass, id, pointer).await
            }
            ComparisonSide::Entry(id) => {
                let pass = ctx.check(ReadAudit).await?;
                let snapshot = find_moment(ctx, &pass, *id).await?;
                let side = ComparedSide { id: Some(id.to_string()), name: None };
                Ok((Found::Moment(Arc::new(snapshot)), side))
            }
            ComparisonSide::Now => {
                let present = Arc::new(ctx.snapshot().clone());
                Ok((Found::Moment(present), ComparedSide { id: None, name: None }))
            }
        }
    }
}

async fn find_template(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    id: ProfileId,
    pointer: &str,
) -> Result<(Found, ComparedSide), Error> {
    let profile = ctx.read(pass)?.profiles().find(id).await?;
    let key = profile.and_then(|profile| profile.template);
    let templates = ctx.model().blueprint().profiles.iter().flat_map(|rules| &rules.templates);
    let mut templates = templates.filter(|template| Some(&template.key) == key.as_ref());
    let Some(template) = templates.next() else {
        let detail = "the profile has no template in this access model; name another one";
        let pointer = format!("{pointer}/template");
        return Err(Refusal::field(pointer, "no_template", detail).into());
    };
    let side =
        ComparedSide { id: Some(template.key.clone()), name: Some(template.name.clone()) };
    Ok((Found::Cells(template.cells.clone()), side))
}

/// The workspace after an entry of the audit log: what later entries have changed is undone.
async fn find_moment(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    id: AuditId,
) -> Result<Snapshot, Error> {
    let entry = ctx.read(pass)?.audit().find(id).await?;
    let entry = entry.ok_or(Error::Missing { noun: "audit entry" })?;
    let from = AuditId(lowest_id(entry.at - SKEW));
    let since = (entry.revision, from);
    let bounds = (MOST_UNDONE, UNDONE_BYTES);
    let later = ctx.read(pass)?.audit().list_after_revision(since, &UNDONE, bounds).await?;
    if later.has_more {
        let why = format!(
            "more than {MOST_UNDONE} changes were made since, or they take more than {} MiB",
            UNDONE_BYTES >> 20
        );
        return Err(Refusal::HistoryIncomplete { why }.into());
    }
    let present = ctx.snapshot();
    let added = present.entities.iter().filter(|entity| entity.is_added);
    let added = added.map(|entity| entity.entity.clone()).collect();
    let modules = present.workspace.settings.get("modules").and_then(Value::as_object);
    let modules = modules.cloned().unwrap_or_default();
    let mut undo = Undo::new(&present.model, added, modules, present.revision);
    for entry in &later.items {
        undo.undo(entry)?;
    }
    let (model, modules) = undo.finish(entry.revision)?;
    let mut moment = Snapshot { model, revision: entry.revision, ..present.clone() };
    moment.workspace.settings.insert("modules".to_owned(), Value::Object(modules));
    Ok(moment)
}

/// Compares two sides that were found.
fn outcome(present: &Arc<Snapshot>, first: Found, second: Found) -> Result<Outcome, Refusal> {
    let is_on = |key: &str| present.is_on(key);
    let now = Switched { model: &present.model, is_on: &is_on };
    let with = |model| Snapshot { model, ..Snapshot::clone(present) };
    let mut found = Outcome {
        before: Arc::clone(present),
        after: Arc::clone(present),
        newcomers: HashMap::new(),
        differences: Vec::new(),
        counterpart: None,
    };
    match (first, second) {
        (Found::Member(before), Found::Member(after)) => {
            found.counterpart = Some(before);
            found.differences = line(after, now.compare_members(before, after));
        }
        (Found::Role(before), Found::Role(after)) => {
            let model = present.model.with_holders(&before, &after)?;
            let both = Switched { model: &model, is_on: &is_on };
            found.counterpart = Some(HOLDERS.0);
            found.differences = line(HOLDERS.1, both.compare_holders());
            found.before = Arc::new(with(model));
            found.after = Arc::clone(&found.before);
        }
        (Found::Role(role), Found::Member(member)) => {
            let model = present.model.with_bare_role(member, &role)?;
            let bare = Switched { model: &model, is_on: &is_on };
            found.differences = line(member, bare.compare_member(&now, member));
            found.before = Arc::new(with(model));
        }
        (Found::Member(member), Found::Role(role)) => {
            let model = present.model.with_bare_role(member, &role)?;
            let bare = Switched { model: &model, is_on: &is_on };
            found.differences = line(member, now.compare_member(&bare, member));
            found.after = Arc::new(with(model));
        }
        (Found::Cells(before), Found::Cells(after)) => {
            found.differences = line(HOLDERS.1, now.compare_profiles(&before, &after));
        }
        (Found::Moment(before), Found::Moment(after)) => {
            let is_on = |key: &str| before.is_on(key);
            let was = Switched { model: &before.model, is_on: &is_on };
            let is_on = |key: &str| after.is_on(key);
            found.differences = was.compare(&Switched { model: &after.model, is_on: &is_on });
            (found.before, found.after) = (before, after);
        }
        (
            Found::Member(_) | Found::Role(_) | Found::Cells(_) | Found::Moment(_),
            Found::Member(_) | Found::Role(_) | Found::Cells(_) | Found::Moment(_),
        ) => {
            let detail = "the two sides cannot be compared; name two members, two roles, a member and \
                          a role, two profiles or templates, or two moments";
            return Err(Refusal::field("/after", "not_comparable", detail));
        }
    }
    Ok(found)
}

/// The one line of a comparison that is not about the whole workspace; none for equal sides.
fn line(member: MemberId, changes: Vec<Difference>) -> Vec<MemberDifference> {
    let line = MemberDifference { member, changes };
    Some(line).into_iter().filter(|line| !line.changes.is_empty()).collect()
}
