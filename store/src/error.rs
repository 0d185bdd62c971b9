//! What can go wrong in the store.

use std::fmt;
use std::time::Duration;

use tokio_postgres::error::SqlState;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A constraint forbids the change: a key that exists, or a row that others refer to.
    #[error("a constraint forbids it: {0}")]
    Conflict(String),
    /// A stored value does not parse.
    #[error("the stored value in `{table}.{column}` does not parse{}", InRow(row.as_deref()))]
    Corrupt {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The id of the row, where the statement has read it.
        row: Option<String>,
    },
    /// The database has not confirmed a commit: it has happened or it has not.
    #[error("the database has not confirmed a commit: {0}")]
    Unconfirmed(String),
    /// Too much is asked for at once; nothing was done.
    #[error("the database is busy; try again in {} seconds", retry_after.as_secs())]
    Busy {
        /// The time after which a new attempt makes sense.
        retry_after: Duration,
    },
    /// A statement was ended since it ran longer than it may; nothing was changed.
    #[error("a statement was ended after {} seconds", budget.as_secs_f32())]
    TooSlow {
        /// How long it may run.
        budget: Duration,
    },
    /// The drive or the quota is full. Nothing was written; reading goes on.
    #[error("the storage is full: {0}")]
    Full(String),
    /// The drive fails, or does not let anything be written.
    #[error("the storage is failing: {0}")]
    Failing(String),
    /// The database cannot be used: it is out of reach, not ours, of a newer version, or failing.
    #[error("the database cannot be used: {0}")]
    Unavailable(String),
}

/// When to ask a server again whose connections are all in use, or whose rows others have locked.
const RETRY_AFTER: Duration = Duration::from_secs(2);

struct InRow<'r>(Option<&'r str>);

impl fmt::Display for InRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |row| write!(f, " (row `{row}`)"))
    }
}

impl Error {
    pub(crate) fn unavailable(why: impl Into<String>) -> Error {
        Error::Unavailable(why.into())
    }

    /// Converts an error of a COMMIT of SQLite. After a failed write or sync of the log, its last frame
    /// may be found by the next start; every other failure has rolled back.
    pub(crate) fn of_sqlite_commit(error: rusqlite::Error) -> Error {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::SystemIoFailure) | None => {
                Error::Unconfirmed(error.to_string())
            }
            Some(_) => Error::from(error),
        }
    }

    /// Converts an error of a COMMIT of PostgreSQL. An error that the server has reported has rolled
    /// back, unless it ends the session; without an answer only the server knows.
    pub(crate) fn of_postgres_commit(error: tokio_postgres::Error) -> Error {
        let is_refused = error.code().is_some_and(|code| is_refused(code.code()));
        let error = Error::from(error);
        match &error {
            Error::Unavailable(why) | Error::Failing(why) if !is_refused => {
                Error::Unconfirmed(why.clone())
            }
            Error::Conflict(_)
            | Error::Corrupt { .. }
            | Error::Unconfirmed(_)
            | Error::Busy { .. }
            | Error::TooSlow { .. }
            | Error::Full(_)
            | Error::Failing(_)
            | Error::Unavailable(_) => error,
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::ConstraintViolation) => {
                Error::Conflict(error.to_string())
            }
            Some(rusqlite::ErrorCode::DiskFull) => Error::Full(error.to_string()),
            Some(rusqlite::ErrorCode::SystemIoFailure | rusqlite::ErrorCode::ReadOnly) => {
                Error::Failing(error.to_string())
            }
            Some(_) | None => Error::Unavailable(error.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Error {
        // Class 23 of SQLSTATE: integrity constraint violations.
        let is_conflict = error.code().is_some_and(|code| code.code().starts_with("23"));
        if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) {
            return Error::Busy { retry_after: RETRY_AFTER };
        }
        let detail = error
            .as_db_error()
            .map_or_else(|| with_causes(&error), |reported| reported.message().to_owned());
        let code = error.code().map(tokio_postgres::error::SqlState::code);
        match code {
            _ if is_conflict => Error::Conflict(detail),
            Some("53100") => Error::Full(detail),
            // Errors of the system, such as a write that failed.
            Some(code) if code.starts_with("58") => Error::Failing(detail),
            Some(_) | None => Error::Unavailable(detail),
        }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Error {
        match error {
            deadpool_postgres::PoolError::Backend(error) => Error::from(error),
            deadpool_postgres::PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => {
                Error::Busy { retry_after: RETRY_AFTER }
            }
            deadpool_postgres::PoolError::Timeout(_) => {
                Error::unavailable("the server does not answer in time")
            }
            deadpool_postgres::PoolError::Closed
            | deadpool_postgres::PoolError::NoRuntimeSpecified
            | deadpool_postgres::PoolError::PostCreateHook(_) => {
                Error::Unavailable(error.to_string())
            }
        }
    }
}

/// Whether an error of a COMMIT, by its SQLSTATE, has rolled back: not one of the connection (class 08),
/// of an operator who ends the session (57), of the system (58) or of the server itself (XX).
fn is_refused(code: &str) -> bool {
    !["08", "57", "58", "XX"].iter().any(|class| code.starts_with(class))
}

/// An error and its causes in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |line, cause| format!("{line}: {cause}"))
}

#[cfg(test)]
mod tests;
