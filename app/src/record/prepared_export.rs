//! Exports of records that a bulk job prepares: the list that the direct export sends, in a file that waits for its
//! member.
//!
//! **Invariant:** each batch reads with the rights of its moment, outside of the transaction that stores its piece, and the
//! file remembers whose records the member could read.

use std::collections::BTreeMap;

use hallpass_domain::bulk_job::{Batch, BulkJob, BulkJobKind};
use hallpass_domain::csv;
use hallpass_domain::export_file::state::NoFile;
use hallpass_domain::export_file::{ExportFile, KEPT};
use hallpass_domain::id::{BulkJobId, RecordId};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::saved_view::{FilterParts, ViewFilter};
use hallpass_store::export_file::StoredExport;
use hallpass_store::record::Reach;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::csv as record_csv;
use super::export::audit_view;
use super::part::reading;
use super::{CountMode, RecordPosition, RecordQuery, Records, SortOrder, Total};
use crate::boxed;
use crate::bulk_job::{NewBulkJob, WrittenBatch, is_own, read, unreadable};
use crate::context::no_workspace;
use crate::error::Error;
use crate::export_file::ExportDetails;
use crate::gate::permission::{AnyMember, RecordPermission, RecordWritePermission};

/// The most records of a batch.
const LARGEST: i64 = 500;

/// An export that is asked for.
#[derive(Clone, Debug, Default)]
pub struct WantedExport {
    /// The record type, by key.
    pub entity: String,
    /// Which records.
    pub filter: ViewFilter,
    /// Whether the file begins with a byte order mark, by which Excel recognises UTF-8.
    pub has_mark: bool,
}

/// What a job is to do.
#[derive(Serialize, Deserialize)]
struct Task {
    entity: String,
    filter: FilterParts,
    has_mark: bool,
    /// Whether the records were counted when it started.
    is_total_exact: bool,
}

/// What a job has done.
#[derive(Serialize, Deserialize)]
struct Figures {
    /// How many records it has written, by type.
    counts: BTreeMap<String, i64>,
}

/// After which record a batch begins; none at the beginning.
type Position = Option<(String, RecordId)>;

/// What a batch has read.
pub(crate) struct ExportPart {
    /// Where it began.
    pub(crate) from: Value,
    text: String,
    records: i64,
    next: Position,
    /// Whose records the member could read.
    reach: Reach,
}

impl WantedExport {
    /// The query of a page.
    #[must_use]
    pub fn query(&self, after: Option<RecordPosition>, limit: usize) -> RecordQuery {
        let ViewFilter { text, owner, stage, rest } = self.filter.clone();
        RecordQuery {
            text,
            owner,
            stage,
            order: Some(SortOrder::Newest),
            after,
            limit,
            total: CountMode::Skipped,
            filter: rest,
            sorting: None,
        }
    }
}

impl Records<'_> {
    /// Counts the records of an export, and checks its filter.
    #[boxed]
    pub async fn count_export(&mut self, wanted: &WantedExport) -> Result<Total, Error> {
        let query = RecordQuery { total: CountMode::Counted, ..wanted.query(None, 1) };
        Ok(self.list(&wanted.entity, &query).await?.total)
    }

    /// Starts the bulk job that prepares an export of so many records, and notes it in the audit log as a direct export is.
    ///
    /// # Errors
    ///
    /// `Fields` where the member or the workspace has as many exports or bulk jobs as it can have.
    #[boxed]
    pub async fn prepare_export(
        &mut self,
        wanted: &WantedExport,
        total: Total,
    ) -> Result<ExportDetails, Error> {
        let ctx = &mut *self.0;
        let entity = wanted.entity.as_str();
        let resource = ctx.record_type(entity)?;
        let pass = ctx.check(RecordWritePermission::new(entity, reading(&resource))).await?;
        let filter = FilterParts::of(&wanted.filter);
        filter.clone().read().map_err(Refusal::Fields)?;
        ctx.export_files().check_room(&pass).await?;
        ctx.bulk_jobs().check_room(&pass).await?;
        let id = ctx.id::<BulkJobId>();
        let mut view = audit_view(ctx, &wanted.query(None, 1));
        if let Value::Object(fields) = &mut view {
            fields.insert("bulk_job".to_owned(), json!(id));
        }
        let (action, subjects) = (format!("{entity}.export"), (entity, Vec::new()));
        let audit = ctx.record_audit_of(&pass, &action, subjects, &(), &view).await?;
        let (total, is_total_exact) = match total {
            Total::Exact(n) => (n, true),
            Total::MoreThan(n) => (n, false),
            Total::Unknown => (0, false),
        };
        let has_mark = wanted.has_mark;
        let task = Task { entity: entity.to_owned(), filter, has_mark, is_total_exact };
        let new = NewBulkJob {
            id,
            kind: BulkJobKind::Export,
            audit,
            parameters: json!(task),
            total,
            position: json!(Position::None),
            result: json!(Figures { counts: BTreeMap::from([(entity.to_owned(), 0)]) }),
            parts: Vec::new(),
        };
        let reach = ctx.reach(pass.filter());
        let member = ctx.member_id().ok_or_else(no_workspace)?;
        let file = ExportFile { job: id, member, bytes: 0, pieces: 0, expires_at: None };
        ctx.tx(&pass)?.export_files().insert(&StoredExport { file, reach }).await?;
        let job = ctx.bulk_jobs().insert(&pass, new).await?;
        ctx.commit(&pass).await?;
        ctx.app.bulk_pace().note_start();
        let (entity, ready) = (entity.to_owned(), Err(NoFile::Preparing));
        Ok(ExportDetails { job, entity, is_total_exact, file: Some(file), ready })
    }

    /// Returns what an export of the caller was asked for, to make it again.
    ///
    /// # Errors
    ///
    /// `Missing` also for an export of another member.
    #[boxed]
    pub async fn load_wanted_export(&mut self, id: BulkJobId) -> Result<WantedExport, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let job = ctx.read(&pass)?.bulk_jobs().find(id).await?;
        let job = job.filter(|job| job.kind == BulkJobKind::Export && is_own(ctx, job));
        let job = job.ok_or(Error::Missing { noun: "export" })?;
        read::<Task>(&job.parameters)?.wanted()
    }

    /// Reads the next batch of an export, of so many records at most.
    ///
    /// # Errors
    ///
    /// `Denied` and `Refused` when the member who asked for it may not read the rest.
    #[boxed]
    pub(crate) async fn read_export(
        &mut self,
        job: &BulkJob,
        size: i64,
    ) -> Result<ExportPart, Error> {
        let wanted = read::<Task>(&job.parameters)?.wanted()?;
        let position: Position = read(&job.position)?;
        let resource = self.0.record_type(&wanted.entity)?;
        let permission = RecordPermission::new(&wanted.entity, reading(&resource));
        let pass = self.0.check(permission).await?;
        let reach = self.0.reach(pass.filter());
        let mut text = match position {
            None => {
                format!("{}{}", csv::start(wanted.has_mark), record_csv::head(&resource))
            }
            Some(_) => String::new(),
        };
        let after = position.map(|(key, id)| RecordPosition { key, id });
        let limit = usize::try_from(size.clamp(1, LARGEST)).unwrap_or(1);
        let page = self.list(&wanted.entity, &wanted.query(after, limit)).await?;
        if page.is_incomplete && page.next.is_none() {
            let detail = "not every record was read: narrow the search or the filter, or try again when \
                          the records are indexed";
            return Err(Refusal::field("", "incomplete", detail).into());
        }
        let zone = self.0.zone();
        for details in &page.records {
            text.push_str(&record_csv::line(&page.resource, details, &zone));
        }
        Ok(ExportPart {
            from: job.position.clone(),
            text,
            records: i64::try_from(page.records.len()).unwrap_or(i64::MAX),
            next: page.next.map(|next| (next.key, next.id)),
            reach,
        })
    }

    /// Stores what a batch of an export has read.
    ///
    /// # Errors
    ///
    /// `Fields` when the file would be too large; `NoExportFile` when the member could read less in this batch than
    /// before.
    #[boxed]
    pub(crate) async fn write_export(
        &mut self,
        job: &BulkJob,
        part: ExportPart,
    ) -> Result<WrittenBatch, Error> {
        let ctx = &mut *self.0;
        let Task { entity, .. } = read(&job.parameters)?;
        let mut figures: Figures = read(&job.result)?;
        let resource = ctx.record_type(&entity)?;
        let pass = ctx.check(RecordWritePermission::new(&entity, reading(&resource))).await?;
        let stored = ctx.read(&pass)?.export_files().find(job.id).await?;
        let stored = stored.ok_or(Error::Missing { noun: "export" })?;
        if !part.reach.includes(&stored.reach) {
            return Err(Refusal::NoExportFile(NoFile::Outdated).into());
        }
        let mut file = stored.file;
        if !part.text.is_empty() {
            let number = file.pieces;
            file = file.with_piece(part.text.len())?;
            let contents = part.text.into_bytes();
            ctx.tx(&pass)?.export_files().insert_piece(job.id, number, contents).await?;
        }
        if part.next.is_none() {
            file.expires_at = Some(ctx.now + KEPT);
        }
        let stored = StoredExport { file, reach: part.reach };
        ctx.tx(&pass)?.export_files().update(&stored).await?;
        *figures.counts.entry(entity).or_default() += part.records;
        let next = part.next.map(|next| json!(next));
        let batch = Batch { records: part.records, next, result: json!(figures) };
        Ok(WrittenBatch { pass: pass.erase(), batch })
    }
}

impl Task {
    fn wanted(self) -> Result<WantedExport, Error> {
        let filter = self.filter.read().map_err(|_| unreadable())?;
        Ok(WantedExport { entity: self.entity, filter, has_mark: self.has_mark })
    }
}
