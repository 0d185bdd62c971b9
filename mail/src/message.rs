//! A mail as bytes: headers, a text part and an HTML part.
//!
//! **Invariant:** lettre encodes what goes into a header, and nothing with a line break reaches it.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

use hallpass_app::mailer::MailError;
use hallpass_domain::email::Email;
use hallpass_domain::time::Timestamp;
use lettre::address::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};

use crate::content::MailContent;

/// The longest line of a mail (RFC 5322, 2.1.1), in bytes.
const LONGEST_LINE: usize = 998;

/// The sender of mails: `Hallpass <hallpass@example.com>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl FromStr for Sender {
    type Err = String;

    fn from_str(text: &str) -> Result<Sender, String> {
        let expected = "an address such as `hallpass@example.com` or `Hallpass \
                        <hallpass@example.com>`";
        let is_plain = !text.chars().any(char::is_control);
        let mailbox = is_plain.then(|| text.parse().ok()).flatten();
        mailbox.map(Sender).ok_or_else(|| expected.to_owned())
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Builds a mail.
pub(crate) fn build(
    sender: &Sender,
    to: &Email,
    content: &MailContent,
    now: Timestamp,
) -> Result<Message, MailError> {
    let address = address(to)?;
    let since = Duration::from_micros(u64::try_from(now.as_micros()).unwrap_or_default());
    let text = content.text().map_err(|error| cannot_build(&error))?;
    let html = content.html().map_err(|error| cannot_build(&error))?;
    let mut message = Message::builder()
        .from(sender.0.clone())
        .to(Mailbox::new(None, address))
        .subject(content.subject.clone())
        .date(UNIX_EPOCH + since)
        .message_id(None)
        .multipart(
            MultiPart::alternative()
                .singlepart(part(ContentType::TEXT_PLAIN, &text))
                .singlepart(part(ContentType::TEXT_HTML, &html)),
        )
        .map_err(|error| cannot_build(&error))?;
    // Keeps out-of-office replies from being sent (RFC 3834).
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
    Ok(message)
}

/// The error of a mail that cannot be built.
pub(crate) fn cannot_build(error: &dyn fmt::Display) -> MailError {
    MailError::temporary(format!("cannot build the mail: {error}"))
}

/// Builds a part. Short ASCII lines stay unencoded, so that a link can be copied from a file.
fn part(kind: ContentType, text: &str) -> SinglePart {
    let text = text.lines().fold(String::new(), |text, line| text + line + "\r\n");
    let is_plain = text.bytes().all(|byte| byte.is_ascii() && byte != 0);
    let body = if is_plain && text.lines().all(|line| line.len() <= LONGEST_LINE) {
        Body::dangerous_pre_encoded(text.into_bytes(), ContentTransferEncoding::SevenBit)
    } else {
        Body::new(text)
    };
    SinglePart::builder().header(kind).body(body)
}

/// The address with an ASCII domain, which every mail server accepts.
fn address(to: &Email) -> Result<Address, MailError> {
    let (local, domain) = to.as_str().split_once('@').unwrap_or((to.as_str(), ""));
    let unusable = |error: &dyn fmt::Display| {
        MailError::permanent(format!("cannot send mail to this address: {error}"))
    };
    let domain = idna::domain_to_ascii(domain).map_err(|error| unusable(&error))?;
    Address::new(local, domain).map_err(|error| unusable(&error))
}

#[cfg(test)]
mod tests;
