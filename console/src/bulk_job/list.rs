//! The bulk jobs that the reader may see.

use askama::Template;

use super::page::{State, progress, title};
use crate::format::Moment;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The jobs of a page; older ones have ended long ago.
const MOST: usize = 50;

/// The bulk jobs.
#[derive(Template)]
#[template(path = "bulk_job/list.html")]
pub(crate) struct BulkJobsPage {
    frame: Frame,
    rows: Vec<Row>,
}

/// A bulk job.
struct Row {
    href: String,
    title: String,
    member: String,
    progress: String,
    started_at: Moment,
    state: State,
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let (jobs, _) = ctx.bulk_jobs().list(None, MOST).await?;
    let rows = jobs.iter().map(|job| Row {
        href: format!("{}/bulk-jobs/{}", frame.base, job.id),
        title: title(&frame, job),
        member: job.member_name.clone(),
        progress: progress(&frame, job),
        started_at: frame.moment(job.created_at),
        state: State::of(&frame, job),
    });
    let rows = rows.collect();
    reply::page(&BulkJobsPage { frame, rows })
}

#[cfg(test)]
impl BulkJobsPage {
    pub(crate) fn sample() -> BulkJobsPage {
        let frame = Frame::sample();
        let row = Row {
            href: "#".to_owned(),
            title: "Reassignment of 9,000 records".to_owned(),
            member: "<script>".to_owned(),
            progress: "4,000 of 9,000 records".to_owned(),
            started_at: frame.moment(hallpass_domain::time::Timestamp::from_seconds(0)),
            state: State {
                word: "Stopped".to_owned(),
                mark: "danger",
                is_running: false,
                reason: Some("<script>".to_owned()),
            },
        };
        BulkJobsPage { frame, rows: vec![row] }
    }
}
