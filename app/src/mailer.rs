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
    /// What happened, in one line. A server may quote the mail, so the addresses of pages in it end with
    /// their host: the path could be the link of the mail.
    pub message: String,
}

impl MailError {
    /// An error after which the mail is retried.
    #[must_use]
    pub fn temporary(message: impl Into<String>) -> MailError {
        MailError { is_permanent: false, message: without_paths(&message.into()) }
    }

    /// An error after which the mail is given up.
    #[must_use]
    pub fn permanent(message: impl Into<String>) -> MailError {
        MailError { is_permanent: true, message: without_paths(&message.into()) }
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MailError {}

/// A text whose addresses of pages end with their host.
pub(crate) fn without_paths(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, address)) = rest.split_once("://") {
        shown.push_str(before);
        shown.push_str("://");
        let is_end = |c: char| c.is_whitespace() || "<>\"'()".contains(c);
        let address_end = address.find(is_end).unwrap_or(address.len());
        let (address, after) = address.split_at(address_end);
        match address.split_once(['/', '?', '#']) {
            Some((host, _)) => {
                shown.push_str(host);
                shown.push_str("/…");
            }
            None => shown.push_str(address),
        }
        rest = after;
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests;
