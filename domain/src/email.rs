//! Mail addresses.

use std::fmt;

/// A mail address as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

/// Why a text is not a mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadEmail;

impl fmt::Display for BadEmail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mail address looks like `anna@example.com`")
    }
}

impl Email {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// When the text is none.
    pub fn parse(text: &str) -> Result<Email, BadEmail> {
        let text = text.trim();
        if text.contains('@') { Ok(Email(text.to_owned())) } else { Err(BadEmail) }
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which addresses are compared.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}
