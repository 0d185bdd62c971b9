//! Opening SQLite connections: what is not a database of ours is refused before anything is written.

use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::dialect::APPLICATION_ID;
use crate::error::Error;
use crate::file::beside;

/// How long the start waits for another process to stop writing.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How long to wait before another attempt to write, while another process writes.
pub(super) const RETRY_AFTER: Duration = Duration::from_millis(5);

/// Statements that a connection keeps prepared.
const PREPARED_STATEMENTS: usize = 512;

pub(super) fn open_in_memory() -> Result<Connection, Error> {
    let connection = Connection::open_in_memory()?;
    configure(&connection)?;
    Ok(connection)
}

pub(super) fn open_writer(location: &str) -> Result<Connection, Error> {
    check_path(location)?;
    let failed = |error| explain(location, &error);
    let connection = open(location).map_err(failed)?;
    if connection.is_readonly(rusqlite::MAIN_DB).map_err(failed)? {
        return Err(Error::Unavailable(format!("`{location}` is read-only")));
    }
    if !is_ours(&connection).map_err(failed)? {
        let why = format!("`{location}` is an SQLite database, but not of Hallpass");
        return Err(Error::Unavailable(why));
    }
    make_private(location).map_err(|error| {
        Error::Unavailable(format!("cannot make `{location}` private: {error}"))
    })?;
    let journal = enable_wal(&connection).map_err(failed)?;
    if journal != "wal" {
        let why =
            format!("`{location}` is on a file system that does not support SQLite's WAL mode");
        return Err(Error::Unavailable(why));
    }
    configure(&connection).map_err(failed)?;
    // A transaction that waits for another process retries BEGIN, and does not block its thread.
    connection.busy_timeout(Duration::ZERO).map_err(failed)?;
    Ok(connection)
}

pub(super) fn open_reader(location: &str) -> Result<Connection, Error> {
    let failed = |error| explain(location, &error);
    let connection = open(location).map_err(failed)?;
    configure(&connection).map_err(failed)?;
    connection.pragma_update(None, "query_only", true).map_err(failed)?;
    Ok(connection)
}

pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

fn check_path(location: &str) -> Result<(), Error> {
    let path = Path::new(location);
    if path.is_dir() {
        return Err(Error::Unavailable(format!("`{location}` is a folder")));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => {
            Err(Error::Unavailable(format!("there is no folder `{}`", folder.display())))
        }
        Some(_) | None => Ok(()),
    }
}

/// Takes the permissions of other users on a database away. SQLite gives the files beside it the same
/// ones when it creates them.
#[cfg(unix)]
fn make_private(location: &str) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    for end in ["", "-wal", "-shm"] {
        let file = beside(location, end);
        match std::fs::metadata(&file).map(|file| file.permissions().mode() & 0o777) {
            Ok(0o600) => {}
            Ok(_) => std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(_: &str) -> std::io::Result<()> {
    Ok(())
}

/// When several processes open a new file at once, SQLite refuses some of them here without any
/// wait.
fn enable_wal(connection: &Connection) -> rusqlite::Result<String> {
    let enable =
        || connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0));
    for _ in 0..TIMEOUT.as_millis() / RETRY_AFTER.as_millis() {
        match enable() {
            Err(error) if is_busy(&error) => thread::sleep(RETRY_AFTER),
            outcome => return outcome,
        }
    }
    enable()
}

fn open(location: &str) -> rusqlite::Result<Connection> {
    // Without URI: a path that begins with `file:` is a path.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(location, flags)?;
    connection.busy_timeout(TIMEOUT)?;
    Ok(connection)
}

/// Reads only: a file of another application stays as it is. The application id is read last, since
/// another process may be creating the database between the two.
pub(super) fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let entries: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    let id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let is_new = id == 0 && entries == 0;
    Ok(id == APPLICATION_ID || is_new)
}

/// What becomes of the log when the last connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogAtEnd {
    /// It stays beside a file that a server has in use, so that a log that is missing is noticed.
    Stays,
    /// It is merged into the file and deleted.
    Merged,
}

/// Says what becomes of the log when the connection is the last one that is closed.
pub(super) fn set_log_at_end(connection: &Connection, log: LogAtEnd) -> rusqlite::Result<()> {
    let stays = log == LogAtEnd::Stays;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, stays).map(drop)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    // NORMAL loses acknowledged commits at a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What is deleted is overwritten: the links of mails that were sent, and what people have deleted.
    connection.pragma_update(None, "secure_delete", true)?;
    // A plan does not depend on the values that are bound.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // A misspelt "column" is an error and not a text, as on PostgreSQL.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    Ok(())
}

pub(super) fn explain(location: &str, error: &rusqlite::Error) -> Error {
    let why = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => format!("`{location}` is not a database"),
        Some(ErrorCode::DatabaseCorrupt) => format!(
            "`{location}` is damaged: {error}; restore a backup with `hallpass restore`, and see \
             `hallpass doctor`"
        ),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            format!("`{location}` or its folder is read-only")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("another process has locked `{location}`")
        }
        Some(_) | None => format!("`{location}`: {error}"),
    };
    Error::Unavailable(why)
}
