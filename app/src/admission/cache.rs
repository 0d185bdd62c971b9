//! The admissions that are remembered.

use std::sync::Arc;

use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_store::db::ChangeMark;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::context::entrance::Entrance;
use crate::principal::RequestCredential;

/// How many are remembered.
const MOST: usize = 4_096;

/// The hash of a credential and of the name of a workspace: no secret is kept.
type Key = [u8; 32];

/// Admissions by credential and workspace; those that were not used for longest go first.
pub(crate) struct AdmissionCache(Cache<Key, Arc<Admission>>);

/// Who may enter a workspace by a credential.
pub(crate) struct Admission {
    /// The database as it was then.
    pub(super) mark: ChangeMark,
    pub(super) workspace: WorkspaceId,
    pub(super) revision: i64,
    /// The member, and their name for the audit log.
    pub(super) member: (MemberId, String),
    pub(super) locale: String,
    pub(super) entrance: Entrance,
}

impl Default for AdmissionCache {
    fn default() -> AdmissionCache {
        AdmissionCache(Cache::new(MOST))
    }
}

impl AdmissionCache {
    pub(super) fn find(
        &self,
        credential: RequestCredential<'_>,
        workspace: &str,
    ) -> Option<Arc<Admission>> {
        self.0.get(&key(credential, workspace))
    }

    pub(super) fn insert(
        &self,
        credential: RequestCredential<'_>,
        workspace: &str,
        admission: Admission,
    ) {
        self.0.insert(key(credential, workspace), Arc::new(admission));
    }
}

fn key(credential: RequestCredential<'_>, workspace: &str) -> Key {
    let (kind, secret) = match credential {
        RequestCredential::Session(token) => (b"session ", token.expose()),
        RequestCredential::ApiKey(key) => (b"api key ", key),
    };
    let mut hash = Sha256::new();
    hash.update(kind);
    // No workspace has a NUL in its name.
    hash.update(workspace);
    hash.update(b"\0");
    hash.update(secret);
    hash.finalize().into()
}
