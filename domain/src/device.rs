//! A trusted device: a browser from which its person signs in without the second factor for a while.

use crate::id::{AccountId, DeviceId};
use crate::time::{Span, Timestamp};

/// How long a device is trusted.
pub const TRUSTED: Span = Span::days(30);

/// A device on which a person has used their second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The id, by which it is listed and revoked; no secret.
    pub id: DeviceId,
    /// Whose it is.
    pub account: AccountId,
    /// What it called itself.
    pub client: String,
    /// When it was remembered.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub seen_at: Timestamp,
}

impl Device {
    /// Whether it is still trusted. Signing in does not prolong it.
    #[must_use]
    pub fn is_trusted(&self, now: Timestamp) -> bool {
        now < self.expires_at()
    }

    /// From when on it is not trusted.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.created_at + TRUSTED
    }
}

#[cfg(test)]
mod tests;
