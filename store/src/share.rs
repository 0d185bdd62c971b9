//! Shares by key: a few at once for each key, and a short queue behind them.
//!
//! **Invariant:** however many of one key there are, those of another wait for at most as many of them as
//! have a place.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many of a key there are at once.
#[derive(Clone, Copy, Debug)]
pub struct ShareLimits {
    /// How many have a place.
    pub most: usize,
    /// How many more wait for one.
    pub waiting: usize,
    /// How long one waits.
    pub wait: Duration,
}

/// The places of all keys.
pub struct Shares<K: Eq + Hash> {
    limits: ShareLimits,
    by_key: Mutex<HashMap<K, Share>>,
}

/// The places of one key.
struct Share {
    present: usize,
    places: Arc<Semaphore>,
}

/// A place, until it is dropped.
pub struct Place<K: Eq + Hash> {
    /// Given back before the guest leaves.
    _permit: OwnedSemaphorePermit,
    _guest: Guest<K>,
}

/// Too many of a key wait, or one has waited for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full {
    /// The time after which a new attempt makes sense.
    pub retry_after: Duration,
}

impl<K: Eq + Hash + Clone> Shares<K> {
    /// Creates places for any keys.
    #[must_use]
    pub fn new(limits: ShareLimits) -> Arc<Shares<K>> {
        let limits = ShareLimits { most: limits.most.max(1), ..limits };
        Arc::new(Shares { limits, by_key: Mutex::default() })
    }

    /// Waits for a place of a key.
    ///
    /// # Errors
    ///
    /// `Full` at once when as many wait as may, and later when none becomes free in time.
    pub async fn enter(shares: &Arc<Shares<K>>, key: K) -> Result<Place<K>, Full> {
        let full = Full { retry_after: shares.limits.wait.max(Duration::from_secs(1)) };
        let (guest, places) = Shares::admit(shares, key).ok_or(full)?;
        let permit = tokio::time::timeout(shares.limits.wait, places.acquire_owned()).await;
        match permit {
            Ok(Ok(permit)) => Ok(Place { _permit: permit, _guest: guest }),
            Ok(Err(_)) | Err(_) => Err(full),
        }
    }

    /// Takes a place of a key, if one is free.
    #[must_use]
    pub fn try_enter(shares: &Arc<Shares<K>>, key: K) -> Option<Place<K>> {
        let (guest, places) = Shares::admit(shares, key)?;
        let permit = places.try_acquire_owned().ok()?;
        Some(Place { _permit: permit, _guest: guest })
    }

    fn admit(shares: &Arc<Shares<K>>, key: K) -> Option<(Guest<K>, Arc<Semaphore>)> {
        let ShareLimits { most, waiting, .. } = shares.limits;
        let mut by_key = shares.lock();
        let share = by_key
            .entry(key.clone())
            .or_insert_with(|| Share { present: 0, places: Arc::new(Semaphore::new(most)) });
        if share.present >= most.saturating_add(waiting) {
            return None;
        }
        share.present += 1;
        Some((Guest { shares: Arc::clone(shares), key }, Arc::clone(&share.places)))
    }
}

impl<K: Eq + Hash> Shares<K> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Share>> {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One that has a place or waits for one.
struct Guest<K: Eq + Hash> {
    shares: Arc<Shares<K>>,
    key: K,
}

impl<K: Eq + Hash> Drop for Guest<K> {
    fn drop(&mut self) {
        let mut by_key = self.shares.lock();
        if let Some(share) = by_key.get_mut(&self.key) {
            share.present = share.present.saturating_sub(1);
            if share.present == 0 {
                by_key.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests;
