//! Errors of use cases.

use std::time::Duration;

use hallpass_domain::factor::Factor;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::policy::Missing;
use thiserror::Error;

use crate::denial::Denial;

/// Why a use case did not run.
#[derive(Debug, Error)]
pub enum Error {
    /// The request has no session or API key, or one that has ended.
    #[error("sign in first")]
    NotSignedIn,
    /// The password is right, and the account signs in with a second factor: one of these.
    #[error("this account signs in with a second factor; send `code` too, or use a passkey")]
    SecondFactor(Vec<Factor>),
    /// The gate denied it; the denial is in the audit log.
    #[error("{}", .0.because)]
    Denied(Box<Denial>),
    /// The thing does not exist, or the caller may not know that it does.
    #[error("there is no such {noun}")]
    Missing {
        /// What was looked for: `member`, `workspace`, …
        noun: &'static str,
    },
    /// The session is not good for it until its person has proved more; nothing was changed.
    #[error("{}", step_up(.0))]
    StepUp(Vec<Missing>),
    /// A rule refused it; nothing was changed.
    #[error("{0}")]
    Refused(Refusal),
    /// A dry run has come to its first write. The caller of the use case has the effect.
    #[error("a dry run writes nothing")]
    DryRun,
    /// The database has not confirmed the use case, which has been done or has not.
    #[error("{0}")]
    Unconfirmed(String),
    /// A statement of it was ended since it took longer than it may; nothing was changed.
    #[error("this takes longer than the server allows; ask for less at once")]
    TooSlow,
    /// The drive is full: nothing was written, and reading goes on.
    #[error("{0}")]
    StorageFull(String),
    /// The drive fails: nothing was written.
    #[error("{0}")]
    StorageFailing(String),
    /// Something failed that the caller cannot change.
    #[error("{0}")]
    Broken(String),
}

/// What is missing, as a sentence.
fn step_up(missing: &[Missing]) -> String {
    let each = missing.iter().map(|missing| match missing {
        Missing::SignIn => "sign in again: the workspace limits how long a session lasts",
        Missing::RecentSignIn => "sign in again: this needs a recent sign-in",
        Missing::SecondFactor => "use a second factor",
        Missing::SingleSignOn => "sign in through a provider of the workspace",
    });
    each.collect::<Vec<_>>().join(", and ")
}

impl Error {
    pub(crate) fn broken(reason: impl Into<String>) -> Error {
        Error::Broken(reason.into())
    }

    /// Converts an error of the store: where a unique constraint decides a race, the loser gets the
    /// refusal.
    pub(crate) fn on_conflict(error: hallpass_store::Error, refusal: Refusal) -> Error {
        if let hallpass_store::Error::Conflict(_) = error {
            return refusal.into();
        }
        error.into()
    }
}

/// A time in whole seconds, at least one.
fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX).max(1)
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(refusal)
    }
}

impl From<hallpass_store::Error> for Error {
    fn from(error: hallpass_store::Error) -> Error {
        match error {
            hallpass_store::Error::Unconfirmed(_) => Error::Unconfirmed(error.to_string()),
            hallpass_store::Error::Busy { retry_after } => {
                Refusal::Busy { seconds: seconds(retry_after) }.into()
            }
            hallpass_store::Error::TooSlow { .. } => Error::TooSlow,
            hallpass_store::Error::Full(_) => Error::StorageFull(error.to_string()),
            hallpass_store::Error::Failing(_) => Error::StorageFailing(error.to_string()),
            hallpass_store::Error::Conflict(_)
            | hallpass_store::Error::Corrupt { .. }
            | hallpass_store::Error::Unavailable(_) => Error::Broken(error.to_string()),
        }
    }
}
