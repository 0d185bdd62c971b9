//! Whether the drive of a database has room for what a request writes.
//!
//! A commit of one page may still fit into the log where that of a record does not.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use crate::error::Error;
use crate::file::beside;

/// What is written, in bytes: more than most requests.
const SIZE: usize = 256 << 10;

/// Writes a file beside a database, and deletes it.
pub(super) fn probe(location: &str) -> Result<(), Error> {
    let path = beside(location, "-probe");
    let written = write(&path);
    // One that stays is written over by the next.
    let _ = fs::remove_file(&path);
    let is_full = |kind| matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
    written.map_err(|error| {
        let kind = if is_full(error.kind()) { Error::Full } else { Error::Failing };
        kind(error.to_string())
    })
}

/// Why a database could not be opened: SQLite calls a file read-only whose drive has no room for its index.
pub(super) fn explain(location: &str, error: Error) -> Error {
    match probe(location) {
        Err(full @ Error::Full(_)) => full,
        Ok(()) | Err(_) => error,
    }
}

fn write(path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(&vec![0; SIZE])?;
    file.sync_all()
}
