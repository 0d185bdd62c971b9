//! Copies of a file: made beside a running server, and opened to be checked.

use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::connection::{explain, is_ours, set_log_at_end};
use super::mark;
use crate::error::Error;
use crate::server_lock::check_unserved;

/// How long another process that writes is waited for.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A file that exists.
const FLAGS: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Copies a database into an empty file, as one snapshot.
pub(crate) fn copy_into(location: &str, target: &str) -> Result<(), Error> {
    check_unserved(location)?;
    let source = open(location)?;
    let failed = |error| explain(location, &error);
    // The copy is written once, and synced by the caller.
    source.execute("VACUUM INTO ?1", (target,)).map_err(failed)?;
    // After a server was killed, this may be the only connection.
    let log = mark::log_at_end(&source).map_err(failed)?;
    set_log_at_end(&source, log).map_err(failed)?;
    drop(source);
    let failed = |error| explain(target, &error);
    let copy = open(target)?;
    mark::close(&copy).map_err(failed)?;
    copy.close().map_err(|(_, error)| explain(target, &error))
}

/// Opens a file of ours that exists.
pub(crate) fn open_copy(location: &str) -> Result<Connection, Error> {
    open(location)
}

/// Merges the log of a database into its file and deletes it. The connection has the file for itself. The
/// inner result says how the database is damaged.
pub(crate) fn release(location: &str) -> Result<Result<Connection, String>, Error> {
    match try_release(location) {
        Ok(connection) => Ok(Ok(connection)),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Err(Error::Unavailable(format!(
                    "another process has `{location}` open; stop it first"
                )))
            }
            Some(_) | None => Ok(Err(error.to_string())),
        },
    }
}

fn try_release(location: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(location, FLAGS)?;
    connection.busy_timeout(Duration::ZERO)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    mark::close(&connection)?;
    Ok(connection)
}

/// Marks a file as closed.
pub(crate) fn accept(location: &str) -> Result<(), Error> {
    let connection = open(location)?;
    mark::close(&connection).map_err(|error| explain(location, &error))
}

fn open(location: &str) -> Result<Connection, Error> {
    let failed = |error| explain(location, &error);
    let connection = Connection::open_with_flags(location, FLAGS).map_err(failed)?;
    connection.busy_timeout(TIMEOUT).map_err(failed)?;
    if !is_ours(&connection).map_err(failed)? {
        let why = format!("`{location}` is an SQLite database, but not of Hallpass");
        return Err(Error::Unavailable(why));
    }
    Ok(connection)
}
