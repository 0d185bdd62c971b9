//! The file of an export that a bulk job prepares: how it is, and how many there may be.
//!
//! **Invariant:** a file is given out only to the member who asked for it, while they may read everything that
//! they might read when it was made.

pub mod state;

use self::state::NoFile;
use crate::bulk_job::{BulkJob, BulkJobState};
use crate::id::{BulkJobId, MemberId};
use crate::refusal::Refusal;
use crate::time::{Span, Timestamp};

/// How long a file can be downloaded after it is ready.
pub const KEPT: Span = Span::hours(24);

/// The most bytes of a file.
pub const MOST_BYTES: i64 = 64 << 20;

/// How many files a member can have at once, also those that are being prepared.
pub const MOST_OF_MEMBER: i64 = 5;

/// How many files a workspace can have at once, also those that are being prepared.
pub const MOST_OF_WORKSPACE: i64 = 20;

/// The file of an export, without its contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportFile {
    /// The bulk job that prepares it.
    pub job: BulkJobId,
    /// The member who asked for it.
    pub member: MemberId,
    /// How many bytes it has so far.
    pub bytes: i64,
    /// In how many pieces.
    pub pieces: i64,
    /// Until when it can be downloaded; none while it is prepared.
    pub expires_at: Option<Timestamp>,
}

/// Whether the member of an export may read what its file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileReach {
    /// They may read all that they might read when it was made.
    Covered,
    /// They may read less.
    Reduced,
}

/// Checks that the file of an export can be downloaded.
///
/// # Errors
///
/// Why not.
pub fn check_ready(
    job: &BulkJob,
    file: Option<&ExportFile>,
    reach: FileReach,
    now: Timestamp,
) -> Result<(), NoFile> {
    match job.state {
        BulkJobState::Running => return Err(NoFile::Preparing),
        BulkJobState::Stopped | BulkJobState::Cancelled | BulkJobState::Failed => {
            return Err(NoFile::Ended);
        }
        BulkJobState::Done => {}
    }
    if !file.is_some_and(|file| file.is_kept(now)) {
        return Err(NoFile::Expired);
    }
    match reach {
        FileReach::Covered => Ok(()),
        FileReach::Reduced => Err(NoFile::Outdated),
    }
}

impl ExportFile {
    /// Whether it can be downloaded at a time. An end that is further away than any comes from a clock that was
    /// ahead.
    #[must_use]
    pub fn is_kept(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now < end && end <= now + KEPT)
    }

    /// The file with one more piece of so many bytes.
    ///
    /// # Errors
    ///
    /// `Fields` when it would be larger than a file can be.
    pub fn with_piece(self, bytes: usize) -> Result<ExportFile, Refusal> {
        let bytes = self.bytes.saturating_add(i64::try_from(bytes).unwrap_or(i64::MAX));
        if bytes > MOST_BYTES {
            let most = MOST_BYTES >> 20;
            let detail = format!(
                "the file would have more than {most} MiB; narrow the list, and export it in parts"
            );
            return Err(Refusal::field("", "too_large", detail));
        }
        Ok(ExportFile { bytes, pieces: self.pieces + 1, ..self })
    }
}

/// Checks that a member who has so many files, in a workspace with so many, can have another one.
///
/// # Errors
///
/// `Fields`.
pub fn check_room(of_member: i64, of_workspace: i64) -> Result<(), Refusal> {
    let detail = if of_member >= MOST_OF_MEMBER {
        format!(
            "you have {of_member} exports, which is the most; delete one, or wait until one expires"
        )
    } else if of_workspace >= MOST_OF_WORKSPACE {
        format!(
            "this workspace has {of_workspace} exports, which is the most; wait until one expires"
        )
    } else {
        return Ok(());
    };
    Err(Refusal::field("", "too_many_exports", detail))
}

#[cfg(test)]
mod tests;
