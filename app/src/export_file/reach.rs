//! What the caller may read of what a prepared export is of: a file is compared with it.

use hallpass_domain::export_file::FileReach;
use hallpass_engine::Filter;
use hallpass_store::export_file::{Reaches, StoredExport};

use super::subject::{ExportSubject, RecordExport};
use crate::audit;
use crate::context::WorkspaceContext;

/// What the caller may read: the records of which owners, or the values of which entries.
pub(super) fn reaches(ctx: &WorkspaceContext, subject: &ExportSubject) -> Reaches {
    match subject {
        ExportSubject::Records(RecordExport { entity, .. }) => {
            let resource = ctx.record_type(entity).ok();
            let filter = resource
                .as_ref()
                .map_or(Filter::Nothing, |resource| ctx.readable_owners(resource));
            Reaches::of(entity, ctx.reach(&filter))
        }
        ExportSubject::Audit(_) => audit::reaches(ctx),
    }
}

/// Compares what the member might read when a file was made with what the caller may read now.
pub(super) fn compare(
    ctx: &WorkspaceContext,
    subject: &ExportSubject,
    stored: Option<&StoredExport>,
) -> FileReach {
    let is_covered = subject.is_open(ctx)
        && stored.is_some_and(|stored| reaches(ctx, subject).includes(&stored.reach));
    if is_covered { FileReach::Covered } else { FileReach::Reduced }
}
