//! The log of background jobs: what each does, and its last runs in this process.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use hallpass_domain::time::Timestamp;

use crate::error::Error;

/// A background job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Job {
    /// Sends the mails that are due.
    DeliverMail,
    /// Deletes expired sessions and links, and failed sign-ins that no longer count.
    DeleteExpiredSessions,
    /// Deletes expired idempotency keys.
    DeleteExpiredKeys,
    /// Processes the events of Stripe that were held.
    ProcessHeldPayments,
    /// Deletes the events of Stripe that have expired.
    DeleteExpiredPayments,
    /// Reminds people of API keys that expire.
    RemindOfApiKeys,
    /// Frees the slugs that no longer lead on.
    FreeSlugs,
    /// Purges the deleted workspaces that can no longer be restored.
    PurgeWorkspaces,
    /// Indexes the records of an earlier version for search.
    IndexRecords,
    /// Moves the write-ahead log of an SQLite database into its file.
    MergeLog,
    /// Runs the next batch of a bulk job, and deletes those that ended long ago.
    RunBulkJobs,
    /// Brings back times that are far ahead, which a clock has written that was ahead.
    BringBackTimes,
}

/// The last runs of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRun {
    /// When the last run began.
    pub began_at: Timestamp,
    /// When it ended; none while it runs.
    pub ended_at: Option<Timestamp>,
    /// Why it failed, if it did.
    pub error: Option<String>,
    /// How many items the last run that found any has handled, and when it began.
    pub handled: Option<(u64, Timestamp)>,
    /// When the last run that failed began, and why it failed.
    pub last_failure: Option<(Timestamp, String)>,
}

/// The last runs of the jobs of this process.
#[derive(Debug, Default)]
pub struct JobLog(Mutex<BTreeMap<Job, JobRun>>);

impl JobLog {
    /// The last runs of a job; none before the first.
    #[must_use]
    pub fn last(&self, job: Job) -> Option<JobRun> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&job).cloned()
    }

    pub(super) fn begin(&self, job: Job, now: Timestamp) {
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let run = runs.entry(job).or_insert_with(|| JobRun {
            began_at: now,
            ended_at: None,
            error: None,
            handled: None,
            last_failure: None,
        });
        run.began_at = now;
        run.ended_at = None;
    }

    pub(super) fn end(&self, job: Job, now: Timestamp, outcome: &Result<u64, Error>) {
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(run) = runs.get_mut(&job) else { return };
        run.ended_at = Some(now);
        run.error = outcome.as_ref().err().map(ToString::to_string);
        if let Ok(items) = outcome
            && *items > 0
        {
            run.handled = Some((*items, run.began_at));
        }
        if let Some(error) = &run.error {
            run.last_failure = Some((run.began_at, error.clone()));
        }
    }
}

impl Job {
    /// Every job.
    pub const EVERY: [Job; 12] = [
        Job::DeliverMail,
        Job::DeleteExpiredSessions,
        Job::DeleteExpiredKeys,
        Job::ProcessHeldPayments,
        Job::DeleteExpiredPayments,
        Job::RemindOfApiKeys,
        Job::FreeSlugs,
        Job::PurgeWorkspaces,
        Job::IndexRecords,
        Job::MergeLog,
        Job::RunBulkJobs,
        Job::BringBackTimes,
    ];

    /// What it does, after "cannot" in the log.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Job::DeliverMail => "deliver mail",
            Job::DeleteExpiredSessions => "delete expired sessions",
            Job::DeleteExpiredKeys => "delete expired idempotency keys",
            Job::ProcessHeldPayments => "process held Stripe events",
            Job::DeleteExpiredPayments => "delete expired Stripe events",
            Job::RemindOfApiKeys => "remind of API keys that expire",
            Job::FreeSlugs => "free slugs",
            Job::PurgeWorkspaces => "purge deleted workspaces",
            Job::IndexRecords => "index records for search",
            Job::MergeLog => "merge the write-ahead log",
            Job::RunBulkJobs => "run a batch of a bulk job",
            Job::BringBackTimes => "bring back times that are far ahead",
        }
    }
}
