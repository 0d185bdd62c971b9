//! Copies of an SQLite database: as a backup, while a server writes, and back into their place.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::error::Error;
use crate::file::{Header, IN_MEMORY, beside, check_files, file_lacks_log, is_server};
use crate::sqlite::{accept, copy_into, open_copy, release};

/// Copies the database at a location into a file that is empty: one snapshot, without the log, marked as
/// closed. Servers go on reading and writing.
///
/// # Errors
///
/// `Unavailable` when the location has no database of ours, or the copy cannot be written.
pub async fn copy(location: &str, target: &str) -> Result<(), Error> {
    let (location, target) = (location.to_owned(), target.to_owned());
    blocking(move || copy_into(&location, &target)).await
}

/// Checks that a file is a copy of ours, as [`copy`] makes them: whole, and not taken from below a server.
///
/// # Errors
///
/// `Unavailable` with what it is instead.
pub async fn check_copy(file: &str) -> Result<(), Error> {
    let file = file.to_owned();
    blocking(move || {
        let refused = |why: &str| Err(Error::Unavailable(format!("`{file}` {why}")));
        match Header::read(Path::new(&file)) {
            Ok(Some(header)) if header.is_ours() => {}
            Ok(_) => return refused("is not a backup of a Hallpass database"),
            Err(error) => return refused(&format!("cannot be read: {error}")),
        }
        check_files(&file)?;
        let log = std::fs::metadata(beside(&file, "-wal"));
        if log.is_ok_and(|log| log.len() > 0) {
            return refused(
                "has a write-ahead log beside it, so it is no backup; open it with \
                            `--database` and make one with `hallpass backup`",
            );
        }
        open_copy(&file).map(drop)
    })
    .await
}

/// What became of a database that is to be replaced.
pub enum Former {
    /// A single file, with everything that was in its log. No other process can open it until this is
    /// dropped.
    Released(Released),
    /// It is damaged, for this reason, and its files are as they were.
    Damaged(String),
}

/// A database as a single file that no other process can open.
pub struct Released(#[expect(dead_code, reason = "it holds the lock")] Connection);

/// Makes a database that no process has open a single file: what is in its log is merged, and the log is
/// deleted.
///
/// # Errors
///
/// `Unavailable` when another process has it open.
pub async fn release_files(location: &str) -> Result<Former, Error> {
    let location = location.to_owned();
    blocking(move || {
        // SQLite would apply a log of another database.
        if let Err(error) = check_files(&location) {
            return Ok(Former::Damaged(error.to_string()));
        }
        Ok(match release(&location)? {
            Ok(connection) => Former::Released(Released(connection)),
            Err(damage) => Former::Damaged(damage),
        })
    })
    .await
}

/// Whether a file was in use by a server, and has no log.
#[must_use]
pub fn lacks_log(location: &str) -> bool {
    is_file(location) && file_lacks_log(location)
}

/// Accepts a file that lacks its log as it is.
///
/// # Errors
///
/// `Unavailable` when it cannot be opened.
pub async fn accept_file(location: &str) -> Result<(), Error> {
    let location = location.to_owned();
    blocking(move || accept(&location)).await
}

/// The path of the file of a database itself, whatever links lead to it; it need not exist.
#[must_use]
pub fn resolved(location: &str) -> PathBuf {
    crate::file::resolved(location)
}

/// Whether there is an SQLite database of another program.
#[must_use]
pub fn is_foreign(location: &str) -> bool {
    let header = Header::read(Path::new(location)).ok().flatten();
    header.is_some_and(|header| !header.is_ours())
}

/// Whether a location is that of a file.
#[must_use]
pub fn is_file(location: &str) -> bool {
    !is_server(location) && location != IN_MEMORY
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Unavailable(format!("the work broke off: {error}")))?
}
