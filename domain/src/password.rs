//! What a password may be: long, and none of those that everybody tries first (ASVS 6.2).

use std::fmt;

/// The fewest characters.
pub const SHORTEST: usize = 12;

/// The most characters.
pub const LONGEST: usize = 256;

/// A password, which nothing prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why a text may not be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordError {
    /// Fewer than [`SHORTEST`] characters.
    TooShort,
    /// More than [`LONGEST`] characters.
    TooLong,
    /// Among those that everybody tries first.
    Common,
    /// Made of the address or the name of its owner.
    Personal,
}

impl fmt::Display for PasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PasswordError::TooShort => {
                write!(f, "a password has at least {SHORTEST} characters")
            }
            PasswordError::TooLong => write!(f, "a password has at most {LONGEST} characters"),
            PasswordError::Common => {
                f.write_str("this password is among those that everybody tries first")
            }
            PasswordError::Personal => {
                f.write_str("a password is not your address or your name")
            }
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// A password that somebody chooses; `about` is what is known of them.
    ///
    /// # Errors
    ///
    /// When it is too short or long, common, or made of what is known of its owner.
    pub fn choose(text: &str, about: &[&str]) -> Result<Password, PasswordError> {
        let length = text.chars().count();
        if length < SHORTEST {
            return Err(PasswordError::TooShort);
        }
        if length > LONGEST {
            return Err(PasswordError::TooLong);
        }
        let plain = text.to_lowercase();
        if is_common(&plain) {
            return Err(PasswordError::Common);
        }
        let repeats = |word: &&str| {
            let word = word.to_lowercase();
            word.chars().count() >= 4 && plain.replace(&word, "").chars().count() < 4
        };
        if about.iter().any(repeats) {
            return Err(PasswordError::Personal);
        }
        Ok(Password(text.to_owned()))
    }

    /// A password that somebody types to sign in, whatever it is; longer ones are cut where none
    /// can be right any more.
    #[must_use]
    pub fn typed(text: &str) -> Password {
        Password(text.chars().take(LONGEST + 1).collect())
    }

    /// The password itself, for the hash.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Long passwords that are tried first: one thing again and again, runs of the keyboard, and the
/// usual words with something around them.
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

/// Whether it is one piece of at most four characters again and again.
fn has_period(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (1..=4).any(|period| letters.iter().zip(letters.iter().skip(period)).all(|(a, b)| a == b))
}

/// Whether each character follows the one before it, up or down.
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
