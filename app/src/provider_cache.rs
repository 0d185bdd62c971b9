//! What identity providers publish, by issuer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hallpass_domain::time::Timestamp;
use hallpass_sso::oidc::Provider;

/// How many providers are remembered.
const MOST: usize = 1_000;

type Known = HashMap<String, (Timestamp, Arc<Provider>)>;

/// Providers that were asked.
#[derive(Default)]
pub(crate) struct ProviderCache(Mutex<Known>);

impl ProviderCache {
    /// What a provider has published after a time.
    pub(crate) fn find(&self, issuer: &str, after: Timestamp) -> Option<Arc<Provider>> {
        let known = self.lock();
        let (at, provider) = known.get(issuer)?;
        (*at > after).then(|| Arc::clone(provider))
    }

    /// Remembers what a provider publishes.
    pub(crate) fn insert(&self, issuer: &str, at: Timestamp, provider: &Arc<Provider>) {
        let mut known = self.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(issuer.to_owned(), (at, Arc::clone(provider)));
    }

    /// Forgets a provider.
    pub(crate) fn remove(&self, issuer: &str) {
        self.lock().remove(issuer);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
