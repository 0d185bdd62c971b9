//! The export of a list that is too long to be sent at once: a bulk job prepares its file.

use axum::extract::Path;
use hallpass_app::export_file::subject::{ExportSubject, RecordExport};

use super::filter::Filter;
use super::kind::Kind;
use crate::export_file;
use crate::reply::{self, Shown};
use crate::submission::Submission;

/// Starts the export of the list that the query shows.
pub(crate) async fn prepare(
    Path((_, entity)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let ctx = submission.read().await?;
    let kind = Kind::find(&ctx, &submission.frame, &entity)?;
    drop(ctx);
    let filter = Filter::of(&kind, &submission.query);
    if !filter.faults.is_empty() {
        // The list says what is wrong with it.
        return reply::go(&format!("{}{}", kind.path, filter.first().as_query()));
    }
    let wanted =
        RecordExport { entity, filter: filter.settings.filter.clone(), has_mark: false };
    export_file::start(&mut submission, &ExportSubject::Records(wanted)).await
}
