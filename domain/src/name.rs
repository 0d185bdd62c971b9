//! Names of people, workspaces, teams, roles: one line of readable text.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::text::fold;

/// The most characters of a name.
pub const LONGEST_NAME: usize = 100;

/// The most characters of a description.
pub const LONGEST_DESCRIPTION: usize = 2_000;

/// A name: one to a hundred characters, none of them invisible, no space at its ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

/// Why a text is not a name or a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing is left of it without spaces.
    Empty,
    /// It has more characters than this.
    TooLong(usize),
    /// It holds a character that nobody can see.
    Invisible(char),
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameError::Empty => f.write_str("it is empty"),
            NameError::TooLong(most) => write!(f, "it is longer than {most} characters"),
            NameError::Invisible(c) => {
                write!(f, "it holds the invisible character U+{:04X}", u32::from(*c))
            }
        }
    }
}

impl Name {
    /// Reads a name; spaces at its ends are taken off.
    ///
    /// # Errors
    ///
    /// When it is empty, too long, or holds characters that nobody can see.
    pub fn parse(text: &str) -> Result<Name, NameError> {
        let name = one_line(text, LONGEST_NAME)?;
        if name.is_empty() { Err(NameError::Empty) } else { Ok(Name(name)) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which names are held against each other: `Sales` and `sales` are the same.
    #[must_use]
    pub fn key(&self) -> String {
        fold(&self.0)
    }

    /// The name as a text of its own.
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

/// Reads a description: many lines or none.
///
/// # Errors
///
/// When it is too long, or holds characters that nobody can see.
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

/// Control characters, marks that turn the direction of writing, and spaces without width: with
/// them two names look alike and are not. The joiners of scripts that need them stay.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests;
