//! Exports that bulk jobs prepare: asked for, and shown with their file on the page of their job.

use axum::extract::Path;
use hallpass_app::export_file::ExportDetails;
use hallpass_app::export_file::subject::ExportSubject;
use hallpass_app::record::Total;
use hallpass_domain::bulk_job::{BulkJobState, MOST_AT_ONCE};
use hallpass_domain::export_file::state::NoFile;
use hallpass_domain::id::BulkJobId;
use hallpass_web::routes::Routes;

use crate::failure::Failure;
use crate::format::Moment;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .post("/workspace/{ws}/exports/{export}/again", again)
        .post("/workspace/{ws}/exports/{export}/delete", delete)
}

/// The file of an export, as its reader sees it.
#[derive(Clone, Debug)]
pub(crate) struct FileCard {
    /// What the page says of it.
    pub(crate) says: String,
    /// Where it can be downloaded.
    pub(crate) download: Option<String>,
    /// Until when.
    pub(crate) until: Option<Moment>,
    /// Where it is deleted.
    pub(crate) delete: Option<String>,
    /// Where it is made again.
    pub(crate) again: Option<String>,
}

impl FileCard {
    pub(crate) fn of(frame: &Frame, details: &ExportDetails) -> FileCard {
        let path = format!("{}/exports/{}", frame.base, details.job.id);
        let api = format!("/api/v1/workspaces/{}/exports/{}/file", frame.slug, details.job.id);
        let end = details.file.and_then(|file| file.expires_at);
        let is_running = details.job.state == BulkJobState::Running;
        let is_ready = details.ready.is_ok();
        let says = match details.ready {
            Ok(()) => "export-ready",
            Err(NoFile::Preparing) => "export-preparing",
            Err(NoFile::Outdated) => "export-outdated",
            Err(NoFile::Expired) => "export-expired",
            Err(NoFile::Ended) => "export-ended",
        };
        FileCard {
            says: frame.t(says),
            download: is_ready.then_some(api),
            until: end.filter(|_| is_ready).map(|end| frame.stamp(end)),
            delete: is_ready.then(|| format!("{path}/delete")),
            again: (!is_ready && !is_running).then(|| format!("{path}/again")),
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> FileCard {
        let at = hallpass_domain::time::Timestamp::from_seconds(0);
        FileCard {
            says: "<script>".to_owned(),
            download: Some("#".to_owned()),
            until: Some(Frame::sample().stamp(at)),
            delete: Some("#".to_owned()),
            again: Some("#".to_owned()),
        }
    }
}

/// Whether a list of so many records or entries is prepared by a bulk job, and not sent at once.
pub(crate) const fn is_prepared(total: Total) -> bool {
    match total {
        Total::Exact(n) => n > MOST_AT_ONCE,
        Total::MoreThan(_) | Total::Unknown => true,
    }
}

/// Starts an export, and leads to its page.
pub(crate) async fn start(submission: &mut Submission, subject: &ExportSubject) -> Shown {
    let mut ctx = submission.read().await?;
    let total = ctx.export_files().estimate(subject).await?;
    drop(ctx);
    let mut ctx = submission.write().await?;
    let ExportDetails { job, .. } = ctx.export_files().prepare(subject, total).await?;
    drop(ctx);
    let frame = &submission.frame;
    reply::done(&page(frame, job.id), &frame.t("export-now-running"))
}

fn page(frame: &Frame, id: BulkJobId) -> String {
    format!("{}/bulk-jobs/{id}", frame.base)
}

fn parse(export: &str) -> Result<BulkJobId, Failure> {
    export.parse().map_err(|_| Failure::missing("export"))
}

async fn again(Path((_, export)): Path<(String, String)>, mut submission: Submission) -> Shown {
    let id = parse(&export)?;
    let mut ctx = submission.read().await?;
    let subject = ctx.export_files().load_subject(id).await?;
    drop(ctx);
    start(&mut submission, &subject).await
}

async fn delete(
    Path((_, export)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&export)?;
    let mut ctx = submission.write().await?;
    ctx.export_files().delete(id).await?;
    drop(ctx);
    let frame = &submission.frame;
    reply::done(&page(frame, id), &frame.t("export-deleted"))
}
