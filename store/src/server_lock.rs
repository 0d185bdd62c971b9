//! The lock of a server on its database: an SQLite file has one server at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::error::Error;
use crate::file::{Header, IN_MEMORY, beside, check_files, is_server};

/// How long a start waits for a command that checks the files at the same moment.
const ATTEMPTS: u32 = 40;

const PAUSE: Duration = Duration::from_millis(50);

/// That no other server runs on a database, and none restores it. It ends with the process, however that
/// ends. PostgreSQL has many servers, and no lock.
#[derive(Debug)]
pub struct ServerLock {
    file: Option<File>,
}

impl ServerLock {
    /// Takes the lock on the database at a location, and checks its files before SQLite opens them. It
    /// waits for other files.
    ///
    /// # Errors
    ///
    /// `Unavailable` when another server has the lock; when the files do not belong together or are not
    /// whole.
    pub fn take(location: &str) -> Result<ServerLock, Error> {
        let lock = ServerLock::take_unchecked(location)?;
        if lock.file.is_some() {
            check_files(location)?;
        }
        Ok(lock)
    }

    /// Takes the lock for a restore, which replaces the files whatever they are.
    ///
    /// # Errors
    ///
    /// `Unavailable` when a server has the lock.
    pub fn take_unchecked(location: &str) -> Result<ServerLock, Error> {
        if is_server(location) || location == IN_MEMORY || !may_be_ours(location) {
            return Ok(ServerLock { file: None });
        }
        for _ in 0..ATTEMPTS {
            if let Some(file) = try_lock(location)? {
                return Ok(ServerLock { file: Some(file) });
            }
            thread::sleep(PAUSE);
        }
        Err(Error::Unavailable(format!(
            "a server is running on `{location}`; stop it first, or choose another database"
        )))
    }
}

/// Takes the lock at once; none where another process has it, or where there is nothing to lock.
pub(crate) fn try_lock(location: &str) -> Result<Option<File>, Error> {
    let path = beside(location, ".lock");
    let failed = |error: io::Error| {
        Error::Unavailable(format!("cannot lock `{}`: {error}", path.display()))
    };
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Checks the files of a database that no server has open. A command that opens it does so first; beside
/// a running server the files are not checked, and change all the time.
pub(crate) fn check_unserved(location: &str) -> Result<(), Error> {
    if !has_files(location) || !may_be_ours(location) {
        return Ok(());
    }
    // Where the folder is read-only, opening the database tells.
    match try_lock(location) {
        Ok(Some(_lock)) => check_files(location),
        Ok(None) | Err(_) => Ok(()),
    }
}

fn has_files(location: &str) -> bool {
    Path::new(location).exists() || beside(location, "-wal").exists()
}

/// Whether the location is that of a database of ours, or of a new one. Opening any other tells what is
/// wrong, and nothing is written beside it.
fn may_be_ours(location: &str) -> bool {
    let path = Path::new(location);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if path.is_dir() || folder.is_some_and(|folder| !folder.is_dir()) {
        return false;
    }
    match fs::metadata(path) {
        Ok(metadata) if metadata.len() > 0 => {
            matches!(Header::read(path), Ok(Some(header)) if header.is_ours())
        }
        Ok(_) | Err(_) => true,
    }
}
