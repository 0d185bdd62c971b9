//! Second factors of an account: which ones it has, and what a person types to use one.

use crate::recovery_code::RecoveryCode;
use crate::time::{Span, Timestamp};
use crate::totp::DIGITS;

/// How long a sign-in waits for its second factor.
pub const PENDING: Span = Span::minutes(10);

/// A second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    /// A passkey.
    Passkey,
    /// The codes of an authenticator app.
    Totp,
    /// A recovery code, in place of the others.
    RecoveryCode,
}

impl Factor {
    /// The factor in a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Factor::Passkey => "passkey",
            Factor::Totp => "totp",
            Factor::RecoveryCode => "recovery_code",
        }
    }
}

/// The second factors of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// Since when an authenticator app is confirmed.
    pub totp_since: Option<Timestamp>,
    /// The number of passkeys.
    pub passkeys: i64,
    /// The number of recovery codes that are left.
    pub recovery_codes: i64,
}

impl Factors {
    /// Whether the account signs in with a second factor. Recovery codes alone are none.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.totp_since.is_some() || self.passkeys > 0
    }

    /// What can be used to sign in, the best first; nothing where no second factor is needed.
    #[must_use]
    pub fn list(&self) -> Vec<Factor> {
        let known = [
            (Factor::Passkey, self.passkeys > 0),
            (Factor::Totp, self.totp_since.is_some()),
            (Factor::RecoveryCode, self.recovery_codes > 0 && self.is_enabled()),
        ];
        known.into_iter().filter(|(_, has)| *has).map(|(factor, _)| factor).collect()
    }
}

/// A code as a person types it at a sign-in.
pub enum TypedCode {
    /// Of an authenticator app.
    Totp(String),
    /// A recovery code.
    Recovery(RecoveryCode),
}

impl TypedCode {
    /// Parses a typed code; none for what is no code of either sort.
    #[must_use]
    pub fn parse(typed: &str) -> Option<TypedCode> {
        let dense: String = typed.chars().filter(|c| *c != ' ').take(DIGITS + 1).collect();
        if dense.len() == DIGITS && dense.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(TypedCode::Totp(dense));
        }
        RecoveryCode::parse(typed).map(TypedCode::Recovery)
    }
}

#[cfg(test)]
mod tests;
