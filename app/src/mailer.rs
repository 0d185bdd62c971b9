//! The way out for mail: a trait, since what is behind it is the outside world.

use std::fmt;
use std::pin::Pin;

use hallpass_domain::email::Email;
use hallpass_domain::mail_template::MailTemplate;

/// What comes back from a mailer, later.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>>;

/// Sends letters.
pub trait Mailer: Send + Sync {
    /// Sends a letter; when it answers without an error, somebody else has taken charge of it.
    fn send<'a>(&'a self, to: &'a Email, mail_template: &'a MailTemplate) -> Sending<'a>;
}

/// Why a letter did not go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailError {
    /// Whether this letter to this address will never go, however often it is tried. A server that
    /// is not there, or refuses everything, is not that.
    pub is_permanent: bool,
    /// What happened, in one line.
    pub message: String,
}

impl MailError {
    /// It may go the next time.
    #[must_use]
    pub fn temporary(message: impl Into<String>) -> MailError {
        MailError { is_permanent: false, message: message.into() }
    }

    /// It will not go.
    #[must_use]
    pub fn permanent(message: impl Into<String>) -> MailError {
        MailError { is_permanent: true, message: message.into() }
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MailError {}
