//! The work of a prepared export: the list that the direct export sends, in a file that waits for its member.
//!
//! **Invariant:** each batch reads with the rights of its moment, outside of the transaction that stores its piece, and the
//! file remembers what the member could read.

use std::collections::BTreeMap;

use hallpass_domain::bulk_job::{Batch, BulkJob, BulkJobKind};
use hallpass_domain::csv;
use hallpass_domain::export_file::state::NoFile;
use hallpass_domain::export_file::{ExportFile, KEPT};
use hallpass_domain::id::{AuditId, BulkJobId, RecordId};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::saved_view::FilterParts;
use hallpass_store::export_file::{Reaches, StoredExport};
use hallpass_store::record::Total;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::reach::reaches;
use super::subject::{AuditExport, ExportSubject, ExportTask, RecordExport};
use super::{ExportDetails, ExportFiles, find, task_of};
use crate::audit::check_filters;
use crate::boxed;
use crate::bulk_job::{NewBulkJob, WrittenBatch, read};
use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::{AnyMember, Granted};
use crate::record::csv as record_csv;
use crate::record::export::{audit_view, query};
use crate::record::{CountMode, RecordPosition, RecordQuery};

/// The most records of a batch.
const MOST_RECORDS: i64 = 500;

/// The most audit entries of a batch.
const MOST_ENTRIES: i64 = 200;

/// What a job has done.
#[derive(Serialize, Deserialize)]
struct Figures {
    /// How many records it has written, by type.
    counts: BTreeMap<String, i64>,
}

/// What a batch has read.
pub(crate) struct ExportPart {
    /// Where it began.
    pub(crate) from: Value,
    lines: Lines,
    /// What the member could read.
    reach: Reaches,
}

/// The lines of a part.
struct Lines {
    text: String,
    count: usize,
    /// Where the next part begins.
    next: Option<Value>,
}

impl ExportFiles<'_> {
    /// Counts what an export would have, as far as that is quick, and checks its filters.
    #[boxed]
    pub async fn estimate(&mut self, subject: &ExportSubject) -> Result<Total, Error> {
        let ctx = &mut *self.0;
        match subject {
            ExportSubject::Records(RecordExport { entity, filter, .. }) => {
                let query = RecordQuery { total: CountMode::Counted, ..query(filter, None, 1) };
                Ok(ctx.records().list(entity, &query).await?.total)
            }
            ExportSubject::Audit(AuditExport { filter, .. }) => ctx.audit().count(filter).await,
        }
    }

    /// Starts the bulk job that prepares an export of so many records or entries, and notes it in the audit log as a direct
    /// export is.
    ///
    /// # Errors
    ///
    /// `Fields` where the member or the workspace has as many exports or bulk jobs as it can have.
    #[boxed]
    pub async fn prepare(
        &mut self,
        subject: &ExportSubject,
        total: Total,
    ) -> Result<ExportDetails, Error> {
        let pass = subject.check(self.0).await?;
        check_subject(self.0, &pass, subject).await?;
        self.check_room(&pass).await?;
        let ctx = &mut *self.0;
        ctx.bulk_jobs().check_room(&pass).await?;
        let id = ctx.id::<BulkJobId>();
        let audit = record_start(ctx, &pass, subject, id).await?;
        let (total, is_total_exact) = match total {
            Total::Exact(n) => (n, true),
            Total::MoreThan(n) => (n, false),
            Total::Unknown => (0, false),
        };
        let task = ExportTask { subject: subject.clone(), is_total_exact };
        let counts = match subject {
            ExportSubject::Records(RecordExport { entity, .. }) => {
                BTreeMap::from([(entity.clone(), 0)])
            }
            ExportSubject::Audit(_) => BTreeMap::new(),
        };
        let new = NewBulkJob {
            id,
            kind: BulkJobKind::Export,
            audit,
            parameters: task.to_json(),
            total,
            position: Value::Null,
            result: json!(Figures { counts }),
            parts: Vec::new(),
        };
        let reach = reaches(ctx, subject);
        let member = ctx.member_id().ok_or_else(no_workspace)?;
        let file = ExportFile { job: id, member, bytes: 0, pieces: 0, expires_at: None };
        ctx.tx(&pass)?.export_files().insert(&StoredExport { file, reach }).await?;
        let job = ctx.bulk_jobs().insert(&pass, new).await?;
        ctx.commit(&pass).await?;
        ctx.app.bulk_pace().note_start();
        let ready = Err(NoFile::Preparing);
        Ok(ExportDetails { job, task, file: Some(file), ready })
    }

    /// Returns what an export of the caller is of, to make it again.
    ///
    /// # Errors
    ///
    /// `Missing` also for an export of another member.
    #[boxed]
    pub async fn load_subject(&mut self, id: BulkJobId) -> Result<ExportSubject, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let (job, _) = find(ctx, &pass, id).await?;
        Ok(task_of(&job)?.subject)
    }

    /// Reads the next batch of an export, of so many records or entries at most.
    ///
    /// # Errors
    ///
    /// `Denied` and `Refused` when the member who asked for it may not read the rest.
    #[boxed]
    pub(crate) async fn read_part(
        &mut self,
        job: &BulkJob,
        size: i64,
    ) -> Result<ExportPart, Error> {
        let ctx = &mut *self.0;
        let ExportTask { subject, .. } = task_of(job)?;
        let reach = reaches(ctx, &subject);
        let lines = match &subject {
            ExportSubject::Records(wanted) => {
                let limit = size.clamp(1, MOST_RECORDS);
                records(ctx, wanted, job, usize::try_from(limit).unwrap_or(1)).await?
            }
            ExportSubject::Audit(wanted) => {
                let limit = size.clamp(1, MOST_ENTRIES);
                entries(ctx, wanted, job, usize::try_from(limit).unwrap_or(1)).await?
            }
        };
        Ok(ExportPart { from: job.position.clone(), lines, reach })
    }

    /// Stores what a batch of an export has read.
    ///
    /// # Errors
    ///
    /// `Fields` when the file would be too large; `NoExportFile` when the member could read less in this batch than
    /// before.
    #[boxed]
    pub(crate) async fn write_part(
        &mut self,
        job: &BulkJob,
        part: ExportPart,
    ) -> Result<WrittenBatch, Error> {
        let ctx = &mut *self.0;
        let ExportTask { subject, .. } = task_of(job)?;
        let ExportPart { lines: Lines { text, count, next }, reach, .. } = part;
        let pass = subject.check(ctx).await?;
        let stored = ctx.read(&pass)?.export_files().find(job.id).await?;
        let stored = stored.ok_or(Error::Missing { noun: "export" })?;
        if !reach.includes(&stored.reach) {
            return Err(Refusal::NoExportFile(NoFile::Outdated).into());
        }
        let mut file = stored.file;
        if !text.is_empty() {
            let number = file.pieces;
            file = file.with_piece(text.len())?;
            let contents = text.into_bytes();
            ctx.tx(&pass)?.export_files().insert_piece(job.id, number, contents).await?;
        }
        if next.is_none() {
            file.expires_at = Some(ctx.now + KEPT);
        }
        ctx.tx(&pass)?.export_files().update(&StoredExport { file, reach }).await?;
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let mut figures: Figures = read(&job.result)?;
        if let ExportSubject::Records(RecordExport { entity, .. }) = subject {
            *figures.counts.entry(entity).or_default() += count;
        }
        let batch = Batch { records: count, next, result: json!(figures) };
        Ok(WrittenBatch { pass, batch })
    }
}

/// Checks the filters of an export.
async fn check_subject(
    ctx: &mut WorkspaceContext,
    pass: &Pass<Granted>,
    subject: &ExportSubject,
) -> Result<(), Error> {
    match subject {
        ExportSubject::Records(RecordExport { filter, .. }) => {
            FilterParts::of(filter).read().map_err(Refusal::Fields)?;
            Ok(())
        }
        ExportSubject::Audit(AuditExport { filter, .. }) => {
            check_filters(ctx, pass, filter).await
        }
    }
}

/// Notes an export in the audit log as a direct one is, with its bulk job.
async fn record_start(
    ctx: &mut WorkspaceContext,
    pass: &Pass<Granted>,
    subject: &ExportSubject,
    job: BulkJobId,
) -> Result<AuditId, Error> {
    let (action, about, mut view) = match subject {
        ExportSubject::Records(RecordExport { entity, filter, .. }) => {
            let view = audit_view(ctx, &query(filter, None, 1));
            (format!("{entity}.export"), entity.clone(), view)
        }
        ExportSubject::Audit(AuditExport { filter, .. }) => {
            ("audit.export".to_owned(), ctx.workspace_id().to_string(), filter.to_json())
        }
    };
    if let Value::Object(fields) = &mut view {
        fields.insert("bulk_job".to_owned(), json!(job));
    }
    ctx.record_audit_of(pass, &action, (about, Vec::new()), &(), &view).await
}

/// Reads records, from behind the last one of the batch before.
async fn records(
    ctx: &mut WorkspaceContext,
    wanted: &RecordExport,
    job: &BulkJob,
    limit: usize,
) -> Result<Lines, Error> {
    let position: Option<(String, RecordId)> = read(&job.position)?;
    let resource = ctx.record_type(&wanted.entity)?;
    let mut text = match position {
        None => format!("{}{}", csv::start(wanted.has_mark), record_csv::head(&resource)),
        Some(_) => String::new(),
    };
    let after = position.map(|(key, id)| RecordPosition { key, id });
    let page = ctx.records().list(&wanted.entity, &query(&wanted.filter, after, limit)).await?;
    if page.is_incomplete && page.next.is_none() {
        let detail = "not every record was read: narrow the search or the filter, or try again when \
                      the records are indexed";
        return Err(Refusal::field("", "incomplete", detail).into());
    }
    let zone = ctx.zone();
    for details in &page.records {
        text.push_str(&record_csv::line(&page.resource, details, &zone));
    }
    let next = page.next.map(|next| json!((next.key, next.id)));
    Ok(Lines { text, count: page.records.len(), next })
}

/// Reads audit entries, from below the last one of the batch before. The entry of the export, and what came after it, are
/// not in the file.
async fn entries(
    ctx: &mut WorkspaceContext,
    wanted: &AuditExport,
    job: &BulkJob,
    limit: usize,
) -> Result<Lines, Error> {
    let position: Option<AuditId> = read(&job.position)?;
    let mut text = match position {
        None => wanted.format.start(wanted.has_mark),
        Some(_) => String::new(),
    };
    let below = position.unwrap_or(job.audit);
    let page = ctx.audit().list(&wanted.filter, Some(below), limit).await?;
    for entry in &page.entries {
        text.push_str(&wanted.format.line(ctx, entry));
    }
    Ok(Lines { text, count: page.entries.len(), next: page.next.map(|next| json!(next)) })
}
