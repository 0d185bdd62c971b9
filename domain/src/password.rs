//! Passwords: long, and not among the most common (NIST SP 800-63B-4, ASVS 6.2).
//!
//! The rule is the same for every way to set one: signing up, links of mails and of the operator, and a
//! change.
//!
//! **Invariant:** a password is in the normal form NFC, so that keyboards which compose accents in
//! another way type the same one.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use blocklist::is_common;

use crate::text::fold;

mod blocklist;

/// The minimum length where the password is the only factor, in characters.
pub const SHORTEST: usize = 15;

/// The minimum length where the account has a second factor, in characters.
pub const SHORTEST_WITH_FACTOR: usize = 8;

/// The maximum length, in characters.
pub const LONGEST: usize = 256;

/// The name of the product, of which a password does not consist.
const PRODUCT: &str = "hallpass";

/// The fewest characters of a name for which a password is searched.
const SHORTEST_NAME: usize = 4;

/// A password; its `Debug` form hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// What a person signs in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factors {
    /// The password alone.
    Password,
    /// The password and a second factor.
    PasswordAndSecond,
}

impl Factors {
    /// The minimum length of the password, in characters.
    #[must_use]
    pub const fn shortest_password(self) -> usize {
        match self {
            Factors::Password => SHORTEST,
            Factors::PasswordAndSecond => SHORTEST_WITH_FACTOR,
        }
    }
}

/// Why a text is not accepted as a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It has fewer characters than the factors of the account need.
    #[error("a password has at least {shortest} characters")]
    TooShort {
        /// The minimum.
        shortest: usize,
    },
    /// It has more than [`LONGEST`] characters.
    #[error("a password has at most {LONGEST} characters")]
    TooLong,
    /// It is among the most common ones, or made of them.
    #[error("this password is too common; choose another")]
    Common,
    /// It consists of an address or a name: of its owner, a workspace of theirs, or the product.
    #[error(
        "this password consists of a name or address of yours, or of Hallpass; choose another"
    )]
    Personal,
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// Checks a new password of an account with some factors; `about` is the email address and the names
    /// of its owner, and the names of their workspaces.
    ///
    /// # Errors
    ///
    /// When it is too short, too long, too common, or consists of an address or a name.
    pub fn choose(
        text: &str,
        factors: Factors,
        about: &[&str],
    ) -> Result<Password, PasswordError> {
        let text: String = text.nfc().collect();
        let (length, shortest) = (text.chars().count(), factors.shortest_password());
        if length < shortest {
            return Err(PasswordError::TooShort { shortest });
        }
        if length > LONGEST {
            return Err(PasswordError::TooLong);
        }
        let plain = fold(&text);
        if is_common(&plain) {
            return Err(PasswordError::Common);
        }
        if is_personal(&plain, about, shortest.div_ceil(2)) {
            return Err(PasswordError::Personal);
        }
        Ok(Password(text))
    }

    /// A password entered to sign in, unchecked; cut where it is too long to be right.
    #[must_use]
    pub fn typed(text: &str) -> Password {
        Password(text.nfc().take(LONGEST + 1).collect())
    }

    /// The password itself, for the hash.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Whether a password contains names, and fewer than so many letters and digits beside them.
fn is_personal(plain: &str, about: &[&str], least: usize) -> bool {
    let mut names: Vec<String> =
        about.iter().copied().chain([PRODUCT]).flat_map(spellings).collect();
    // The longest first: the parts of a name are among the names.
    names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
    let mut rest = plain.to_owned();
    for name in names {
        // A character that is no letter keeps what is around a name apart.
        rest = rest.replace(&name, " ");
    }
    rest != plain && rest.chars().filter(|c| c.is_alphanumeric()).count() < least
}

/// A name or address as it is written in a password: whole, without what separates its parts, and its
/// parts; none that is short.
fn spellings(name: &str) -> Vec<String> {
    let whole = fold(name);
    let parts = whole.split(|c: char| !c.is_alphanumeric()).map(str::to_owned);
    let joined = whole.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut all: Vec<String> = parts.chain([joined, whole.clone()]).collect();
    all.retain(|name| name.chars().count() >= SHORTEST_NAME);
    all
}

#[cfg(test)]
mod tests;
