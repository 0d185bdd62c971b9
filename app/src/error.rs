//! Why a use case did not do what it was asked.

use std::fmt;

use hallpass_domain::refusal::Refusal;

/// Why not.
#[derive(Debug)]
pub enum Error {
    /// Nobody has signed in, or not any more.
    NotSignedIn,
    /// The gate said no. It has been written into the audit log.
    Denied(Denial),
    /// There is no such thing, or the asker may not know that there is.
    Missing {
        /// What was looked for: `member`, `workspace`, …
        noun: &'static str,
    },
    /// A rule said no; nothing was changed.
    Refused(Refusal),
    /// The house is out of order.
    Broken(String),
}

/// What the gate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The resource that was asked for, by key.
    pub resource: String,
    /// The action that was asked for, by key.
    pub action: String,
    /// Why not, in a sentence.
    pub because: String,
}

impl Error {
    /// Out of order, for a reason.
    pub(crate) fn broken(why: impl Into<String>) -> Error {
        Error::Broken(why.into())
    }

    /// What the store says where a constraint decides who was first: the other is refused.
    pub(crate) fn on_conflict(error: hallpass_store::Error, refusal: Refusal) -> Error {
        if let hallpass_store::Error::Conflict(_) = error {
            return refusal.into();
        }
        error.into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotSignedIn => f.write_str("nobody has signed in: sign in first"),
            Error::Denied(denial) => f.write_str(&denial.because),
            Error::Missing { noun } => write!(f, "there is no such {noun}"),
            Error::Refused(refusal) => refusal.fmt(f),
            Error::Broken(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Error {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(refusal)
    }
}

impl From<hallpass_store::Error> for Error {
    fn from(error: hallpass_store::Error) -> Error {
        Error::Broken(error.to_string())
    }
}
