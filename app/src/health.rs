//! How the server is, as the operator sees it: database, mail queue, background jobs, version.

use hallpass_domain::time::{Span, Timestamp};
use hallpass_store::dialect::Dialect;
use hallpass_store::mail::queue::MailCounts;

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::job::log::{Job, JobRun};
use crate::operation::Operator;

/// How the server is.
#[derive(Clone, Debug)]
pub struct HealthReport {
    /// The version of Hallpass.
    pub version: &'static str,
    /// When this process started.
    pub started_at: Timestamp,
    /// The name of the database's engine.
    pub database: &'static str,
    /// How long the database took to answer.
    pub latency: Span,
    /// The number and the name of the last migration.
    pub schema: (i64, String),
    /// The mail queue.
    pub mails: MailCounts,
    /// The workspaces that can be entered, and deleted ones.
    pub workspaces: (i64, i64),
    /// The accounts.
    pub accounts: i64,
    /// The background jobs of this process, with their last runs.
    pub jobs: Vec<(Job, Option<JobRun>)>,
}

/// How the server is.
pub struct Health<'a>(pub(crate) &'a App);

impl Health<'_> {
    /// Reports how the server is.
    #[boxed]
    pub async fn load_as(&self, _: &Operator) -> Result<HealthReport, Error> {
        let app = self.0;
        let asked_at = app.now();
        let mut tx = app.db().read().await?;
        let schema = tx.last_migration().await?;
        let latency = app.now() - asked_at;
        Ok(HealthReport {
            version: env!("CARGO_PKG_VERSION"),
            started_at: app.started_at(),
            database: match app.db().dialect() {
                Dialect::Sqlite => "SQLite",
                Dialect::Postgres => "PostgreSQL",
            },
            latency,
            schema,
            mails: tx.mails().count().await?,
            workspaces: tx.workspaces().count().await?,
            accounts: tx.accounts().count().await?,
            jobs: Job::EVERY.map(|job| (job, app.jobs().last(job))).into(),
        })
    }
}
