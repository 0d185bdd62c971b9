//! The files of a database, checked before SQLite opens them: it would delete the log beside an empty
//! file, and apply a log of another database.
//!
//! What can be known from the files is told. What cannot: a database file that was copied while the
//! server moved its log into it, together with a log that fits its mark. `Db::begin_service` looks for
//! that in a database that was not closed.

mod header;
mod wal;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

pub(crate) use self::header::{Header, Mark};
use self::wal::Wal;
use crate::error::Error;

/// The location of a database in memory.
pub(crate) const IN_MEMORY: &str = ":memory:";

/// How often files that seem wrong are read again: another process may be writing them.
const ATTEMPTS: u32 = 6;

const PAUSE: Duration = Duration::from_millis(25);

/// The most links that lead to a file, one after the other.
const MOST_LINKS: usize = 40;

const HELP: &str =
    "restore a backup with `hallpass restore`, or put the files back as they were";

/// Whether a location is that of a database on a server.
pub(crate) fn is_server(location: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| location.starts_with(scheme))
}

/// The path of a file beside a database. SQLite puts them where the file itself is, whatever links lead to it.
pub(crate) fn beside(location: &str, end: &str) -> PathBuf {
    let mut path = resolved(location).into_os_string();
    path.push(end);
    PathBuf::from(path)
}

/// The path of the file itself, which need not exist.
pub(crate) fn resolved(location: &str) -> PathBuf {
    let mut path = PathBuf::from(location);
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    path
}

/// Checks that the files of a database belong together and are whole.
///
/// # Errors
///
/// `Unavailable` when opening the database would show it empty, older, or corrupt.
pub(crate) fn check_files(location: &str) -> Result<(), Error> {
    let mut outcome = check_once(location);
    for _ in 1..ATTEMPTS {
        if !matches!(outcome, Ok(Some(_))) {
            break;
        }
        thread::sleep(PAUSE);
        outcome = check_once(location);
    }
    match outcome {
        Ok(None) => Ok(()),
        Ok(Some(why)) => Err(Error::Unavailable(format!("`{location}` {why}; {HELP}"))),
        Err(error) => Err(Error::Unavailable(format!("cannot read `{location}`: {error}"))),
    }
}

/// Whether a server had the file in use, and there is no log.
pub(crate) fn file_lacks_log(location: &str) -> bool {
    let header = Header::read(Path::new(location)).ok().flatten();
    let log = length(&beside(location, "-wal")).ok().flatten();
    header.is_some_and(|header| header.is_ours && header.mark.is_in_use())
        && log.unwrap_or(0) == 0
}

/// Says what is wrong with the files, if anything.
fn check_once(location: &str) -> io::Result<Option<String>> {
    let (path, log) = (Path::new(location), beside(location, "-wal"));
    let (length, log_length) = (length(path)?, length(&log)?);
    if length.unwrap_or(0) == 0 {
        let is = if length.is_some() { "is empty" } else { "does not exist" };
        return Ok(log_length.filter(|bytes| *bytes > 0).map(|bytes| {
            format!("{is}, and beside it is a write-ahead log of {bytes} bytes")
        }));
    }
    let Some(header) = Header::read(path)? else { return Ok(None) };
    // SQLite tells what a file of another program is; a new one is not ours yet.
    if !header.is_ours {
        return Ok(None);
    }
    if header.mark.is_in_use() && log_length.unwrap_or(0) == 0 {
        let is = if log_length.is_some() { "is empty" } else { "is missing" };
        return Ok(Some(format!(
            "was in use by a server, and its write-ahead log `{}` {is}: the latest changes are not in \
             the file; if another program has merged the log, `hallpass doctor --repair` accepts the \
             file as it is",
            log.display()
        )));
    }
    let wal = if log_length.unwrap_or(0) > 0 { Wal::read(&log)? } else { Wal::default() };
    Ok(mismatch(&header, &wal, &log).or_else(|| truncated(&header, &wal, length.unwrap_or(0))))
}

fn mismatch(header: &Header, wal: &Wal, log: &Path) -> Option<String> {
    let other = || {
        format!(
            "and the write-ahead log `{}` beside it do not belong together: they are of two \
             databases, or were copied while a server was running",
            log.display()
        )
    };
    if wal.pages > 0 && wal.page_size != header.page_size {
        return Some(other());
    }
    let (first, last) = wal.marks?;
    if header.mark.is_none() {
        return None;
    }
    // The file is as of the commit before the log's first, or a later one of the log.
    let before = last.since(first).saturating_add(1);
    (last.since(header.mark) > before).then(other)
}

/// Whether the file lacks pages that no log has.
fn truncated(header: &Header, wal: &Wal, length: u64) -> Option<String> {
    let pages = if wal.pages > 0 { wal.pages } else { header.pages };
    let present = length / header.page_size.max(1);
    let present = u32::try_from(present).unwrap_or(u32::MAX);
    let is_missing = |page: &u32| !wal.changed.contains(page);
    (present.saturating_add(1)..=pages)
        .find(is_missing)
        .map(|_| format!("is truncated: it has {present} of {pages} pages"))
}

fn length(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
