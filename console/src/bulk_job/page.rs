//! A bulk job: how far it came, what it has done, and the button that cancels it. While it runs, the page asks
//! again by itself; the job goes on without it.

use askama::Template;
use axum::extract::Path;
use hallpass_app::Error;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::export_file::subject::{ExportSubject, ExportTask};
use hallpass_domain::bulk_job::{BulkJob, BulkJobKind, BulkJobState};
use hallpass_domain::id::BulkJobId;
use hallpass_web::error::Problem;
use serde_json::Value;

use super::end;
use crate::export_file::FileCard;
use crate::failure::Failure;
use crate::format::Moment;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// A bulk job.
#[derive(Template)]
#[template(path = "bulk_job/page.html")]
pub(crate) struct BulkJobPage {
    frame: Frame,
    title: String,
    path: String,
    /// Where the records can be downloaded that it has changed.
    download: String,
    state: State,
    done: i64,
    total: i64,
    progress: String,
    member: String,
    started_at: Moment,
    ended_at: Option<Moment>,
    /// What it has done, by record type: how many it has changed, how many it leaves.
    rows: Vec<(String, String, String)>,
    may_cancel: bool,
    /// The file of an export, for who has asked for it.
    file: Option<FileCard>,
    is_export: bool,
    /// Whether the records were counted, so that a bar shows how many are left.
    is_counted: bool,
}

/// How a job is, in words.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) word: String,
    /// The class of its mark.
    pub(super) mark: &'static str,
    pub(super) is_running: bool,
    pub(super) reason: Option<String>,
}

impl State {
    pub(super) fn of(frame: &Frame, job: &BulkJob) -> State {
        let (key, mark) = match job.state {
            BulkJobState::Running => ("bulk-job-running", "blue"),
            BulkJobState::Done => ("bulk-job-done", "green"),
            BulkJobState::Stopped => ("bulk-job-stopped", "danger"),
            BulkJobState::Cancelled => ("bulk-job-cancelled", ""),
            BulkJobState::Failed => ("bulk-job-failed", "danger"),
        };
        let is_running = job.state == BulkJobState::Running;
        let reason = end::words(frame.text, job);
        State { word: frame.t(key), mark, is_running, reason }
    }
}

pub(super) fn title(frame: &Frame, job: &BulkJob) -> String {
    let n = frame.number(job.total);
    match job.kind {
        BulkJobKind::Reassignment => frame.with("bulk-job-reassignment", "n", n),
        BulkJobKind::Import => frame.with("bulk-job-import", "n", n),
        BulkJobKind::Export => match (is_of_audit(job), is_counted(job)) {
            (false, true) => frame.with("bulk-job-export", "n", n),
            (false, false) => frame.t("bulk-job-export-many"),
            (true, true) => frame.with("bulk-job-export-audit", "n", n),
            (true, false) => frame.t("bulk-job-export-audit-many"),
        },
    }
}

/// Whether a job is an export of the audit log.
fn is_of_audit(job: &BulkJob) -> bool {
    let task = ExportTask::of(job).filter(|_| job.kind == BulkJobKind::Export);
    task.is_some_and(|task| match task.subject {
        ExportSubject::Records(_) => false,
        ExportSubject::Audit(_) => true,
    })
}

/// Whether the records of a job were counted when it started, or are all there.
fn is_counted(job: &BulkJob) -> bool {
    let exact = job.parameters.get("is_total_exact").and_then(Value::as_bool);
    job.state == BulkJobState::Done || exact != Some(false)
}

pub(super) fn progress(frame: &Frame, job: &BulkJob) -> String {
    let (done, total) = (frame.number(job.done), frame.number(job.total));
    match (is_of_audit(job), is_counted(job)) {
        (false, true) => text!(frame.text, "bulk-job-progress", done = done, total = total),
        (false, false) => text!(frame.text, "bulk-job-so-far", done = done),
        (true, true) => {
            text!(frame.text, "bulk-job-audit-progress", done = done, total = total)
        }
        (true, false) => text!(frame.text, "bulk-job-audit-so-far", done = done),
    }
}

fn rows(ctx: &WorkspaceContext, frame: &Frame, job: &BulkJob) -> Vec<(String, String, String)> {
    let figure = |list: &str, key: &str| {
        let found = job.result.get(list).and_then(|list| list.get(key));
        found.and_then(Value::as_i64).unwrap_or(0)
    };
    let known = ctx.policy().resources().iter();
    let rows = known.filter_map(|resource| {
        let n = figure("counts", &resource.key);
        let left = figure("out_of_reach", &resource.key);
        (n + left > 0).then(|| (resource.name.clone(), frame.number(n), frame.number(left)))
    });
    rows.collect()
}

fn parse(job: &str) -> Result<BulkJobId, Failure> {
    job.parse().map_err(|_| Failure::missing("bulk job"))
}

pub(super) async fn show(Path((_, job)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let job = ctx.bulk_jobs().load(parse(&job)?).await?;
    let is_export = job.kind == BulkJobKind::Export;
    let file = if is_export { file(&mut ctx, &frame, &job).await? } else { None };
    reply::page(&BulkJobPage {
        title: title(&frame, &job),
        path: format!("{}/bulk-jobs/{}", frame.base, job.id),
        download: format!("/api/v1/workspaces/{}/bulk-jobs/{}/records", frame.slug, job.id),
        state: State::of(&frame, &job),
        done: job.done.min(job.total),
        total: job.total,
        progress: progress(&frame, &job),
        member: job.member_name.clone(),
        started_at: frame.moment(job.created_at),
        ended_at: job.ended_at.map(|at| frame.moment(at)),
        rows: rows(&ctx, &frame, &job),
        may_cancel: job.state == BulkJobState::Running && ctx.bulk_jobs().may_cancel(&job),
        file,
        is_export,
        is_counted: is_counted(&job),
        frame,
    })
}

/// The file of an export; none for who has not asked for it.
async fn file(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    job: &BulkJob,
) -> Result<Option<FileCard>, Failure> {
    match ctx.export_files().load(job.id).await {
        Ok(details) => Ok(Some(FileCard::of(frame, &details))),
        Err(Error::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn cancel(
    Path((_, job)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&job)?;
    let mut ctx = submission.write().await?;
    let done = ctx.bulk_jobs().cancel(id).await.map_err(Problem::from);
    drop(ctx);
    let frame = &submission.frame;
    let path = format!("{}/bulk-jobs/{id}", frame.base);
    match done {
        Ok(_) => reply::done(&path, &frame.t("bulk-job-now-cancelled")),
        // It has ended in the meantime, which the page shows.
        Err(problem) if problem.status == 409 => reply::go(&path),
        Err(problem) => Err(problem.into()),
    }
}

#[cfg(test)]
impl BulkJobPage {
    pub(crate) fn sample() -> BulkJobPage {
        let frame = Frame::sample();
        let at = frame.moment(hallpass_domain::time::Timestamp::from_seconds(0));
        BulkJobPage {
            title: "Reassignment of 9,000 records".to_owned(),
            path: "#".to_owned(),
            download: "#".to_owned(),
            state: State {
                word: "Running".to_owned(),
                mark: "blue",
                is_running: true,
                reason: Some("<script>".to_owned()),
            },
            done: 4_000,
            total: 9_000,
            progress: "4,000 of 9,000 records".to_owned(),
            member: "<script>".to_owned(),
            started_at: at.clone(),
            ended_at: Some(at),
            rows: vec![("Deals".to_owned(), "4,000".to_owned(), "3".to_owned())],
            may_cancel: true,
            file: Some(FileCard::sample()),
            is_export: false,
            is_counted: true,
            frame,
        }
    }

    /// The page of an export.
    pub(crate) fn export_sample() -> BulkJobPage {
        BulkJobPage {
            title: "Export of many records".to_owned(),
            is_export: true,
            is_counted: false,
            ..BulkJobPage::sample()
        }
    }
}
