//! Readiness: whether the database answers and takes a write.
//!
//! **Invariant:** however often it is asked, it writes at most once in [`EVERY`].

use std::time::Duration;

use hallpass_domain::time::{Span, Timestamp};
use hallpass_store::{Db, Error};
use tokio::sync::Mutex;

/// How long an answer counts.
const EVERY: Span = Span::seconds(2);

/// How long a write may wait for other writers, who show that writing works.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why the server is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReady {
    /// The database does not answer.
    NoAnswer,
    /// The storage is full: requests that read are answered, changes are refused.
    Full,
    /// The storage does not take a write: requests that read are answered, changes are refused.
    Failing,
}

/// The last answer, and when it was found.
#[derive(Default)]
pub(crate) struct Readiness(Mutex<Option<(Timestamp, Result<(), NotReady>)>>);

impl Readiness {
    pub(crate) async fn check(&self, db: &Db, now: Timestamp) -> Result<(), NotReady> {
        let mut last = self.0.lock().await;
        if let Some((at, answer)) = *last
            && (now - at).0.abs() < EVERY.0
        {
            return answer;
        }
        let answer = ask(db).await;
        *last = Some((now, answer));
        answer
    }
}

async fn ask(db: &Db) -> Result<(), NotReady> {
    let read = async { db.read().await?.query("SELECT 1", &[]).await.map(drop) };
    let written = match read.await {
        Ok(()) => tokio::time::timeout(PATIENCE, db.try_write()).await.unwrap_or(Ok(())),
        Err(error) => Err(error),
    };
    match written {
        // Others have the connections, who show that the database answers: a server that is taken out of
        // service under load leaves its load to the next one.
        Ok(()) | Err(Error::Busy { .. }) => Ok(()),
        Err(error) => Err(log(&error)),
    }
}

fn log(error: &Error) -> NotReady {
    tracing::warn!(error.message = %error, "not ready: {error}");
    match error {
        Error::Full(_) => NotReady::Full,
        Error::Failing(_) | Error::Unconfirmed(_) => NotReady::Failing,
        Error::Conflict(_)
        | Error::Corrupt { .. }
        | Error::Busy { .. }
        | Error::TooSlow { .. }
        | Error::Unavailable(_) => NotReady::NoAnswer,
    }
}

#[cfg(test)]
mod tests;
