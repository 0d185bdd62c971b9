//! Writing the mark of a database: it counts commits, and says whether a server has the file in use.

use rusqlite::Connection;

use super::connection::LogAtEnd;
use crate::error::Error;
use crate::file::Mark;

/// The largest database, in bytes, that is checked when it was not closed: it takes about a second.
const CHECKED: i64 = 64 << 20;

/// Gives the mark the next number, in a transaction that is about to commit.
pub(super) fn count(connection: &Connection) -> rusqlite::Result<()> {
    write(connection, read(connection)?)
}

/// Marks a database as closed.
pub(super) fn close(connection: &Connection) -> rusqlite::Result<()> {
    let mark = read(connection)?.in_use(false);
    connection.pragma_update(None, "user_version", mark.0)
}

fn read(connection: &Connection) -> rusqlite::Result<Mark> {
    let mut statement = connection.prepare_cached("PRAGMA user_version")?;
    statement.query_row((), |row| row.get(0)).map(Mark)
}

fn write(connection: &Connection, last: Mark) -> rusqlite::Result<()> {
    let first = if last.is_none() {
        connection.query_row("SELECT abs(random() % 1000000000)", (), |row| row.get(0))?
    } else {
        0
    };
    connection.pragma_update(None, "user_version", last.next(first).0)
}

/// Says whether a server has the file in use, in the open transaction, and commits it. A small database that was
/// not closed is checked first.
pub(super) fn set(connection: &Connection, is_in_use: bool) -> Result<(), Error> {
    let last = read(connection)?;
    if is_in_use && last.is_in_use() {
        check(connection)?;
    }
    write(connection, last.in_use(is_in_use))?;
    Ok(connection.execute_batch("COMMIT")?)
}

/// What becomes of the log of a database when its last connection is closed.
pub(super) fn log_at_end(connection: &Connection) -> rusqlite::Result<LogAtEnd> {
    let is_in_use = read(connection)?.is_in_use();
    Ok(if is_in_use { LogAtEnd::Stays } else { LogAtEnd::Merged })
}

/// Checks a small database that a server has not closed.
fn check(connection: &Connection) -> Result<(), Error> {
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let size: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    if pages * size > CHECKED {
        return Ok(());
    }
    let found: String = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
    if found == "ok" {
        return Ok(());
    }
    let found = found.lines().last().unwrap_or_default();
    Err(Error::Unavailable(format!(
        "it is damaged: {found}; restore a backup with `hallpass restore`, and see `hallpass doctor`"
    )))
}
