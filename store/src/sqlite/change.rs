//! Whether anything was committed to a file since it was looked at last, by this process or another.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use super::connection::{LogAtEnd, open_reader, set_log_at_end};
use crate::error::Error;

/// A connection that reads the counter of changes and nothing else, between transactions.
pub(super) struct ChangeCounter(Mutex<Connection>);

impl ChangeCounter {
    pub(super) fn open(location: &str, log: LogAtEnd) -> Result<ChangeCounter, Error> {
        let connection = open_reader(location)?;
        // Who looks does not wait: they read the database instead.
        connection.busy_timeout(Duration::ZERO)?;
        set_log_at_end(&connection, log)?;
        Ok(ChangeCounter(Mutex::new(connection)))
    }

    /// A number that is another one as soon as another connection has committed, in whatever process
    /// (<https://www.sqlite.org/pragma.html#pragma_data_version>). This one never does.
    pub(super) fn look(&self) -> rusqlite::Result<i64> {
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut statement = connection.prepare_cached("PRAGMA data_version")?;
        statement.query_row((), |row| row.get(0))
    }

    pub(super) fn set_log_at_end(&self, log: LogAtEnd) -> rusqlite::Result<()> {
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        set_log_at_end(&connection, log)
    }
}
