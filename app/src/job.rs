//! Background jobs: deliver mail, delete what has expired, purge deleted workspaces.
//!
//! **Invariant:** a job runs only through [`Job::run`], which records its run, so that the operator sees
//! every one of them.

pub mod log;

use std::sync::Arc;
use std::time::Duration;

use hallpass_domain::time::Span;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, info};

use self::log::Job;
use crate::app::App;
use crate::error::Error;
use crate::mailer::Mailer;

/// How often the queue is checked for retries and for mail that another process has queued.
const MAIL: Duration = Duration::from_secs(1);

/// How long after a slice of records was indexed the next one is.
const SLICE: Duration = Duration::from_millis(100);

/// How often the write-ahead log is merged into the file of the database.
const MERGE: Duration = Duration::from_secs(30);

/// How often bulk jobs are looked for that another process has started.
const BULK: Duration = Duration::from_secs(1);

/// How often expired data is deleted.
const CLEAN_UP: Duration = Duration::from_hours(1);

impl Job {
    /// The time from the beginning of a run to that of the next.
    #[must_use]
    pub fn period(self) -> Span {
        let period = match self {
            Job::DeliverMail => MAIL,
            Job::MergeLog => MERGE,
            Job::RunBulkJobs => BULK,
            Job::DeleteExpiredSessions
            | Job::DeleteExpiredKeys
            | Job::ProcessHeldPayments
            | Job::DeleteExpiredPayments
            | Job::RemindOfApiKeys
            | Job::FreeSlugs
            | Job::PurgeWorkspaces
            | Job::IndexRecords
            | Job::BringBackTimes => CLEAN_UP,
        };
        Span::seconds(i64::try_from(period.as_secs()).unwrap_or(i64::MAX))
    }

    /// Runs it once, and records the run. Nothing else is affected by its failure.
    pub async fn run(self, app: &App, mailer: &Arc<dyn Mailer>) {
        app.jobs().begin(self, app.now());
        let outcome = self.handle(app, mailer).await;
        app.jobs().end(self, app.now(), &outcome);
        let title = self.title();
        match outcome {
            Ok(n @ 1..) if !self.is_frequent() => {
                info!(job.items = n, "{title}: {n} done");
            }
            Ok(_) => {}
            Err(error) => error!(error.why = %error, "cannot {title}: {error}"),
        }
    }

    /// Whether it runs so often that the log does not note what each run has done.
    fn is_frequent(self) -> bool {
        matches!(self, Job::DeliverMail | Job::RunBulkJobs)
    }

    /// Does the work, and returns how many items it has handled.
    async fn handle(self, app: &App, mailer: &Arc<dyn Mailer>) -> Result<u64, Error> {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        match self {
            Job::DeliverMail => deliver(app, mailer).await,
            Job::DeleteExpiredSessions => app.sessions().delete_expired().await.map(|()| 0),
            Job::DeleteExpiredKeys => {
                app.idempotent_requests().delete_expired().await.map(|()| 0)
            }
            Job::ProcessHeldPayments => app.billing().process_held().await.map(count),
            Job::DeleteExpiredPayments => app.billing().delete_expired().await.map(|()| 0),
            Job::RemindOfApiKeys => app.api_key_reminders().send_due().await.map(count),
            Job::FreeSlugs => app.workspaces().free_slugs().await.map(|()| 0),
            Job::PurgeWorkspaces => app.workspaces().purge_due().await.map(count),
            Job::IndexRecords => app.search_index().fill().await,
            Job::MergeLog => Ok(app.db().merge_log().await.map(|()| 0)?),
            Job::BringBackTimes => app.future_times().bring_back().await,
            Job::RunBulkJobs => {
                let records = app.bulk_work().run_next().await?;
                Ok(records.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
            }
        }
    }
}

/// Runs all jobs until `end` resolves; a job that has begun is finished first.
pub async fn run(app: App, mailer: Arc<dyn Mailer>, end: impl Future<Output = ()>) {
    let (stop, stopped) = watch::channel(());
    let others = async {
        run_others(&app, &mailer, end).await;
        drop(stop);
    };
    // Their batches wait for no mail server, and mails for no batch.
    let purges = run_purges(&app, &mailer, stopped.clone());
    tokio::join!(others, run_bulk_jobs(&app, &mailer, stopped), purges);
}

/// A purge goes on where it was, so that it is left when the process stops.
async fn run_purges(app: &App, mailer: &Arc<dyn Mailer>, stopped: watch::Receiver<()>) {
    let mut stopped = stopped;
    let mut hourly = interval(CLEAN_UP);
    hourly.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let purges = async {
        loop {
            hourly.tick().await;
            Job::PurgeWorkspaces.run(app, mailer).await;
        }
    };
    tokio::select! {
        _ = stopped.changed() => {}
        () = purges => {}
    }
}

async fn run_bulk_jobs(app: &App, mailer: &Arc<dyn Mailer>, stopped: watch::Receiver<()>) {
    let mut stopped = stopped;
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            () = app.bulk_pace().wait() => Job::RunBulkJobs.run(app, mailer).await,
        }
    }
}

async fn run_others(app: &App, mailer: &Arc<dyn Mailer>, end: impl Future<Output = ()>) {
    let mut end = std::pin::pin!(end);
    let mut mail = interval(MAIL);
    let mut merge = interval(MERGE);
    let mut hourly = interval(CLEAN_UP);
    mail.set_missed_tick_behavior(MissedTickBehavior::Delay);
    merge.set_missed_tick_behavior(MissedTickBehavior::Delay);
    hourly.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Records of an earlier version are indexed a slice at a time, so that mail is sent in between.
    let mut index = interval(SLICE);
    index.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_indexed = false;
    let mails = app.mails();
    loop {
        tokio::select! {
            () = &mut end => return,
            () = mails.wait() => Job::DeliverMail.run(app, mailer).await,
            _ = mail.tick() => Job::DeliverMail.run(app, mailer).await,
            _ = merge.tick() => Job::MergeLog.run(app, mailer).await,
            _ = hourly.tick() => clean_up(app, mailer).await,
            _ = index.tick(), if !is_indexed => {
                Job::IndexRecords.run(app, mailer).await;
                is_indexed = app.search_index().is_complete().await.unwrap_or(false);
            }
        }
    }
}

/// Delivers batch after batch until no mail is due.
async fn deliver(app: &App, mailer: &Arc<dyn Mailer>) -> Result<u64, Error> {
    let mut sent = 0;
    loop {
        let batch = app.mails().deliver_due(mailer).await?;
        sent += u64::try_from(batch.sent).unwrap_or_default();
        if !batch.is_full() {
            return Ok(sent);
        }
    }
}

async fn clean_up(app: &App, mailer: &Arc<dyn Mailer>) {
    let is_hourly = |job: &Job| {
        let others = [Job::DeliverMail, Job::MergeLog, Job::PurgeWorkspaces, Job::RunBulkJobs];
        !others.contains(job)
    };
    for job in Job::EVERY.into_iter().filter(is_hourly) {
        job.run(app, mailer).await;
    }
}
