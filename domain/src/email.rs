//! Email addresses: parsed once, kept as written, compared by one key.
//!
//! **Invariant:** two addresses have the same key only if they are one mailbox: the same name but for
//! the case of ASCII letters and the composition of accents, at the same domain of the DNS, however it
//! is spelt (`müller.de` or `xn--mller-kva.de`). An address whose characters have a compatible spelling
//! (`K` of Kelvin, the ligature `ﬁ`) is refused, so that no lookalike becomes another.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::text::is_ignorable;

/// The fewest characters of an address.
pub const SHORTEST: usize = 3;

/// The most characters of an address that mail servers carry.
pub const LONGEST: usize = 254;

const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;

/// The marks of a local part, beside letters and digits.
const LOCAL_MARKS: &str = "!#$%&'*+-/=?^_`{|}~";

/// An email address.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    text: String,
    key: String,
}

impl Email {
    /// Parses an address, without the white space around it.
    ///
    /// # Errors
    ///
    /// When it is not a valid address, or looks like another.
    pub fn parse(written: &str) -> Result<Email, EmailError> {
        let written = written.trim();
        if let Some(odd) = written.chars().find(|c| !is_plain(*c)) {
            return Err(EmailError::Character(odd));
        }
        let text: String = written.nfc().collect();
        if !(SHORTEST..=LONGEST).contains(&text.chars().count()) || text.len() > LONGEST {
            return Err(EmailError::Length);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::At)?;
        if domain.contains('@') {
            return Err(EmailError::At);
        }
        check_local(local)?;
        let domain = parse_domain(domain)?;
        let key = format!("{}@{domain}", local.to_ascii_lowercase());
        if key.len() > LONGEST {
            return Err(EmailError::Length);
        }
        Ok(Email { text, key })
    }

    /// An address as it was stored, perhaps under an earlier rule. One that is refused today has
    /// a key that no address of a request has.
    #[must_use]
    pub fn stored(text: &str) -> Option<Email> {
        let is_address = text.contains('@') && !text.contains(char::is_control);
        let old = || Email { text: text.to_owned(), key: format!("{text} (not valid)") };
        Email::parse(text).ok().or_else(|| is_address.then(old))
    }

    /// The address as it was written; mail is sent there.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The form in which addresses are compared and found.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The part after the `@`, as the DNS has it: in ASCII and lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.key.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Whether a character is visible and has one spelling. A text of such characters then has one, too:
/// its form NFC is its form NFKC.
fn is_plain(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_graphic();
    }
    let is_visible = (c.is_alphanumeric() || is_combining_mark(c)) && !is_ignorable(c);
    is_visible && std::iter::once(c).nfkc().eq([c])
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// A domain in the form of [`Email::domain`], from any spelling; none for another text.
#[must_use]
pub fn domain_key(text: &str) -> Option<String> {
    let text: String = text.trim().nfc().collect();
    text.chars().all(is_plain).then(|| parse_domain(&text).ok()).flatten()
}

/// A domain as the DNS has it.
fn parse_domain(domain: &str) -> Result<String, EmailError> {
    check_domain(domain)?;
    let ascii = idna::domain_to_ascii(domain).map_err(|_| EmailError::Domain)?;
    check_domain(&ascii)?;
    if ascii.len() <= LONGEST { Ok(ascii) } else { Err(EmailError::Domain) }
}

fn check_local(local: &str) -> Result<(), EmailError> {
    if local.is_empty() || local.chars().count() > LONGEST_LOCAL {
        return Err(EmailError::Local);
    }
    for part in local.split('.') {
        let is_good = |c: char| is_letter(c) || LOCAL_MARKS.contains(c);
        if part.is_empty() || !part.chars().all(is_good) || part.starts_with(is_combining_mark)
        {
            return Err(EmailError::Local);
        }
    }
    Ok(())
}

fn check_domain(domain: &str) -> Result<(), EmailError> {
    if domain.eq_ignore_ascii_case("localhost") {
        return Ok(());
    }
    let mut labels = 0;
    let mut is_number = false;
    for label in domain.split('.') {
        let is_good = |c: char| is_letter(c) || c == '-';
        let has_edges = label.starts_with('-') || label.ends_with('-');
        let length = label.chars().count();
        if length == 0 || length > LONGEST_LABEL || has_edges || !label.chars().all(is_good) {
            return Err(EmailError::Domain);
        }
        if label.starts_with(is_combining_mark) {
            return Err(EmailError::Domain);
        }
        labels += 1;
        is_number = label.chars().all(char::is_numeric);
    }
    // A name that ends in a number is an IP address, not a domain.
    if labels < 2 || is_number { Err(EmailError::Domain) } else { Ok(()) }
}

/// Why a text is not an email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// It is too short or too long.
    #[error("an email address has 3 to {LONGEST} characters")]
    Length,
    /// It has no `@`, or several.
    #[error("an email address has one `@`, as in `anna@example.com`")]
    At,
    /// The part before the `@` is not a mailbox.
    #[error(
        "the part before the `@` of an email address is a name such as `anna` or `anna.berg`"
    )]
    Local,
    /// The part after the `@` is not a domain.
    #[error("the part after the `@` of an email address is a domain such as `example.com`")]
    Domain,
    /// It has a character that is invisible or looks like another.
    #[error("{}", character(*.0))]
    Character(char),
}

fn character(c: char) -> String {
    if c == ' ' {
        return "an email address has no spaces".to_owned();
    }
    let code = u32::from(c);
    format!(
        "an email address cannot have the character U+{code:04X}; write it with plain letters"
    )
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Email) -> bool {
        self.key == other.key
    }
}

impl Eq for Email {}

impl Hash for Email {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Email, EmailError> {
        Email::parse(text)
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;

    fn try_from(text: String) -> Result<Email, EmailError> {
        Email::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.text
    }
}

#[cfg(test)]
mod tests;
