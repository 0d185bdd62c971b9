//! Slugs: the names of workspaces in URLs.

use std::fmt;

/// The fewest characters of a slug.
pub const SHORTEST: usize = 2;

/// The most characters of a slug.
pub const LONGEST: usize = 40;

/// Words that URLs use for something else.
const RESERVED: [&str; 16] = [
    "account",
    "accounts",
    "admin",
    "api",
    "app",
    "blueprints",
    "docs",
    "hallpass",
    "help",
    "invitations",
    "login",
    "new",
    "settings",
    "support",
    "w",
    "www",
];

/// A slug: 2 to 40 characters of `a` to `z`, `0` to `9` and `-`, without `-` at its ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// Why a text is not a slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// It has the wrong length or characters.
    #[error(
        "expected 2 to 40 characters of `a` to `z`, `0` to `9` and `-`, without `-` at the ends"
    )]
    Shape,
    /// URLs use the word for something else.
    #[error("this slug is reserved; choose another")]
    Reserved,
}

impl Slug {
    /// Parses a slug.
    ///
    /// # Errors
    ///
    /// When the text has another shape or is reserved.
    pub fn parse(text: &str) -> Result<Slug, SlugError> {
        let fits =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_shaped = (SHORTEST..=LONGEST).contains(&text.len())
            && text.bytes().all(fits)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if !is_shaped {
            Err(SlugError::Shape)
        } else if RESERVED.contains(&text) {
            Err(SlugError::Reserved)
        } else {
            Ok(Slug(text.to_owned()))
        }
    }

    /// The slug.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
