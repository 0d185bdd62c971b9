//! E-mail addresses: parsed once, kept as written, compared by one key.
//!
//! **Invariant:** two addresses have the same key only if they are the same text but for the case
//! of ASCII letters and the composition of accents. An address whose characters have a compatible
//! spelling (`K` of Kelvin, the ligature `ﬁ`) is refused, so that no lookalike becomes another.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The longest address that mail servers carry.
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;

/// What a local part may have beside letters and digits.
const LOCAL_MARKS: &str = "!#$%&'*+-/=?^_`{|}~";

/// An address to which mail can be sent.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    text: String,
    key: String,
}

impl Email {
    /// Reads an address, without the white space around it.
    ///
    /// # Errors
    ///
    /// When no mail could reach it, or it could be taken for another.
    pub fn parse(written: &str) -> Result<Email, EmailError> {
        let written = written.trim();
        if let Some(odd) = written.chars().find(|c| !is_plain(*c)) {
            return Err(EmailError::Character(odd));
        }
        let text: String = written.nfc().collect();
        if !text.chars().eq(text.nfkc()) {
            return Err(EmailError::Spelling);
        }
        if !(3..=LONGEST).contains(&text.chars().count()) || text.len() > LONGEST {
            return Err(EmailError::Length);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::At)?;
        if domain.contains('@') {
            return Err(EmailError::At);
        }
        check_local(local)?;
        check_domain(domain)?;
        let key = text.to_ascii_lowercase();
        Ok(Email { text, key })
    }

    /// The address as it was written; mail goes there.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The one form by which addresses are compared and found.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What stands behind the `@`, in the form of the key.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.key.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Whether a character stands for itself: visible, with one spelling.
fn is_plain(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_graphic();
    }
    let is_visible = (c.is_alphanumeric() || is_combining_mark(c)) && !is_ignorable(c);
    is_visible && std::iter::once(c).nfkc().eq([c])
}

/// Letters and marks that nobody sees.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{E0100}'..='\u{E01EF}')
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
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
    // An address of numbers is a machine, not a domain.
    if labels < 2 || is_number { Err(EmailError::Domain) } else { Ok(()) }
}

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailError {
    /// It is too short or too long.
    Length,
    /// It has no `@`, or several.
    At,
    /// What stands before the `@` is not a mailbox.
    Local,
    /// What stands behind the `@` is not a domain.
    Domain,
    /// It has a character that cannot be seen or could be taken for another.
    Character(char),
    /// Its characters together could be taken for others.
    Spelling,
}

impl fmt::Display for EmailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EmailError::Length => write!(f, "an e-mail address has 3 to {LONGEST} characters"),
            EmailError::At => {
                f.write_str("an e-mail address has one `@`, as in `anna@example.com`")
            }
            EmailError::Local => f.write_str(
                "what stands before the `@` of an e-mail address is a name such as `anna` or \
                 `anna.berg`",
            ),
            EmailError::Domain => f.write_str(
                "what stands behind the `@` of an e-mail address is a domain such as \
                 `example.com`",
            ),
            EmailError::Character(' ') => f.write_str("an e-mail address has no spaces"),
            EmailError::Character(c) => write!(
                f,
                "an e-mail address cannot have the character `U+{:04X}`; write it with plain \
                 letters",
                u32::from(*c)
            ),
            EmailError::Spelling => f.write_str(
                "this e-mail address could be taken for another; write it with plain letters",
            ),
        }
    }
}

impl std::error::Error for EmailError {}

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
