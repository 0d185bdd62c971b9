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
        let conflict = error.code().is_some_and(|code| code.code().starts_with("23"));
        let detail = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
        if conflict { Error::Conflict(detail) } else { Error::Unavailable(detail) }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Error {
        Error::Unavailable(error.to_string())
    }
}
