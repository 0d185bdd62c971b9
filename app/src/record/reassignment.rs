//! Reassignments: many records from one owner to another, in one step and counted exactly.

use hallpass_domain::id::RecordId;
use hallpass_domain::record::{Event, Owner};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::text::suggestion;
use hallpass_engine::{Filter, ResourceKind};
use hallpass_store::record::OwnerChange;
use serde_json::{Map, Value, json};

use super::{Records, check_owner, event, owner_word, reassigning};
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::RecordWritePermission;
use crate::gate::{Pass, Permission};
use crate::naming::{self, OwnerRef};

/// The most records that a reassignment lists.
const MOST_LISTED: usize = 10_000;

/// The number of events that are inserted at a time.
const EVENTS: usize = 1_000;

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

impl Records<'_> {
    /// Counts by record type the records that a reassignment would move.
    pub async fn preview_reassignment(
        &mut self,
        reassignment: &Reassignment,
    ) -> Result<Vec<(String, i64)>, Error> {
        let ctx = &mut *self.0;
        let (change, pass) = plan(ctx, reassignment).await?;
        Ok(ctx.read(&pass)?.records().preview_reassign(&change).await?)
    }

    /// Reassigns records, and counts them by record type. Records that are not listed keep their
    /// owner (CRM-150). Each record gets an event, and there is one audit entry.
    ///
    /// # Errors
    ///
    /// `Denied` for a caller who may reassign nothing, or not a record type that they name.
    pub async fn reassign(
        &mut self,
        reassignment: &Reassignment,
    ) -> Result<Vec<(String, i64)>, Error> {
        let ctx = &mut *self.0;
        let (change, pass) = plan(ctx, reassignment).await?;
        let records = ctx.read(&pass)?.records().list_reassigned(&change).await?;
        let counts = ctx.tx(&pass)?.records().reassign(&change).await?;
        if counts.iter().all(|(_, count)| *count == 0) {
            return Ok(counts);
        }
        let (from, to) = (owner_word(change.from), owner_word(change.to));
        let detail = json!({"owner": {"from": from, "to": to}});
        for chunk in records.chunks(EVENTS) {
            let event = |record: &RecordId| event(ctx, *record, "reassign", detail.clone());
            let events: Vec<Event> = chunk.iter().map(event).collect();
            ctx.tx(&pass)?.records().insert_events(&events).await?;
        }
        let by_type: Map<String, Value> =
            counts.iter().map(|(entity, count)| (entity.clone(), (*count).into())).collect();
        let (was, is) = (json!({"owner": from}), json!({"owner": to, "records": by_type}));
        ctx.record_audit(&pass, "records.reassign", &from, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(counts)
    }
}

async fn plan(
    ctx: &mut WorkspaceContext,
    reassignment: &Reassignment,
) -> Result<(OwnerChange, Pass<RecordWritePermission>), Error> {
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
    let (mut entities, mut last_pass) = (Vec::new(), None);
    for (entity, action) in reassigned(ctx, reassignment)? {
        let pass = ctx.check(RecordWritePermission::new(&entity, &action)).await?;
        if *pass.filter() != Filter::Nothing {
            entities.push((entity, ctx.reach(pass.filter())));
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
    Ok((OwnerChange { from, to, entities, records, at: ctx.now }, pass))
}

/// Lists the record types with the action that reassigns each: those that the request names, or those
/// that are on and that the caller may reassign at all.
fn reassigned(
    ctx: &WorkspaceContext,
    reassignment: &Reassignment,
) -> Result<Vec<(String, String)>, Error> {
    let policy = ctx.policy();
    let types = policy.resources().iter().filter(|known| known.kind == ResourceKind::Records);
    let all: Vec<(String, String)> =
        types.map(|known| (known.key.clone(), reassigning(known).to_owned())).collect();
    if let Some(named) = &reassignment.entities {
        let keys = all.iter().map(|(key, _)| key.as_str());
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
        return Ok(all.into_iter().filter(|(key, _)| named.contains(key)).collect());
    }
    let may = |(entity, action): &&(String, String)| {
        let cell = policy.cell(entity, action);
        match ctx.member_index() {
            Some(member) => {
                cell.is_some_and(|cell| policy.filter(member, cell) != Filter::Nothing)
            }
            None => true,
        }
    };
    let mut allowed: Vec<_> = all.iter().filter(may).cloned().collect();
    let first = allowed.first().cloned();
    allowed.retain(|(entity, _)| ctx.snapshot().is_on(entity));
    match first {
        // The gate refuses a caller who may reassign nothing.
        None => Ok(all.into_iter().take(1).collect()),
        Some((entity, _)) if allowed.is_empty() => ctx.record_type(&entity).map(|_| allowed),
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
