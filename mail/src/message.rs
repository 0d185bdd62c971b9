//! A mail as bytes: headers, a text part and an HTML part.
//!
//! **Invariant:** lettre encodes what goes into a header, and nothing with a line break reaches it.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

use data_encoding::BASE64;
use hallpass_app::mailer::MailError;
use hallpass_domain::email::Email;
use hallpass_domain::time::Timestamp;
use lettre::address::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};

use crate::content::MailContent;

/// The longest line of a mail (RFC 5322, 2.1.1), in bytes.
const LONGEST_LINE: usize = 998;

/// The bytes of a text in one encoded word, which has at most 75 characters.
const LONGEST_WORD: usize = 45;

const MESSAGE_ID: &str = "Message-ID";

/// The sender of mails: `Hallpass <hallpass@example.com>`. Its address is in ASCII, which every mail
/// server accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl FromStr for Sender {
    type Err = String;

    fn from_str(text: &str) -> Result<Sender, String> {
        let expected = "an address such as `hallpass@example.com` or `Hallpass \
                        <hallpass@example.com>`";
        let is_plain = !text.chars().any(char::is_control);
        let mailbox = is_plain.then(|| text.parse::<Mailbox>().ok()).flatten();
        let mailbox = mailbox.ok_or_else(|| expected.to_owned())?;
        let (local, domain) = (mailbox.email.user(), mailbox.email.domain());
        if !local.is_ascii() {
            return Err(format!(
                "{expected}; few mail servers accept `{local}` before the `@`"
            ));
        }
        let domain = idna::domain_to_ascii(domain).map_err(|_| expected.to_owned())?;
        let address = Address::new(local, domain).map_err(|_| expected.to_owned())?;
        Ok(Sender(Mailbox::new(mailbox.name, address)))
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
    // The name of the machine, which is the default, is no domain to a spam filter.
    if let Some((id, _)) =
        message.headers().get_raw(MESSAGE_ID).and_then(|id| id.split_once('@'))
    {
        let id = format!("{id}@{}>", sender.0.email.domain());
        let name = HeaderName::new_from_ascii_str(MESSAGE_ID);
        message.headers_mut().insert_raw(HeaderValue::new(name, id));
    }
    if content.subject.contains("=?") {
        let (name, subject) = (HeaderName::new_from_ascii_str("Subject"), &content.subject);
        let encoded = encoded_words(subject);
        let value = HeaderValue::dangerous_new_pre_encoded(name, subject.clone(), encoded);
        message.headers_mut().insert_raw(value);
    }
    // Keeps out-of-office replies from being sent (RFC 3834).
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
    Ok(message)
}

/// A text as encoded words (RFC 2047), so that one which looks like an encoded word reads as it is.
fn encoded_words(text: &str) -> String {
    let mut words = vec![String::new()];
    for c in text.chars() {
        let is_full = |word: &String| word.len() + c.len_utf8() > LONGEST_WORD;
        match words.last_mut().filter(|word| !is_full(word)) {
            Some(word) => word.push(c),
            None => words.push(c.to_string()),
        }
    }
    let encoded =
        words.iter().map(|word| format!("=?utf-8?b?{}?=", BASE64.encode(word.as_bytes())));
    encoded.collect::<Vec<_>>().join("\r\n ")
}

/// The error of a mail that cannot be built.
fn cannot_build(error: &dyn fmt::Display) -> MailError {
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
    let local = to.as_str().split_once('@').map_or("", |(local, _)| local);
    Address::new(local, to.domain()).map_err(|error| {
        MailError::permanent(format!("cannot send mail to this address: {error}"))
    })
}

#[cfg(test)]
mod tests;
