//! Names of people, workspaces, teams, roles: one line of readable text.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::text::{fold, is_ignorable, is_visible};

/// The maximum length of a name, in characters.
pub const LONGEST_NAME: usize = 100;

/// The maximum length of a description, in characters.
pub const LONGEST_DESCRIPTION: usize = 2_000;

/// A name: 1 to 100 characters, some of them visible, without links and without spaces at its ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

/// Why a text is not a name or a description.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It has no character that can be seen.
    #[error("expected a text with at least one visible character")]
    Empty,
    /// It has more characters than this.
    #[error("expected at most {0} characters")]
    TooLong(usize),
    /// It has an invisible character.
    #[error("the invisible character U+{:04X} is not allowed; remove it", u32::from(*.0))]
    Invisible(char),
    /// It has the address of a page, which mails would show as a link.
    #[error("a name has no web address; remove `{0}`")]
    Link(String),
}

impl Name {
    /// Parses a name, without the spaces at its ends.
    ///
    /// # Errors
    ///
    /// When it shows nothing, is too long, has invisible characters, or has a web address.
    pub fn parse(text: &str) -> Result<Name, NameError> {
        if !is_visible(text) {
            return Err(NameError::Empty);
        }
        let name = one_line(text, LONGEST_NAME)?;
        match name.split_whitespace().find(|word| is_link(word)) {
            Some(word) => Err(NameError::Link(word.to_owned())),
            None => Ok(Name(name)),
        }
    }

    /// A name as it was stored, perhaps under an earlier rule: one line that is not empty.
    #[must_use]
    pub fn stored(text: &str) -> Option<Name> {
        let is_line = !text.is_empty() && !text.contains(char::is_control);
        is_line.then(|| Name(text.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are compared: `Sales` and `sales` are the same.
    #[must_use]
    pub fn key(&self) -> String {
        fold(&self.0)
    }

    /// The name as a `String`.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Parses a description: any number of lines.
///
/// # Errors
///
/// When it is too long, or has invisible characters.
pub fn description(text: &str) -> Result<String, NameError> {
    let lines: Result<Vec<String>, NameError> =
        text.trim().lines().map(|line| one_line(line, LONGEST_DESCRIPTION)).collect();
    let text = lines?.join("\n");
    if text.chars().count() > LONGEST_DESCRIPTION {
        return Err(NameError::TooLong(LONGEST_DESCRIPTION));
    }
    Ok(text)
}

fn one_line(text: &str, most: usize) -> Result<String, NameError> {
    let text: String = text.trim().nfc().collect();
    if let Some(c) = text.chars().find(|c| is_invisible(*c)) {
        return Err(NameError::Invisible(c));
    }
    if text.chars().count() > most {
        return Err(NameError::TooLong(most));
    }
    Ok(text)
}

/// Control characters, direction marks, fillers and spaces without width: with them, different names
/// look the same. The joiners and variation selectors that some scripts and emoji need are allowed;
/// comparisons leave them out.
fn is_invisible(c: char) -> bool {
    let is_needed = matches!(c,
        '\u{200C}' | '\u{200D}' | '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}');
    let is_mark = matches!(c, '\u{2028}' | '\u{2029}' | '\u{FFF9}'..='\u{FFFB}');
    c.is_control() || is_mark || (is_ignorable(c) && !is_needed)
}

/// Whether a word is the address of a page: it has a scheme, begins with `www.`, or is a host with a
/// path. A name such as `Booking.com` is none.
fn is_link(word: &str) -> bool {
    let word = fold(word);
    let outside = |c: char| !(c.is_alphanumeric() || c == '-' || c == '.');
    let is_host = |text: &str| {
        let host = text.rsplit(outside).next().unwrap_or_default();
        let (name, top) = host.rsplit_once('.').unwrap_or_default();
        let is_top = top.chars().count() >= 2 && top.chars().all(char::is_alphabetic);
        is_top && name.contains(char::is_alphanumeric)
    };
    let has_path = |end: char| word.split_once(end).is_some_and(|(host, _)| is_host(host));
    let is_www = |part: &str| part.starts_with("www.");
    word.contains("://")
        || word.split(outside).any(is_www)
        || ['/', '?', '#'].into_iter().any(has_path)
}

#[cfg(test)]
mod tests;
