//! Imports: many records at once, each by the rules for one. So many that others would wait are a bulk job.

use std::collections::BTreeMap;

use hallpass_domain::bulk_job::{Batch, BulkJob, BulkJobKind};
use hallpass_domain::id::{BulkJobId, RecordId};
use hallpass_domain::record::{Event, Record, Schema, Write};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Resource;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::change::{NewRecord, prepare};
use super::part::creating;
use super::{Records, event, owner_word};
use crate::boxed;
use crate::bulk_job::{NewBulkJob, WrittenBatch, is_bulk, read, unreadable};
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::RecordWritePermission;
use crate::gate::{Pass, WritePermission};
use crate::naming::{self, OwnerRef};

/// The most records of an import.
pub const MOST_IMPORTED: usize = 20_000;

/// The records of a batch.
const BATCH: usize = 250;

/// The field with the ids of sample records in the audit entry of their import.
pub(crate) const SAMPLE: &str = "sample";

/// A line of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportLine {
    /// Its number in the file.
    pub number: usize,
    /// The record.
    pub record: NewRecord,
}

/// An import that was asked for.
#[derive(Clone, Debug)]
pub enum Imported {
    /// So many records are there.
    Done(usize),
    /// A bulk job creates them.
    Started(Box<BulkJob>),
}

/// A line, as a job stores it.
#[derive(Serialize, Deserialize)]
struct StoredLine {
    number: usize,
    fields: Map<String, Value>,
    owner: Option<String>,
    stage: Option<String>,
}

/// What a job is to do.
#[derive(Serialize, Deserialize)]
struct Task {
    entity: String,
    parts: i64,
}

/// What a job has done.
#[derive(Serialize, Deserialize)]
struct Figures {
    /// How many records it has created, by type.
    counts: BTreeMap<String, i64>,
}

impl Records<'_> {
    /// Creates records of a type, all of them or none, with one entry in the audit log. Every record is
    /// checked before the first is written, so that a dry run refuses what the import would. More than
    /// [`MOST_AT_ONCE`](hallpass_domain::bulk_job::MOST_AT_ONCE) records are created by a bulk job, batch by
    /// batch.
    ///
    /// # Errors
    ///
    /// `Fields` for more than [`MOST_IMPORTED`] records.
    #[boxed]
    pub async fn import(
        &mut self,
        entity: &str,
        lines: &[ImportLine],
    ) -> Result<Imported, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let pass = ctx.check(RecordWritePermission::new(entity, creating(&resource))).await?;
        if lines.len() > MOST_IMPORTED {
            let detail = format!("an import has at most {MOST_IMPORTED} records");
            return Err(Refusal::field("", "too_many", detail).into());
        }
        if is_bulk(ctx, i64::try_from(lines.len()).unwrap_or(i64::MAX)) {
            check(ctx, &resource, lines).await?;
            let job = start(ctx, &pass, entity, lines).await?;
            return Ok(Imported::Started(Box::new(job)));
        }
        insert_at_once(ctx, &pass, &resource, (lines, LineKind::Own)).await?;
        ctx.commit(&pass).await?;
        Ok(Imported::Done(lines.len()))
    }

    /// Creates sample records of a type as an import does. Its audit entry says which they are.
    #[boxed]
    pub async fn import_samples(
        &mut self,
        entity: &str,
        lines: &[ImportLine],
    ) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let pass = ctx.check(RecordWritePermission::new(entity, creating(&resource))).await?;
        insert_at_once(ctx, &pass, &resource, (lines, LineKind::Sample)).await?;
        ctx.commit(&pass).await.map(drop)
    }

    /// Runs the next batch of an import that is a bulk job.
    ///
    /// # Errors
    ///
    /// `Denied` and `Refused` when the member who started it may not create the next records.
    #[boxed]
    pub(crate) async fn run_import(&mut self, job: &BulkJob) -> Result<WrittenBatch, Error> {
        let ctx = &mut *self.0;
        let Task { entity, parts } = read(&job.parameters)?;
        let mut figures: Figures = read(&job.result)?;
        let number: i64 = read(&job.position)?;
        let resource = ctx.record_type(&entity)?;
        let pass = ctx.check(RecordWritePermission::new(&entity, creating(&resource))).await?;
        let part = ctx.read(&pass)?.bulk_jobs().find_part(job.id, number).await?;
        let stored: Vec<StoredLine> = read(&part.ok_or_else(unreadable)?.input)?;
        let lines = stored.into_iter().map(StoredLine::read);
        let lines = lines.collect::<Result<Vec<ImportLine>, Error>>()?;
        let prepared =
            prepare_all(ctx, &resource, lines.iter().map(|line| &line.record)).await?;
        let touched = insert_all(ctx, &pass, &prepared).await?;
        ctx.tx(&pass)?.audit().insert_subjects(job.audit, &touched).await?;
        let made = lines.iter().zip(&prepared);
        let made: Vec<(usize, RecordId)> =
            made.map(|(line, record)| (line.number, record.id)).collect();
        let result = json!({&entity: made});
        ctx.tx(&pass)?.bulk_jobs().finish_part(job.id, number, &result).await?;
        let records = i64::try_from(prepared.len()).unwrap_or(i64::MAX);
        *figures.counts.entry(entity).or_default() += records;
        let next = (number + 1 < parts).then(|| json!(number + 1));
        let batch = Batch { records, next, result: json!(figures) };
        Ok(WrittenBatch { pass: pass.erase(), batch })
    }
}

impl StoredLine {
    fn of(line: &ImportLine) -> StoredLine {
        let NewRecord { fields, owner, stage } = line.record.clone();
        let owner = owner.map(|owner| match owner {
            OwnerRef::Me => "me".to_owned(),
            OwnerRef::Unowned => "unowned".to_owned(),
            OwnerRef::Member(id) => id.to_string(),
        });
        StoredLine { number: line.number, fields, owner, stage }
    }

    fn read(self) -> Result<ImportLine, Error> {
        let StoredLine { number, fields, owner, stage } = self;
        let owner = owner.map(|owner| owner.parse().map_err(|_| unreadable())).transpose()?;
        Ok(ImportLine { number, record: NewRecord { fields, owner, stage } })
    }
}

/// Checks the lines of a job: the values of each, and for each owner and stage whether the caller may create a
/// record. Each batch checks each of its lines again.
async fn check(
    ctx: &mut WorkspaceContext,
    resource: &Resource,
    lines: &[ImportLine],
) -> Result<(), Error> {
    let mut checked = Vec::new();
    for NewRecord { fields, owner, stage } in lines.iter().map(|line| &line.record) {
        let owner = naming::owner(ctx, owner.unwrap_or(OwnerRef::Me));
        if checked.contains(&(owner, stage)) {
            Schema::of(resource).check(fields, Write::New).map_err(Refusal::Fields)?;
            continue;
        }
        checked.push((owner, stage));
        let record = NewRecord {
            fields: fields.clone(),
            owner: Some(owner.into()),
            stage: stage.clone(),
        };
        prepare(ctx, resource, &record).await?;
    }
    Ok(())
}

async fn start(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    entity: &str,
    lines: &[ImportLine],
) -> Result<BulkJob, Error> {
    ctx.bulk_jobs().check_room(pass).await?;
    let parts = lines.chunks(BATCH).map(|part| {
        let lines: Vec<StoredLine> = part.iter().map(StoredLine::of).collect();
        json!(lines)
    });
    let parts: Vec<Value> = parts.collect();
    let id = ctx.id::<BulkJobId>();
    let view = json!({"records": lines.len(), "bulk_job": id});
    let (action, subjects) = (format!("{entity}.import"), (ctx.workspace_id(), Vec::new()));
    let audit = ctx.record_audit_of(pass, &action, subjects, &(), &view).await?;
    let count = i64::try_from(parts.len()).unwrap_or(i64::MAX);
    let new = NewBulkJob {
        id,
        kind: BulkJobKind::Import,
        audit,
        parameters: json!(Task { entity: entity.to_owned(), parts: count }),
        total: i64::try_from(lines.len()).unwrap_or(i64::MAX),
        position: json!(0),
        result: json!(Figures { counts: BTreeMap::from([(entity.to_owned(), 0)]) }),
        parts,
    };
    let job = ctx.bulk_jobs().insert(pass, new).await?;
    ctx.commit(pass).await?;
    ctx.app.bulk_pace().note_start();
    Ok(job)
}

/// Whose records an import brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineKind {
    /// Those of the workspace.
    Own,
    /// Samples.
    Sample,
}

/// Creates all records of some lines, with the entry of the audit log.
async fn insert_at_once(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    resource: &Resource,
    (lines, kind): (&[ImportLine], LineKind),
) -> Result<(), Error> {
    let records = lines.iter().map(|line| &line.record);
    let prepared = prepare_all(ctx, resource, records).await?;
    let touched = insert_all(ctx, pass, &prepared).await?;
    let mut view = json!({"records": lines.len()});
    if kind == LineKind::Sample
        && let Some(view) = view.as_object_mut()
    {
        view.insert(SAMPLE.to_owned(), json!(touched));
    }
    let (action, subjects) =
        (format!("{}.import", resource.key), (ctx.workspace_id(), touched));
    ctx.record_audit_of(pass, &action, subjects, &(), &view).await.map(drop)
}

/// Checks each record, and returns them as they will be.
async fn prepare_all(
    ctx: &mut WorkspaceContext,
    resource: &Resource,
    records: impl ExactSizeIterator<Item = &NewRecord>,
) -> Result<Vec<Record>, Error> {
    let mut prepared = Vec::with_capacity(records.len());
    for record in records {
        prepared.push(prepare(ctx, resource, record).await?.0);
    }
    Ok(prepared)
}

/// Inserts records with the first events of their timelines, and returns their ids.
async fn insert_all(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    records: &[Record],
) -> Result<Vec<String>, Error> {
    ctx.tx(pass)?.records().insert_all(records).await?;
    let created = |record: &Record| {
        event(ctx, record.id, "create", json!({"owner": owner_word(record.owner)}))
    };
    let events: Vec<Event> = records.iter().map(created).collect();
    ctx.tx(pass)?.records().insert_events(&events).await?;
    Ok(records.iter().map(|record| record.id.to_string()).collect())
}
