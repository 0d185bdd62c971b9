//! Codes of an authenticator app (RFC 6238): HMAC-SHA-1, six digits, another one every 30 seconds.
//!
//! **Invariant:** each code counts once: only a later step than that of the last accepted code is accepted.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;

use crate::email::Email;
use crate::time::Timestamp;

/// The number of bytes of a secret: as many as SHA-1 has (RFC 4226, §4).
pub const SECRET_LENGTH: usize = 20;

/// The number of digits of a code.
pub const DIGITS: usize = 6;

/// The seconds after which another code is shown.
const PERIOD: i64 = 30;

/// How many steps the clock of a phone may be early or late.
const DRIFT: i64 = 1;

/// Who issues the secret, as the app shows it.
const ISSUER: &str = "Hallpass";

/// The secret that a server and an app share; it has no `Debug` and no `Display`.
#[derive(Clone)]
pub struct TotpSecret(Vec<u8>);

impl TotpSecret {
    /// Wraps the bytes of a secret.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> TotpSecret {
        TotpSecret(bytes)
    }

    /// The bytes, to be sealed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The secret as people type it into an app.
    #[must_use]
    pub fn base32(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The address that an app reads from a picture.
    #[must_use]
    pub fn uri(&self, account: &Email) -> String {
        let account = utf8_percent_encode(account.as_str(), NON_ALPHANUMERIC);
        format!(
            "otpauth://totp/{ISSUER}:{account}?secret={}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period={PERIOD}",
            self.base32()
        )
    }

    /// The code of a step, as the app shows it (RFC 4226, §5.3).
    #[must_use]
    pub fn code(&self, step: i64) -> String {
        let Ok(hmac) = Hmac::<Sha1>::new_from_slice(&self.0) else { return String::new() };
        let digest = hmac.chain_update(step.to_be_bytes()).finalize().into_bytes();
        let offset = usize::from(digest.last().copied().unwrap_or_default() & 0x0f);
        let four = digest.iter().skip(offset).take(4);
        let number = four.fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte)) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }

    /// The step of a typed code, if it is accepted now: it is one of the code that the app shows, the
    /// one before and the one after, and later than the last accepted step.
    #[must_use]
    pub fn accepted_step(
        &self,
        typed: &str,
        last_step: Option<i64>,
        now: Timestamp,
    ) -> Option<i64> {
        let current = step(now);
        let steps = (current - DRIFT)..=(current + DRIFT);
        // Every step is compared, so that the time does not tell which one it was.
        let found = steps.filter(|step| is_equal(&self.code(*step), typed));
        found
            .fold(None, |_, step| Some(step))
            .filter(|step| last_step.is_none_or(|last| *step > last))
    }
}

/// The step of a time.
#[must_use]
pub fn step(now: Timestamp) -> i64 {
    now.as_seconds().div_euclid(PERIOD)
}

/// Whether two texts are equal, in a time that depends on their lengths alone.
fn is_equal(left: &str, right: &str) -> bool {
    let pairs = left.bytes().zip(right.bytes());
    left.len() == right.len() && pairs.fold(0, |sum, (l, r)| sum | (l ^ r)) == 0
}

#[cfg(test)]
mod tests;
