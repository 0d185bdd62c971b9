//! Secrets that are shown once: tokens of sessions, links and API keys. Only their hashes are stored.

pub mod keyring;
pub mod rotation;

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hallpass_domain::id::WorkspaceId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::environment::RandomSource;

/// The number of random bytes in a token.
const LENGTH: usize = 32;

/// A token; it has no `Debug` and no `Display`.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Makes a random token.
    pub(crate) fn new(random: &dyn RandomSource) -> Token {
        let mut bytes = [0_u8; LENGTH];
        random.fill(&mut bytes);
        Token(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Makes a random token that contains the id of the workspace in which to look it up.
    pub(crate) fn of(workspace: WorkspaceId, random: &dyn RandomSource) -> Token {
        let mut bytes = [0_u8; 16 + LENGTH];
        let (head, tail) = bytes.split_at_mut(16);
        head.copy_from_slice(workspace.0.as_bytes());
        random.fill(tail);
        Token(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Wraps a token that a client has sent.
    #[must_use]
    pub fn received(text: &str) -> Token {
        Token(text.to_owned())
    }

    /// The workspace that the token contains, if it does.
    pub(crate) fn workspace(&self) -> Option<WorkspaceId> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&self.0).ok()?;
        if bytes.len() != 16 + LENGTH {
            return None;
        }
        Uuid::from_slice(bytes.get(..16)?).ok().map(WorkspaceId)
    }

    /// The hash that is stored.
    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// The token of the device on which a session begins, if it has none: it tells nothing about the token
    /// of the session.
    #[must_use]
    pub fn device(&self) -> DeviceToken {
        let digest = Sha256::new().chain_update(b"device ").chain_update(self.0.as_bytes());
        DeviceToken(BASE64_URL_SAFE_NO_PAD.encode(digest.finalize()))
    }

    /// The token itself, for its recipient.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}
/// The token of a device on which an account has signed in. It lets no one in: it only gives a count of
/// attempts of its own.
#[derive(Clone)]
pub struct DeviceToken(String);

/// Hides the token.
impl fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceToken(…)")
    }
}

impl DeviceToken {
    /// Reads a token that a client has sent; none for what is no such token.
    #[must_use]
    pub fn received(text: &str) -> Option<DeviceToken> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == LENGTH).then(|| DeviceToken(text.to_owned()))
    }

    /// The hash that is stored.
    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// The hash in letters, under which attempts are counted.
    pub(crate) fn name(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.hash())
    }

    /// The token itself, for its device.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}
