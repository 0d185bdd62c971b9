//! Failed attempts to sign in, counted by subject: an address or an account.

use hallpass_domain::attempt::Failures;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::tx::Tx;

/// The attempts, in a transaction.
pub struct Attempts<'t>(&'t mut Tx);

impl Tx {
    /// The attempts.
    pub fn attempts(&mut self) -> Attempts<'_> {
        Attempts(self)
    }
}

impl Attempts<'_> {
    /// The failures of a subject.
    pub async fn failures(&mut self, subject: &str) -> Result<Failures, Error> {
        let sql = "SELECT subject, failures, last_at FROM attempts WHERE subject = ?1";
        let row = self.0.find(sql, &[subject.into()]).await?;
        row.map_or(Ok(Failures::default()), |row| {
            Ok(Failures { count: row.int("failures")?, last_at: row.time("last_at")? })
        })
    }

    /// The failures of a subject, which no other transaction reads or counts until this one ends.
    pub async fn failures_for_update(
        &mut self,
        subject: &str,
        now: Timestamp,
    ) -> Result<Failures, Error> {
        // A row that does not exist cannot be locked.
        let sql = "INSERT INTO attempts (subject, failures, last_at) VALUES (?1, 0, ?2) \
                   ON CONFLICT (subject) DO UPDATE SET failures = attempts.failures \
                   RETURNING subject, failures, last_at";
        let row = self.0.query_one(sql, &[subject.into(), now.into()]).await?;
        Ok(Failures { count: row.int("failures")?, last_at: row.time("last_at")? })
    }

    /// Counts a failure.
    pub async fn record_failure(&mut self, subject: &str, now: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO attempts (subject, failures, last_at) VALUES (?1, 1, ?2) \
                   ON CONFLICT (subject) DO UPDATE SET failures = attempts.failures + 1, \
                   last_at = ?2";
        self.0.execute(sql, &[subject.into(), now.into()]).await.map(drop)
    }

    /// Counts one failure less.
    pub async fn take_back(&mut self, subject: &str) -> Result<(), Error> {
        let sql =
            "UPDATE attempts SET failures = failures - 1 WHERE subject = ?1 AND failures > 0";
        self.0.execute(sql, &[subject.into()]).await.map(drop)
    }

    /// Resets the failures of a subject.
    pub async fn reset(&mut self, subject: &str) -> Result<(), Error> {
        let sql = "DELETE FROM attempts WHERE subject = ?1";
        self.0.execute(sql, &[subject.into()]).await.map(drop)
    }

    /// Deletes the failures of subjects without a failure since a time.
    pub async fn delete_before(&mut self, time: Timestamp) -> Result<u64, Error> {
        self.0.execute("DELETE FROM attempts WHERE last_at < ?1", &[time.into()]).await
    }
}
