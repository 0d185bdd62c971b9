//! Names of people, workspaces, teams, roles: one line of readable text.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::text::fold;

/// The maximum length of a name, in characters.
pub const LONGEST_NAME: usize = 100;

/// The maximum length of a description, in characters.
pub const LONGEST_DESCRIPTION: usize = 2_000;

/// A name: 1 to 100 characters, none of them invisible, without spaces at its ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

/// Why a text is not a name or a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It is empty but for spaces.
    #[error("expected a text that is not empty")]
    Empty,
    /// It has more characters than this.
    #[error("expected at most {0} characters")]
    TooLong(usize),
    /// It has an invisible character.
    #[error("the invisible character U+{:04X} is not allowed; remove it", u32::from(*.0))]
    Invisible(char),
}

impl Name {
    /// Parses a name, without the spaces at its ends.
    ///
    /// # Errors
    ///
    /// When it is empty, too long, or has invisible characters.
    pub fn parse(text: &str) -> Result<Name, NameError> {
        let name = one_line(text, LONGEST_NAME)?;
        if name.is_empty() { Err(NameError::Empty) } else { Ok(Name(name)) }
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

/// Control characters, direction marks and spaces without width: with them, different names look
/// the same. The joiners that some scripts need are allowed.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests;
