//! The mailer: a trait, because the transport is outside the application.

use std::fmt;
use std::pin::Pin;

use hallpass_domain::email::Email;
use hallpass_domain::mail_template::{MailStyle, MailTemplate};

/// The future of one delivery.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>>;

/// Sends mails.
pub trait Mailer: Send + Sync {
    /// Sends a mail; without an error, the next server is responsible for it.
    fn send<'a>(
        &'a self,
        to: &'a Email,
        mail_template: &'a MailTemplate,
        style: &'a MailStyle,
    ) -> Sending<'a>;
}

/// Why a mail was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailError {
    /// Whether retrying cannot help, as with an address that does not exist. A server that is
    /// unreachable or refuses everything is not permanent.
    pub is_permanent: bool,
    /// What happened, in one line.
    pub message: String,
}

impl MailError {
    /// An error after which the mail is retried.
    #[must_use]
    pub fn temporary(message: impl Into<String>) -> MailError {
        MailError { is_permanent: false, message: message.into() }
    }

    /// An error after which the mail is given up.
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
