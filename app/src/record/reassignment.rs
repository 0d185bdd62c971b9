//! Reassignments: many records from one owner to another, counted exactly. So many that others would wait are a
//! bulk job.

use hallpass_domain::bulk_job::BulkJob;
use hallpass_domain::id::RecordId;
use hallpass_domain::record::Owner;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::text::suggestion;
use hallpass_engine::{Filter, Resource, ResourceKind};
use hallpass_store::record::{OwnerChange, Reach};
use serde_json::json;

use super::ownership::{check_owner, check_receive, is_reached, may_receive};
use super::part::reassigning;
use super::reassignment_job::{by_type, insert_events, start};
use super::{Records, owner_word};
use crate::boxed;
use crate::bulk_job::is_bulk;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ReassignRecords, RecordWritePermission};
use crate::gate::{Pass, Permission};
use crate::naming::{self, OwnerRef};

/// The most records that a reassignment lists.
const MOST_LISTED: usize = 10_000;

/// Records to be reassigned.
#[derive(Clone, Debug)]
pub struct Reassignment {
    /// The owner: a member, also a removed one, or none.
    pub from: OwnerRef,
    /// The new owner.
    pub to: OwnerRef,
    /// The record types; by default all that are on and that the caller may reassign.
    pub entities: Option<Vec<String>>,
    /// The records; by default all of the owner.
    pub records: Option<Vec<RecordId>>,
}

/// The records that a reassignment moves, by record type.
#[derive(Clone, Debug, Default)]
pub struct ReassignmentCounts {
    /// How many move.
    pub moved: Vec<(String, i64)>,
    /// How many stay, because the caller does not reach records of the former owner.
    pub out_of_reach: Vec<(String, i64)>,
}

/// A reassignment that was asked for.
#[derive(Clone, Debug)]
pub enum Reassigned {
    /// The records have their new owner.
    Done(ReassignmentCounts),
    /// A bulk job gives it to them.
    Started(Box<BulkJob>),
}

impl Records<'_> {
    /// Counts by record type the records that a reassignment would move.
    #[boxed]
    pub async fn preview_reassignment(
        &mut self,
        reassignment: &Reassignment,
    ) -> Result<ReassignmentCounts, Error> {
        let ctx = &mut *self.0;
        let Plan { change, beyond, pass } = plan(ctx, reassignment).await?;
        let moved = ctx.read(&pass)?.records().preview_reassign(&change).await?;
        let out_of_reach = ctx.read(&pass)?.records().preview_reassign(&beyond).await?;
        Ok(ReassignmentCounts { moved, out_of_reach })
    }

    /// Reassigns records, and counts them by record type. Records that are not listed keep their
    /// owner (CRM-150). Each record gets an event, and there is one audit entry. More than
    /// [`MOST_AT_ONCE`](hallpass_domain::bulk_job::MOST_AT_ONCE) records are reassigned by a bulk job.
    ///
    /// # Errors
    ///
    /// `Denied` for a caller who may not reassign many records at once, who may reassign nothing, or
    /// not a record type that they name.
    #[boxed]
    pub async fn reassign(&mut self, reassignment: &Reassignment) -> Result<Reassigned, Error> {
        let ctx = &mut *self.0;
        let Plan { change, beyond, pass } = plan(ctx, reassignment).await?;
        let out_of_reach = ctx.read(&pass)?.records().preview_reassign(&beyond).await?;
        let counted = ctx.read(&pass)?.records().preview_reassign(&change).await?;
        if is_bulk(ctx, counted.iter().map(|(_, n)| n).sum()) {
            let job = start(ctx, &pass, &change, (&counted, &out_of_reach)).await?;
            return Ok(Reassigned::Started(Box::new(job)));
        }
        let records = ctx.read(&pass)?.records().list_reassigned(&change).await?;
        let counts = ctx.tx(&pass)?.records().reassign(&change).await?;
        if counts.iter().all(|(_, count)| *count == 0) {
            ctx.check_nothing_expected()?;
            let counts = ReassignmentCounts { moved: counts, out_of_reach };
            return Ok(Reassigned::Done(counts));
        }
        insert_events(ctx, &pass, &change, &records).await?;
        let (from, to) = (owner_word(change.from), owner_word(change.to));
        let (was, is) =
            (json!({"owner": from}), json!({"owner": to, "records": by_type(&counts)}));
        let touched = records.iter().map(ToString::to_string).collect();
        let subjects = (&from, touched);
        ctx.record_audit_of(&pass, "records.reassign", subjects, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(Reassigned::Done(ReassignmentCounts { moved: counts, out_of_reach }))
    }
}

/// What a reassignment changes.
struct Plan {
    change: OwnerChange,
    /// The same change of the record types whose records of the former owner the caller does not
    /// reach. It is only counted.
    beyond: OwnerChange,
    pass: Pass<RecordWritePermission>,
}

async fn plan(ctx: &mut WorkspaceContext, reassignment: &Reassignment) -> Result<Plan, Error> {
    ctx.check(ReassignRecords).await?;
    let from = naming::owner(ctx, reassignment.from);
    let to = naming::owner(ctx, reassignment.to);
    if from == to {
        let detail = "the records have this owner already; choose another one";
        return Err(Refusal::field("/to", "same", detail).into());
    }
    let records = reassignment.records.clone();
    if records.as_ref().is_some_and(|records| records.len() > MOST_LISTED) {
        let detail = format!("a request may list {MOST_LISTED} records");
        return Err(Refusal::field("/records", "too_many", detail).into());
    }
    let (mut entities, mut beyond, mut last_pass) = (Vec::new(), Vec::new(), None);
    for resource in reassigned(ctx, reassignment, to)? {
        let reassigns = RecordWritePermission::new(&resource.key, reassigning(&resource));
        let pass = ctx.check(reassigns).await?;
        if check_owner(ctx, "/to", to).is_ok() {
            check_receive(ctx, &resource, to, "").await?;
        }
        if is_reached(ctx, pass.filter(), from) {
            entities.push((resource.key, Reach::All));
        } else {
            beyond.push((resource.key, Reach::All));
        }
        last_pass = Some(pass);
    }
    let pass = last_pass.ok_or_else(|| {
        let detail = "a record type is required; without the field, all that you may reassign";
        Refusal::field("/entities", "missing", detail)
    })?;
    check_from(ctx, &pass, from).await?;
    if check_owner(ctx, "/to", to).is_err() {
        let detail = format!("no active member `{}`", owner_word(to));
        return Err(Refusal::field("/to", "unknown", detail).into());
    }
    let change = OwnerChange { from, to, entities, records, at: ctx.now };
    let beyond = OwnerChange { entities: beyond, ..change.clone() };
    Ok(Plan { change, beyond, pass })
}

/// Lists the record types of a reassignment: those that the request names, or those that are on and of
/// which the caller may hand any records over to the new owner.
fn reassigned(
    ctx: &WorkspaceContext,
    reassignment: &Reassignment,
    to: Owner,
) -> Result<Vec<Resource>, Error> {
    let policy = ctx.policy();
    let types = policy.resources().iter().filter(|known| known.kind == ResourceKind::Records);
    if let Some(named) = &reassignment.entities {
        let keys = types.clone().map(|known| known.key.as_str());
        for (index, entity) in named.iter().enumerate() {
            if !keys.clone().any(|known| known == entity) {
                let suggestion = suggestion(entity, keys.clone());
                let suggestion = suggestion.map(|text| format!("; {text}")).unwrap_or_default();
                let detail = format!("no record type `{entity}`{suggestion}");
                let pointer = format!("/entities/{index}");
                return Err(Refusal::field(pointer, "unknown", detail).into());
            }
            ctx.record_type(entity)?;
        }
        return Ok(types.filter(|known| named.contains(&known.key)).cloned().collect());
    }
    let is_known = check_owner(ctx, "/to", to).is_ok();
    let may = |resource: &&Resource| {
        let cell = policy.cell(&resource.key, reassigning(resource));
        let reassigns = match ctx.member_index() {
            Some(member) => {
                cell.is_some_and(|cell| policy.filter(member, cell) != Filter::Nothing)
            }
            None => true,
        };
        reassigns && (!is_known || may_receive(ctx, resource, to))
    };
    let mut allowed: Vec<Resource> = types.clone().filter(may).cloned().collect();
    let first = allowed.first().map(|resource| resource.key.clone());
    allowed.retain(|resource| ctx.snapshot().is_on(&resource.key));
    match first {
        // The gate refuses a caller who may reassign nothing.
        None => Ok(types.take(1).cloned().collect()),
        Some(entity) if allowed.is_empty() => ctx.record_type(&entity).map(|_| allowed),
        Some(_) => Ok(allowed),
    }
}

/// Checks that the old owner is or was a member of the workspace.
async fn check_from(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    from: Owner,
) -> Result<(), Error> {
    let Owner::Member(id) = from else { return Ok(()) };
    if ctx.read(pass)?.members().find(id).await?.is_some() {
        return Ok(());
    }
    Err(Refusal::field("/from", "unknown", format!("no member `{id}`")).into())
}
