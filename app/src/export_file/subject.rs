//! What a prepared export is of, as its bulk job stores it: records of a type, or entries of the audit log, with filters.

use hallpass_domain::bulk_job::BulkJob;
use hallpass_domain::saved_view::{FilterParts, ViewFilter};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::audit::filter::AuditFilter;
use crate::audit::line::AuditFormat;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::{ExportAudit, Granted, ReadAudit, RecordWritePermission};
use crate::record::part::reading;

/// What an export is of.
#[derive(Clone, Debug)]
pub enum ExportSubject {
    /// Records of a type.
    Records(RecordExport),
    /// Entries of the audit log.
    Audit(AuditExport),
}

/// An export of records.
#[derive(Clone, Debug, Default)]
pub struct RecordExport {
    /// The record type, by key.
    pub entity: String,
    /// Which records.
    pub filter: ViewFilter,
    /// Whether the file begins with a byte order mark, by which Excel recognises UTF-8.
    pub has_mark: bool,
}

/// An export of audit entries.
#[derive(Clone, Debug)]
pub struct AuditExport {
    /// Which entries.
    pub filter: AuditFilter,
    /// What the file is written in.
    pub format: AuditFormat,
    /// Whether a CSV file begins with a byte order mark.
    pub has_mark: bool,
}

/// What the bulk job of an export has to do.
#[derive(Clone, Debug)]
pub struct ExportTask {
    /// What it is of.
    pub subject: ExportSubject,
    /// Whether the total of the job is exact; there are so many at least otherwise.
    pub is_total_exact: bool,
}

/// A task as a job stores it.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    subject: StoredSubject,
    #[serde(default)]
    is_total_exact: bool,
}

/// A subject by its fields.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredSubject {
    Records { entity: String, filter: FilterParts, has_mark: bool },
    Audit { entries: Value, format: AuditFormat, has_mark: bool },
}

impl ExportTask {
    /// The task of a job; `None` where the job is of another kind.
    #[must_use]
    pub fn of(job: &BulkJob) -> Option<ExportTask> {
        let Stored { subject, is_total_exact } = Stored::deserialize(&job.parameters).ok()?;
        let subject = match subject {
            StoredSubject::Records { entity, filter, has_mark } => {
                let filter = filter.read().ok()?;
                ExportSubject::Records(RecordExport { entity, filter, has_mark })
            }
            StoredSubject::Audit { entries, format, has_mark } => {
                let filter = AuditFilter::parse(&entries)?;
                ExportSubject::Audit(AuditExport { filter, format, has_mark })
            }
        };
        Some(ExportTask { subject, is_total_exact })
    }

    /// The task as its job stores it.
    pub(crate) fn to_json(&self) -> Value {
        let subject = match &self.subject {
            ExportSubject::Records(RecordExport { entity, filter, has_mark }) => {
                StoredSubject::Records {
                    entity: entity.clone(),
                    filter: FilterParts::of(filter),
                    has_mark: *has_mark,
                }
            }
            ExportSubject::Audit(AuditExport { filter, format, has_mark }) => {
                let entries = filter.to_json();
                StoredSubject::Audit { entries, format: *format, has_mark: *has_mark }
            }
        };
        json!(Stored { subject, is_total_exact: self.is_total_exact })
    }
}

impl ExportSubject {
    /// Asks the gate for it as for a change, so that who looks through the eyes of another member gets no file.
    pub(crate) async fn check(
        &self,
        ctx: &mut WorkspaceContext,
    ) -> Result<Pass<Granted>, Error> {
        match self {
            ExportSubject::Records(RecordExport { entity, .. }) => {
                let resource = ctx.record_type(entity)?;
                let permission = RecordWritePermission::new(entity, reading(&resource));
                Ok(ctx.check(permission).await?.erase())
            }
            ExportSubject::Audit(_) => {
                ctx.check(ReadAudit).await?;
                Ok(ctx.check(ExportAudit).await?.erase())
            }
        }
    }

    /// Whether the gate would give the caller that pass, were a recent sign-in asked for or not.
    pub(crate) fn is_open(&self, ctx: &WorkspaceContext) -> bool {
        match self {
            ExportSubject::Records(RecordExport { entity, .. }) => {
                ctx.record_type(entity).is_ok_and(|resource| {
                    ctx.opens(&RecordWritePermission::new(entity, reading(&resource)))
                })
            }
            ExportSubject::Audit(_) => ctx.opens(&ReadAudit) && ctx.opens(&ExportAudit),
        }
    }
}
