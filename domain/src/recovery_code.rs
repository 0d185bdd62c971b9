//! Recovery codes: ten codes on paper, each of which replaces a second factor once.

use std::fmt;

/// How many codes an account gets.
pub const COUNT: usize = 10;

/// The number of random bytes in a code: 80 bits, so that its hash cannot be inverted by trying.
pub const LENGTH: usize = 10;

/// The number of symbols of a code, of five bits each.
const SYMBOLS: usize = 16;

/// Digits and letters of which none looks like another (Crockford).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A recovery code; it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// Makes a code of random bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; LENGTH]) -> RecoveryCode {
        let (mut text, mut bits, mut value) = (String::with_capacity(SYMBOLS), 0, 0_u32);
        for byte in bytes {
            value = (value << 8) | u32::from(byte);
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                let symbol = usize::try_from((value >> bits) & 31).unwrap_or_default();
                text.push(char::from(ALPHABET.get(symbol).copied().unwrap_or_default()));
            }
        }
        RecoveryCode(text)
    }

    /// Parses a typed code: case, spaces and hyphens do not count, and lookalikes are one symbol.
    #[must_use]
    pub fn parse(typed: &str) -> Option<RecoveryCode> {
        let symbols = typed.chars().filter(|c| !matches!(c, '-' | ' '));
        let symbols = symbols.map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        });
        let text: String = symbols.take(SYMBOLS + 1).collect();
        let is_code =
            text.len() == SYMBOLS && text.bytes().all(|byte| ALPHABET.contains(&byte));
        is_code.then_some(RecoveryCode(text))
    }

    /// The code in its one spelling, to be hashed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In groups of four, as people read it.
impl fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, symbol) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{symbol}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
