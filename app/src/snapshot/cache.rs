//! A cache that is bounded by the size of what it holds, and turns in which it is filled.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, TryLockError};

/// How many entries are expected, for the first size of its tables.
const EXPECTED: usize = 256;

/// A cache of so many bytes; what was not used for longest goes first. What is larger than all of it is not
/// cached.
pub(super) struct SizedCache<K, V>(Cache<K, Sized<V>, BySize>);

#[derive(Clone)]
struct Sized<V> {
    value: V,
    bytes: u64,
}

#[derive(Clone)]
struct BySize;

impl<K, V> Weighter<K, Sized<V>> for BySize {
    fn weight(&self, _: &K, entry: &Sized<V>) -> u64 {
        entry.bytes
    }
}

impl<K: Eq + Hash + Clone, V: Clone> SizedCache<K, V> {
    pub(super) fn new(bytes: u64) -> SizedCache<K, V> {
        let mut options = OptionsBuilder::new();
        // In one shard an entry may be as large as the cache.
        options.shards(1).estimated_items_capacity(EXPECTED).weight_capacity(bytes);
        SizedCache(match options.build() {
            Ok(options) => Cache::with_options(
                options,
                BySize,
                DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            ),
            Err(_) => Cache::with_weighter(EXPECTED, bytes, BySize),
        })
    }

    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.0.get(key).map(|entry| entry.value)
    }

    pub(super) fn insert(&self, key: K, bytes: usize, value: V) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX).max(1);
        self.0.insert(key, Sized { value, bytes });
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.0.weight()
    }
}

/// Turns by key: one at a time for each.
pub(super) struct Turns<K>(Mutex<HashMap<K, Weak<AsyncMutex<()>>>>);

impl<K> Default for Turns<K> {
    fn default() -> Turns<K> {
        Turns(Mutex::default())
    }
}

impl<K: Eq + Hash> Turns<K> {
    /// Waits until it is the caller's turn, which lasts as long as what is returned.
    pub(super) async fn wait(&self, key: K) -> OwnedMutexGuard<()> {
        let turn = self.of(key);
        turn.lock_owned().await
    }

    /// Takes the turn if it is no one else's.
    pub(super) fn try_take(&self, key: K) -> Result<OwnedMutexGuard<()>, TryLockError> {
        self.of(key).try_lock_owned()
    }

    fn of(&self, key: K) -> Arc<AsyncMutex<()>> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = turns.get(&key).and_then(Weak::upgrade) {
            return turn;
        }
        turns.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::default();
        turns.insert(key, Arc::downgrade(&turn));
        turn
    }
}

#[cfg(test)]
mod tests;
