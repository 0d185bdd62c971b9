//! Attempts to sign in that failed, counted by what was tried.

use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::tx::Tx;

/// Attempts on one subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many failed one after the other.
    pub count: i64,
    /// When the last one did.
    pub last_at: Timestamp,
}

/// The attempts, in a transaction.
pub struct Attempts<'t>(&'t mut Tx);

impl Tx {
    /// The attempts.
    pub fn attempts(&mut self) -> Attempts<'_> {
        Attempts(self)
    }
}

impl Attempts<'_> {
    /// The failures on a subject.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], here and below.
    pub async fn failures(&mut self, subject: &str) -> Result<Failures, Error> {
        let sql = "SELECT failures, last_at FROM attempts WHERE subject = ?1";
        let row = self.0.find(sql, &[subject.into()]).await?;
        row.map_or(Ok(Failures::default()), |row| {
            Ok(Failures { count: row.int(0)?, last_at: row.time(1)? })
        })
    }

    /// Counts a failure.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn record_failure(&mut self, subject: &str, now: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO attempts (subject, failures, last_at) VALUES (?1, 1, ?2) \
                   ON CONFLICT (subject) DO UPDATE SET failures = attempts.failures + 1, last_at = ?2";
        self.0.execute(sql, &[subject.into(), now.into()]).await.map(drop)
    }

    /// Forgets the failures on a subject.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn reset(&mut self, subject: &str) -> Result<(), Error> {
        let sql = "DELETE FROM attempts WHERE subject = ?1";
        self.0.execute(sql, &[subject.into()]).await.map(drop)
    }

    /// Takes away what has not been tried since a time.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete_before(&mut self, before: Timestamp) -> Result<u64, Error> {
        self.0.execute("DELETE FROM attempts WHERE last_at < ?1", &[before.into()]).await
    }
}
