//! A passkey: a key pair of which a device of the person has the private half (`WebAuthn`).

use crate::id::{AccountId, PasskeyId};
use crate::name::Name;
use crate::time::{Span, Timestamp};

/// How many passkeys an account can have.
pub const MOST: usize = 25;

/// How long the server waits for the answer of a device.
pub const CEREMONY: Span = Span::minutes(10);

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// The id, by which it is listed and deleted.
    pub id: PasskeyId,
    /// Whose it is.
    pub account: AccountId,
    /// The id that its device gave it.
    pub credential_id: Vec<u8>,
    /// What its owner calls it.
    pub name: Name,
    /// The public key, its counter and flags, as the library that verifies it writes them.
    pub credential: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub used_at: Option<Timestamp>,
}
