//! Versions: a change with an outdated version is refused.

use hallpass_domain::refusal::Refusal;

/// Checks the version that the caller has read against the stored one.
pub(crate) fn check_version(stored: i64, expected: Option<i64>) -> Result<(), Refusal> {
    match expected {
        Some(version) if version != stored => Err(Refusal::Stale),
        Some(_) | None => Ok(()),
    }
}
