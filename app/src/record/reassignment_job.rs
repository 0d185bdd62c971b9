//! Reassignments of many records as bulk jobs: of those that the request has listed, or of those that the former
//! owner had when the job started and still has when their turn comes.

use std::collections::BTreeMap;

use hallpass_domain::bulk_job::{Batch, BulkJob, BulkJobKind};
use hallpass_domain::id::{BulkJobId, RecordId};
use hallpass_domain::record::{Event, Owner};
use hallpass_domain::refusal::Refusal;
use hallpass_store::record::{OwnerChange, Reach};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::ownership::{check_owner, check_receive, is_reached};
use super::part::reassigning;
use super::{Records, event, owner_word};
use crate::boxed;
use crate::bulk_job::{NewBulkJob, WrittenBatch, read, unreadable};
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ReassignRecords, RecordWritePermission};
use crate::gate::{Pass, WritePermission};
use crate::naming::{self, OwnerRef};

/// The number of events that are inserted at a time.
const EVENTS: usize = 1_000;

/// The records of a batch, where the request has listed them.
const LISTED: usize = 500;

/// What a job is to do.
#[derive(Serialize, Deserialize)]
struct Task {
    from: String,
    to: String,
    types: Vec<TypeTask>,
    /// How many parts list the records; none where the owner's are found.
    parts: i64,
}

/// A record type of which a job reassigns records.
#[derive(Serialize, Deserialize)]
struct TypeTask {
    entity: String,
    /// The last record that the owner had when the job started.
    last: RecordId,
}

/// Where a batch begins.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Position {
    /// After a record of the type at a place.
    Found { place: usize, after: RecordId },
    /// With a part.
    Listed { part: i64 },
}

/// How many records of a type.
type TypeCount = (String, i64);

/// What a job has done.
#[derive(Serialize, Deserialize)]
struct Figures {
    /// How many records it has reassigned, by type.
    counts: BTreeMap<String, i64>,
    /// How many stay with their owner, out of reach of the member who started it.
    out_of_reach: BTreeMap<String, i64>,
    /// How many batches it has run.
    batches: i64,
}

/// Starts a job for a change of more records than a request changes.
pub(super) async fn start(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    change: &OwnerChange,
    (counted, out_of_reach): (&[TypeCount], &[TypeCount]),
) -> Result<BulkJob, Error> {
    ctx.bulk_jobs().check_room(pass).await?;
    let mut types: Vec<TypeTask> = Vec::new();
    for (entity, n) in counted {
        if *n > 0 && types.iter().all(|known| known.entity != *entity) {
            let last = ctx.read(pass)?.records().find_last(entity, change.from).await?;
            let last = last.ok_or_else(|| Error::broken("counted records are missing"))?;
            types.push(TypeTask { entity: entity.clone(), last });
        }
    }
    let listed = change.records.as_deref().unwrap_or_default();
    let parts: Vec<Value> = listed.chunks(LISTED).map(|part| json!(part)).collect();
    let position = match change.records {
        Some(_) => Position::Listed { part: 0 },
        None => Position::Found { place: 0, after: RecordId(Uuid::nil()) },
    };
    let (from, to) = (owner_word(change.from), owner_word(change.to));
    let id = ctx.id::<BulkJobId>();
    let was = json!({"owner": from});
    let is = json!({"owner": to, "records": by_type(counted), "bulk_job": id});
    let subjects = (&from, Vec::new());
    let audit = ctx.record_audit_of(pass, "records.reassign", subjects, &was, &is).await?;
    let task = Task { from, to, types, parts: i64::try_from(parts.len()).unwrap_or(i64::MAX) };
    let figures = Figures {
        counts: counted.iter().map(|(entity, _)| (entity.clone(), 0)).collect(),
        out_of_reach: out_of_reach.iter().cloned().collect(),
        batches: 0,
    };
    let new = NewBulkJob {
        id,
        kind: BulkJobKind::Reassignment,
        audit,
        parameters: json!(task),
        total: counted.iter().map(|(_, n)| n).sum(),
        position: json!(position),
        result: json!(figures),
        parts,
    };
    let job = ctx.bulk_jobs().insert(pass, new).await?;
    ctx.commit(pass).await?;
    ctx.app.bulk_pace().note_start();
    Ok(job)
}

/// A batch that runs.
struct Running<'j> {
    job: &'j BulkJob,
    task: Task,
    figures: Figures,
    owners: (Owner, Owner),
}

impl Records<'_> {
    /// Runs the next batch of a reassignment, of so many records at most where it finds them itself.
    ///
    /// # Errors
    ///
    /// `Denied` and `Refused` when the member who started it may not do the rest.
    #[boxed]
    pub(crate) async fn run_reassignment(
        &mut self,
        job: &BulkJob,
        size: i64,
    ) -> Result<WrittenBatch, Error> {
        let ctx = &mut *self.0;
        let (task, figures) = (read::<Task>(&job.parameters)?, read(&job.result)?);
        let owner = |word: &str| word.parse::<OwnerRef>().map_err(|_| unreadable());
        let from = naming::owner(ctx, owner(&task.from)?);
        let owners = (from, naming::owner(ctx, owner(&task.to)?));
        ctx.check(ReassignRecords).await?;
        let running = Running { job, task, figures, owners };
        match read(&job.position)? {
            Position::Found { place, after } => running.find(ctx, (place, after), size).await,
            Position::Listed { part } => running.take(ctx, part).await,
        }
    }
}

impl Running<'_> {
    /// Reassigns the next records of the owner.
    async fn find(
        mut self,
        ctx: &mut WorkspaceContext,
        (place, after): (usize, RecordId),
        size: i64,
    ) -> Result<WrittenBatch, Error> {
        let of = self.task.types.get(place).ok_or_else(unreadable)?;
        let (entity, range) = (of.entity.clone(), (after, of.last));
        let pass = self.check(ctx, &entity).await?;
        let mut records = ctx.read(&pass)?.records();
        let found = records.list_next(&entity, self.owners.0, range, size).await?;
        let moved = self.reassign(ctx, &pass, &entity, &found).await?;
        if moved > 0 {
            let part = json!({entity: found});
            let mut jobs = ctx.tx(&pass)?.bulk_jobs();
            jobs.insert_part(self.job.id, self.figures.batches, (&(), &part)).await?;
        }
        let is_full = i64::try_from(found.len()).is_ok_and(|n| n >= size);
        let next = match found.last().filter(|_| is_full) {
            Some(last) => Some(Position::Found { place, after: *last }),
            None if place + 1 < self.task.types.len() => {
                Some(Position::Found { place: place + 1, after: RecordId(Uuid::nil()) })
            }
            None => None,
        };
        Ok(self.end(&pass, moved, next))
    }

    /// Reassigns those records of a part that the owner has.
    async fn take(
        mut self,
        ctx: &mut WorkspaceContext,
        number: i64,
    ) -> Result<WrittenBatch, Error> {
        let (mut moved, mut result, mut last_pass) = (0, Map::new(), None);
        let types: Vec<String> = self.task.types.iter().map(|of| of.entity.clone()).collect();
        for entity in types {
            let pass = self.check(ctx, &entity).await?;
            let part = ctx.read(&pass)?.bulk_jobs().find_part(self.job.id, number).await?;
            let part = part.ok_or_else(unreadable)?;
            let listed = self.change(ctx, &entity, read(&part.input)?);
            let found = ctx.read(&pass)?.records().list_reassigned(&listed).await?;
            moved += self.reassign(ctx, &pass, &entity, &found).await?;
            result.insert(entity, json!(found));
            last_pass = Some(pass);
        }
        let pass = last_pass.ok_or_else(unreadable)?;
        ctx.tx(&pass)?.bulk_jobs().finish_part(self.job.id, number, &result).await?;
        let is_last = number + 1 >= self.task.parts;
        let next = (!is_last).then_some(Position::Listed { part: number + 1 });
        Ok(self.end(&pass, moved, next))
    }

    /// Asks the gate for the next records of a type, as it was asked for the first.
    async fn check(
        &self,
        ctx: &mut WorkspaceContext,
        entity: &str,
    ) -> Result<Pass<RecordWritePermission>, Error> {
        let (from, to) = self.owners;
        let resource = ctx.record_type(entity)?;
        let reassigns = RecordWritePermission::new(entity, reassigning(&resource));
        let pass = ctx.check(reassigns).await?;
        check_owner(ctx, "/to", to)?;
        check_receive(ctx, &resource, to, "").await?;
        if is_reached(ctx, pass.filter(), from) {
            return Ok(pass);
        }
        let detail = format!("records of {} are out of reach", owner_word(from));
        Err(Refusal::field("/from", "out_of_reach", detail).into())
    }

    fn change(
        &self,
        ctx: &WorkspaceContext,
        entity: &str,
        records: Vec<RecordId>,
    ) -> OwnerChange {
        OwnerChange {
            from: self.owners.0,
            to: self.owners.1,
            entities: vec![(entity.to_owned(), Reach::All)],
            records: Some(records),
            at: ctx.now,
        }
    }

    /// Reassigns records of a type, and returns how many.
    async fn reassign(
        &mut self,
        ctx: &mut WorkspaceContext,
        pass: &Pass<RecordWritePermission>,
        entity: &str,
        records: &[RecordId],
    ) -> Result<i64, Error> {
        if records.is_empty() {
            return Ok(0);
        }
        let change = self.change(ctx, entity, records.to_vec());
        let counts = ctx.tx(pass)?.records().reassign(&change).await?;
        let moved: i64 = counts.iter().map(|(_, n)| n).sum();
        insert_events(ctx, pass, &change, records).await?;
        let touched: Vec<String> = records.iter().map(ToString::to_string).collect();
        ctx.tx(pass)?.audit().insert_subjects(self.job.audit, &touched).await?;
        *self.figures.counts.entry(entity.to_owned()).or_default() += moved;
        Ok(moved)
    }

    fn end(
        self,
        pass: &Pass<RecordWritePermission>,
        records: i64,
        next: Option<Position>,
    ) -> WrittenBatch {
        let figures = Figures { batches: self.figures.batches + 1, ..self.figures };
        let next = next.map(|position| json!(position));
        let batch = Batch { records, next, result: json!(figures) };
        WrittenBatch { pass: pass.erase(), batch }
    }
}

/// Adds the event of a reassignment to the timeline of each record.
pub(super) async fn insert_events(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    change: &OwnerChange,
    records: &[RecordId],
) -> Result<(), Error> {
    let (from, to) = (owner_word(change.from), owner_word(change.to));
    let detail = json!({"owner": {"from": from, "to": to}});
    for chunk in records.chunks(EVENTS) {
        let event = |record: &RecordId| event(ctx, *record, "reassign", detail.clone());
        let events: Vec<Event> = chunk.iter().map(event).collect();
        ctx.tx(pass)?.records().insert_events(&events).await?;
    }
    Ok(())
}

/// Figures of record types as an object.
pub(super) fn by_type(counts: &[(String, i64)]) -> Value {
    let each = counts.iter().map(|(entity, count)| (entity.clone(), Value::from(*count)));
    Value::Object(each.collect())
}
