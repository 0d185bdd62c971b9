//! The header of a database file, read without SQLite, and the mark that this crate keeps in it.
//!
//! **Invariant:** each commit gives the mark the next number, so that a write-ahead log and a database
//! file show whether they belong together.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::dialect::APPLICATION_ID;

const MAGIC: &[u8] = b"SQLite format 3\0";

/// How many bytes a header has.
pub(super) const LENGTH: usize = 100;

/// How many numbers there are; after the last comes the first.
const NUMBERS: u32 = 1 << 30;

/// What a database file says about itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Header {
    /// In bytes.
    pub(super) page_size: u64,
    /// How many pages the file has, as of the last checkpoint.
    pub(super) pages: u32,
    pub(super) is_ours: bool,
    pub(crate) mark: Mark,
}

impl Header {
    /// Reads the header of a file; none where the file has none.
    pub(crate) fn read(path: &Path) -> io::Result<Option<Header>> {
        let mut file = File::open(path)?;
        let mut bytes = [0; LENGTH];
        let read = file.read_exact(&mut bytes);
        // Closing a file ends every POSIX lock that the process has on it, also those of SQLite. A process
        // reads a header a few times in its life.
        std::mem::forget(file);
        match read {
            Ok(()) => Ok(Header::parse(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether it is the file of a database of Hallpass.
    pub(crate) fn is_ours(&self) -> bool {
        self.is_ours
    }

    /// Parses the beginning of the first page.
    pub(super) fn parse(page: &[u8]) -> Option<Header> {
        if !page.starts_with(MAGIC) {
            return None;
        }
        let page_size = match u16::from_be_bytes(page.get(16..18)?.try_into().ok()?) {
            1 => 65_536,
            size => u64::from(size),
        };
        Some(Header {
            page_size,
            pages: word(page, 28)?,
            is_ours: i64::from(word(page, 68)?) == APPLICATION_ID,
            mark: Mark(word(page, 60)?),
        })
    }
}

/// A word of a file, which stores the highest byte first.
pub(super) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The mark of a database, in `user_version`: the number of the last commit, and whether a server
/// has it open. 0 in a database that has no mark yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark(pub(crate) u32);

impl Mark {
    pub(crate) fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether a server has the database open, or was killed while it had.
    pub(crate) fn is_in_use(self) -> bool {
        self.0 & 1 == 1
    }

    pub(super) fn number(self) -> u32 {
        self.0 >> 1
    }

    /// The mark of the next commit; the first one is `first`.
    pub(crate) fn next(self, first: u32) -> Mark {
        let number = if self.is_none() { first } else { self.number() + 1 };
        // 0 is no mark.
        let number = (number % NUMBERS).max(1);
        Mark(number << 1 | (self.0 & 1))
    }

    pub(crate) fn in_use(self, is_in_use: bool) -> Mark {
        Mark(self.0 & !1 | u32::from(is_in_use))
    }

    /// How many commits this one comes after another.
    pub(super) fn since(self, other: Mark) -> u32 {
        self.number().wrapping_sub(other.number()) % NUMBERS
    }
}

#[cfg(test)]
mod tests;
