//! Why an export has no file.

/// Why an export has no file that can be downloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFile {
    /// It is being prepared.
    Preparing,
    /// The member may read less than when it was made.
    Outdated,
    /// It has expired, or was deleted.
    Expired,
    /// The bulk job ended before the file was whole.
    Ended,
}

impl NoFile {
    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            NoFile::Preparing => "preparing",
            NoFile::Outdated => "outdated",
            NoFile::Expired => "expired",
            NoFile::Ended => "ended",
        }
    }
}
