//! Secrets that are handed out once: tokens of sessions and links. Only their hash is kept.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hallpass_domain::id::WorkspaceId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::environment::RandomSource;

/// Bytes of chance in a token.
const LENGTH: usize = 32;

/// A token, which nothing prints.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A token that nobody can guess.
    pub(crate) fn new(random: &dyn RandomSource) -> Token {
        let mut bytes = [0_u8; LENGTH];
        random.fill(&mut bytes);
        Token(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// A token that also says in which workspace it is known, so that it is looked up there only.
    pub(crate) fn of(workspace: WorkspaceId, random: &dyn RandomSource) -> Token {
        let mut bytes = [0_u8; 16 + LENGTH];
        let (head, tail) = bytes.split_at_mut(16);
        head.copy_from_slice(workspace.0.as_bytes());
        random.fill(tail);
        Token(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// A token as somebody brings it.
    #[must_use]
    pub fn brought(text: &str) -> Token {
        Token(text.to_owned())
    }

    /// The workspace that a token speaks of, if it does.
    pub(crate) fn workspace(&self) -> Option<WorkspaceId> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&self.0).ok()?;
        if bytes.len() != 16 + LENGTH {
            return None;
        }
        Uuid::from_slice(bytes.get(..16)?).ok().map(WorkspaceId)
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// The token itself, for the one who gets it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}
