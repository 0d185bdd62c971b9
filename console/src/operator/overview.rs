//! The overview: how the server is, and what runs in the background.

use askama::Template;
use axum::extract::State;
use hallpass_app::health::HealthReport;
use hallpass_app::job::log::{Job, JobRun};
use hallpass_domain::time::Timestamp;
use hallpass_web::Web;

use super::gate::OperatorViewer;
use crate::format::{self, Moment};
use crate::frame::Frame;
use crate::reply::{self, Shown};

/// The overview.
#[derive(Template)]
#[template(path = "operator/overview.html")]
pub(crate) struct OverviewPage {
    frame: Frame,
    /// The totals: title, figure.
    totals: Vec<(String, String)>,
    /// What is wrong, one sentence each.
    warnings: Vec<String>,
    version: String,
    started: Moment,
    database: String,
    schema: String,
    jobs: Vec<JobRow>,
}

/// A background job in the table.
#[derive(Clone, Debug)]
pub(crate) struct JobRow {
    name: String,
    period: String,
    last: Option<Moment>,
    next: Option<String>,
    outcome: Outcome,
    /// What the last run that found anything has handled.
    handled: Option<(String, Moment)>,
    /// When it last failed, and why.
    failure: Option<(Moment, String)>,
}

/// How the last run of a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    None,
    Running,
    Done,
    Failed,
}

impl JobRow {
    fn of(frame: &Frame, job: Job, run: Option<&JobRun>) -> JobRow {
        let seconds = job.period().0 / 1_000_000;
        let period = match seconds {
            3_600.. => text!(frame.text, "operator-every-hours", n = seconds / 3_600),
            _ => text!(frame.text, "operator-every-seconds", n = seconds),
        };
        let outcome = match run {
            None => Outcome::None,
            Some(run) if run.ended_at.is_none() => Outcome::Running,
            Some(run) if run.error.is_some() => Outcome::Failed,
            Some(_) => Outcome::Done,
        };
        let next = |run: &JobRun| format::clock(run.began_at + job.period(), &frame.zone);
        let handled = run.and_then(|run| run.handled);
        let failure = run.and_then(|run| run.last_failure.clone());
        JobRow {
            name: frame.t(name(job)),
            period,
            last: run.map(|run| frame.moment(run.began_at)),
            next: run.map(next),
            outcome,
            handled: handled.map(|(items, at)| {
                let items = i64::try_from(items).unwrap_or(i64::MAX);
                (frame.number(items), frame.moment(at))
            }),
            failure: failure.map(|(at, why)| (frame.moment(at), why)),
        }
    }
}

const fn name(job: Job) -> &'static str {
    match job {
        Job::DeliverMail => "job-mail",
        Job::DeleteExpiredSessions => "job-sessions",
        Job::DeleteExpiredKeys => "job-keys",
        Job::ProcessHeldPayments => "job-held",
        Job::DeleteExpiredPayments => "job-payments",
        Job::RemindOfApiKeys => "job-key-reminders",
        Job::FreeSlugs => "job-slugs",
        Job::PurgeWorkspaces => "job-purge",
        Job::IndexRecords => "job-index",
        Job::MergeLog => "job-log",
        Job::RunBulkJobs => "job-bulk",
        Job::BringBackTimes => "job-times",
    }
}

impl OverviewPage {
    fn of(frame: Frame, health: &HealthReport) -> OverviewPage {
        let number = |key: &str, n: i64| (frame.t(key), frame.number(n));
        let (workspaces, deleted) = health.workspaces;
        let totals = vec![
            number("operator-workspaces", workspaces),
            number("operator-count-deleted", deleted),
            number("operator-accounts", health.accounts),
            number("operator-count-queued", health.mails.queued),
            number("operator-count-failed", health.mails.failed),
        ];
        let rows = health.jobs.iter();
        let jobs: Vec<JobRow> =
            rows.map(|(job, run)| JobRow::of(&frame, *job, run.as_ref())).collect();
        let milliseconds = health.latency.0 / 1_000;
        OverviewPage {
            totals,
            warnings: warnings(&frame, health),
            version: health.version.to_owned(),
            started: frame.moment(health.started_at),
            database: text!(
                frame.text,
                "operator-database-text",
                engine = health.database,
                ms = milliseconds
            ),
            schema: health.schema.1.clone(),
            jobs,
            frame,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> OverviewPage {
        let job = JobRow {
            name: "Send mails".into(),
            period: "every second".into(),
            last: Some(Moment::default()),
            next: Some("14:30 UTC".into()),
            outcome: Outcome::Failed,
            handled: Some(("3".into(), Moment::default())),
            failure: Some((Moment::default(), "<script>".into())),
        };
        OverviewPage {
            frame: Frame::sample(),
            totals: vec![("Workspaces".into(), "6".into())],
            warnings: vec!["<script>".into()],
            version: "0.1.0".into(),
            started: Moment::default(),
            database: "SQLite".into(),
            schema: "0020_operator".into(),
            jobs: vec![job],
        }
    }
}

/// What an operator should look at.
fn warnings(frame: &Frame, health: &HealthReport) -> Vec<String> {
    let mut found = Vec::new();
    if health.mails.retried > 0 {
        found.push(text!(frame.text, "operator-warn-retried", n = health.mails.retried));
    }
    let late = |oldest: Timestamp| frame.now.as_seconds() - oldest.as_seconds() > 600;
    if health.mails.retried == 0 && health.mails.oldest.is_some_and(late) {
        found.push(frame.t("operator-warn-late"));
    }
    for (job, run) in &health.jobs {
        if run.as_ref().is_some_and(|run| run.error.is_some()) {
            let job = frame.t(name(*job));
            found.push(text!(frame.text, "operator-warn-job", job = job));
        }
    }
    found
}

pub(super) async fn show(State(web): State<Web>, viewer: OperatorViewer) -> Shown {
    let health = web.app.health().load_as(&viewer.operator).await?;
    reply::page(&OverviewPage::of(viewer.frame, &health))
}
