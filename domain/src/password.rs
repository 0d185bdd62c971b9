//! Passwords: long, and not among the most common (ASVS 6.2).
//!
//! **Invariant:** a password is in the normal form NFC, so that keyboards which compose accents in
//! another way type the same one.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use crate::text::fold;

/// The minimum length, in characters.
pub const SHORTEST: usize = 12;

/// The maximum length, in characters.
pub const LONGEST: usize = 256;

/// A password; its `Debug` form hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why a text is not accepted as a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It has fewer than [`SHORTEST`] characters.
    #[error("a password has at least {SHORTEST} characters")]
    TooShort,
    /// It has more than [`LONGEST`] characters.
    #[error("a password has at most {LONGEST} characters")]
    TooLong,
    /// It is among the most common ones.
    #[error("this password is too common; choose another")]
    Common,
    /// It consists of its owner's email address or name.
    #[error("this password consists of your email address or name; choose another")]
    Personal,
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// Checks a new password; `about` is the email address and the names of its owner.
    ///
    /// # Errors
    ///
    /// When it is too short, too long, too common, or consists of an address or name of its owner.
    pub fn choose(text: &str, about: &[&str]) -> Result<Password, PasswordError> {
        let text: String = text.nfc().collect();
        let length = text.chars().count();
        if length < SHORTEST {
            return Err(PasswordError::TooShort);
        }
        if length > LONGEST {
            return Err(PasswordError::TooLong);
        }
        let plain = fold(&text);
        if is_common(&plain) {
            return Err(PasswordError::Common);
        }
        let repeats = |word: &&str| {
            let word = fold(word);
            word.chars().count() >= 4 && plain.replace(&word, "").chars().count() < 4
        };
        if about.iter().any(repeats) {
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

/// Whether a long password is common: a repetition, a run on the keyboard, or a common word with
/// digits and marks around it.
fn is_common(plain: &str) -> bool {
    let bare: String = plain.chars().filter(|c| c.is_alphabetic()).collect();
    let usual = [
        "password",
        "passwort",
        "passw",
        "letmein",
        "welcome",
        "iloveyou",
        "administrator",
        "admin",
        "qwerty",
        "qwertz",
        "hallpass",
        "changeme",
        "secret",
        "football",
        "monkey",
        "dragon",
        "sunshine",
        "princess",
        "baseball",
        "superman",
        "trustno",
        "master",
        "login",
        "default",
    ];
    let rows = [
        "qwertzuiopasdfghjklyxcvbnm",
        "qwertyuiopasdfghjklzxcvbnm",
        "abcdefghijklmnopqrstuvwxyz",
    ];
    usual.contains(&bare.as_str())
        || usual.iter().any(|word| bare == word.repeat(2))
        || (bare.len() >= 6 && rows.iter().any(|row| row.contains(&bare)))
        || has_period(plain)
        || is_run(plain)
}

/// Whether it repeats a piece of at most four characters.
fn has_period(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (1..=4).any(|period| letters.iter().zip(letters.iter().skip(period)).all(|(a, b)| a == b))
}

/// Whether each character is the successor, or each the predecessor, of the one before it.
fn is_run(text: &str) -> bool {
    let steps = |by: i64| {
        let codes = text.chars().map(|c| i64::from(u32::from(c)));
        codes.clone().zip(codes.skip(1)).filter(|(a, b)| b - a == by).count()
    };
    let length = text.chars().count();
    steps(1) + 2 >= length || steps(-1) + 2 >= length
}

#[cfg(test)]
mod tests;
