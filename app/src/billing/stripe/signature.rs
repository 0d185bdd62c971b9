//! The signature of an event: `t=…,v1=…`, an HMAC of the time and the body.

use hallpass_domain::time::{Span, Timestamp};
use ring::hmac::{self, HMAC_SHA256, Key};

/// How far the clocks may differ, and how old an event may be.
const TOLERANCE: Span = Span::minutes(5);

/// How many signatures are verified at most; while a secret is rotated there are two.
const MOST: usize = 8;

/// Returns whether the body was signed with the secret, within [`TOLERANCE`]. Signatures are compared in
/// constant time.
#[must_use]
pub fn is_valid(secret: &str, header: &str, body: &[u8], now: Timestamp) -> bool {
    let pairs = || header.split(',').filter_map(|pair| pair.trim().split_once('='));
    let Some((_, time)) = pairs().find(|(key, _)| *key == "t") else { return false };
    let seconds = time.parse::<i64>().ok().filter(|seconds| (0..=1 << 40).contains(seconds));
    let Some(seconds) = seconds else { return false };
    let apart = (now - Timestamp::from_seconds(seconds)).0.saturating_abs();
    if apart > TOLERANCE.0 {
        return false;
    }
    let mut signed = format!("{time}.").into_bytes();
    signed.extend_from_slice(body);
    let key = Key::new(HMAC_SHA256, secret.as_bytes());
    let given = pairs().filter(|(key, _)| *key == "v1").take(MOST);
    let mut is_signed = false;
    for (_, signature) in given {
        let Some(signature) = bytes(signature) else { continue };
        is_signed |= hmac::verify(&key, &signed, &signature).is_ok();
    }
    is_signed
}

/// Signs a body as Stripe does, for tests and the demo.
#[must_use]
pub fn sign(secret: &str, body: &[u8], now: Timestamp) -> String {
    let seconds = now.as_seconds();
    let mut signed = format!("{seconds}.").into_bytes();
    signed.extend_from_slice(body);
    let tag = hmac::sign(&Key::new(HMAC_SHA256, secret.as_bytes()), &signed);
    let hex = tag.as_ref().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    format!("t={seconds},v1={hex}")
}

/// Decodes an even number of hexadecimal digits.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    if !hex.len().is_multiple_of(2) || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

#[cfg(test)]
mod tests;
