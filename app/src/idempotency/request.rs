//! A request with an idempotency key, and the transaction that it has written in.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hallpass_domain::id::AccountId;
use hallpass_store::Tx;

use crate::error::Error;
use crate::snapshot::Snapshot;

/// A request with a key. A clone is the same request.
#[derive(Clone)]
pub struct IdempotentRequest(Arc<Inner>);

struct Inner {
    account: AccountId,
    key: String,
    hash: Vec<u8>,
    uncommitted: Mutex<Option<Uncommitted>>,
}

/// What a use case has written, before its commit.
pub(super) struct Uncommitted {
    pub(super) tx: Tx,
    /// The snapshot to cache after the commit.
    pub(super) next: Option<Arc<Snapshot>>,
    pub(super) effects: Vec<Effect>,
}

/// What is done after a commit.
pub(crate) type Effect = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Hides the key, by which others could read the response.
impl fmt::Debug for IdempotentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdempotentRequest").finish_non_exhaustive()
    }
}

impl IdempotentRequest {
    pub(crate) fn new(account: AccountId, key: String, hash: Vec<u8>) -> IdempotentRequest {
        let uncommitted = Mutex::default();
        IdempotentRequest(Arc::new(Inner { account, key, hash, uncommitted }))
    }

    pub(super) fn account(&self) -> AccountId {
        self.0.account
    }

    pub(super) fn key(&self) -> &str {
        &self.0.key
    }

    pub(super) fn hash(&self) -> &[u8] {
        &self.0.hash
    }

    /// Takes the transaction of a use case in the place of its commit. `Broken` when the request has
    /// committed before: the key counts for one transaction only.
    pub(crate) fn hand_over(&self, tx: Tx, next: Option<Arc<Snapshot>>) -> Result<(), Error> {
        let mut uncommitted = self.uncommitted();
        if uncommitted.is_some() {
            return Err(Error::broken("a request with an idempotency key commits twice"));
        }
        *uncommitted = Some(Uncommitted { tx, next, effects: Vec::new() });
        Ok(())
    }

    /// Does something after the commit: now, if no transaction was handed over.
    pub(crate) async fn after_commit(&self, effect: Effect) {
        if let Some(uncommitted) = &mut *self.uncommitted() {
            uncommitted.effects.push(effect);
            return;
        }
        effect.await;
    }

    /// Rolls back what the request has written.
    pub fn roll_back(&self) {
        drop(self.take());
    }

    pub(super) fn take(&self) -> Option<Uncommitted> {
        self.uncommitted().take()
    }

    fn uncommitted(&self) -> MutexGuard<'_, Option<Uncommitted>> {
        self.0.uncommitted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
