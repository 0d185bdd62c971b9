//! What can go wrong in the store.

use std::fmt;

/// Why the store did not do what it was asked.
#[derive(Debug)]
pub enum Error {
    /// A constraint forbids it: the same key twice, or a row that others need.
    Conflict(String),
    /// A stored value does not parse.
    Corrupt {
        /// The table, or what is known of it.
        table: String,
        /// The column.
        column: String,
    },
    /// The database cannot be used: not there, of a newer version, not ours, or failing.
    Unavailable(String),
}

impl Error {
    pub(crate) fn unavailable(why: impl Into<String>) -> Error {
        Error::Unavailable(why.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Conflict(what) => write!(f, "a constraint forbids it: {what}"),
            Error::Corrupt { table, column } => {
                write!(f, "the stored value in `{table}.{column}` does not parse")
            }
            Error::Unavailable(why) => write!(f, "the database cannot be used: {why}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::ConstraintViolation) => {
                Error::Conflict(error.to_string())
            }
            Some(_) | None => Error::Unavailable(error.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Error {
        // Class 23 of SQLSTATE: integrity constraint violations.
        let is_conflict = error.code().is_some_and(|code| code.code().starts_with("23"));
        let detail = error
            .as_db_error()
            .map_or_else(|| with_causes(&error), |reported| reported.message().to_owned());
        if is_conflict { Error::Conflict(detail) } else { Error::Unavailable(detail) }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Error {
        match error {
            deadpool_postgres::PoolError::Backend(error) => Error::from(error),
            deadpool_postgres::PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => {
                Error::unavailable("all its connections are in use")
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

/// An error and what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |line, cause| format!("{line}: {cause}"))
}
