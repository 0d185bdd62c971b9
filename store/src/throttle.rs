//! The throttle of heavy reads: a few places, of which one workspace gets at most half, and a short
//! queue.
//!
//! **Invariant:** whatever one workspace asks for, another finds a place within the bounds of its own
//! queue.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::error::Error;
use crate::load::{Load, Meter};
use crate::options::HeavyReads;
use crate::statement::Call;

/// The most statements that are known to read much in a workspace, while it has a place.
const MOST_STATEMENTS: usize = 64;

/// A throttle.
pub(crate) struct Throttle {
    limits: HeavyReads,
    /// The most places of one workspace.
    share: usize,
    /// The most that wait for the share of one workspace.
    share_waiting: usize,
    places: Arc<Semaphore>,
    guests: Mutex<Guests>,
    meter: Arc<Meter>,
}

/// Who has a place or waits for one.
#[derive(Default)]
struct Guests {
    present: usize,
    by_workspace: HashMap<Uuid, Share>,
}

/// The places of one workspace.
struct Share {
    present: usize,
    places: Arc<Semaphore>,
    /// The statements for which places were asked.
    heavy: HashSet<u64>,
}

/// A place, until it is dropped.
pub(crate) struct Place {
    /// Given back before the guest leaves.
    _places: (OwnedSemaphorePermit, OwnedSemaphorePermit),
    _guest: Guest,
}

impl Throttle {
    pub(crate) fn new(limits: HeavyReads, meter: Arc<Meter>) -> Arc<Throttle> {
        let limits = HeavyReads { places: limits.places.max(1), ..limits };
        Arc::new(Throttle {
            limits,
            share: limits.places.div_ceil(2),
            share_waiting: limits.waiting.div_ceil(2),
            places: Arc::new(Semaphore::new(limits.places)),
            guests: Mutex::default(),
            meter,
        })
    }

    /// Refuses a statement that is known to read much in a workspace, while it would find no place there.
    ///
    /// # Errors
    ///
    /// `Busy`. Without it a statement would only find out after it has read a part.
    pub(crate) fn check(&self, call: &Call<'_>) -> Result<(), Error> {
        let guests = self.guests.lock().unwrap_or_else(PoisonError::into_inner);
        let workspace = call.workspace_id();
        let share = guests.by_workspace.get(&workspace);
        let is_refused = share.is_some_and(|share| {
            share.heavy.contains(&call.statement.key)
                && (self.is_full(&guests) || self.is_share_full(share))
        });
        drop(guests);
        if is_refused { Err(self.refuse(workspace)) } else { Ok(()) }
    }

    /// Waits for a place for a statement; what belongs to no workspace has a share of its own, the nil
    /// id.
    ///
    /// # Errors
    ///
    /// `Busy` when too many wait already, or none becomes free in time.
    pub(crate) async fn enter(
        throttle: &Arc<Throttle>,
        call: &Call<'_>,
    ) -> Result<Place, Error> {
        let workspace = call.workspace_id();
        let Some((guest, own)) = Throttle::admit(throttle, workspace, call.statement.key)
        else {
            return Err(throttle.refuse(workspace));
        };
        // The share first: who waits for a place of all is within the share.
        let places = async {
            let own = own.acquire_owned().await.ok()?;
            let all = Arc::clone(&throttle.places).acquire_owned().await.ok()?;
            Some((all, own))
        };
        let places = tokio::time::timeout(throttle.limits.wait, places).await;
        match places {
            Ok(Some(places)) => {
                throttle.meter.count_heavy();
                Ok(Place { _places: places, _guest: guest })
            }
            Ok(None) | Err(_) => Err(throttle.refuse(workspace)),
        }
    }

    /// How many have a place, and how many wait for one.
    pub(crate) fn load(&self) -> Load {
        let running = self.limits.places - self.places.available_permits();
        let present = self.guests.lock().unwrap_or_else(PoisonError::into_inner).present;
        let waiting = present.saturating_sub(running);
        Load { heavy_running: running, heavy_waiting: waiting, ..self.meter.load() }
    }

    fn is_full(&self, guests: &Guests) -> bool {
        guests.present >= self.limits.places + self.limits.waiting
    }

    fn is_share_full(&self, share: &Share) -> bool {
        share.present >= self.share + self.share_waiting
    }

    fn admit(
        throttle: &Arc<Throttle>,
        workspace: Uuid,
        statement: u64,
    ) -> Option<(Guest, Arc<Semaphore>)> {
        let mut guests = throttle.guests.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = throttle.is_full(&guests);
        if is_full && !guests.by_workspace.contains_key(&workspace) {
            return None;
        }
        let share = guests.by_workspace.entry(workspace).or_insert_with(|| Share {
            present: 0,
            places: Arc::new(Semaphore::new(throttle.share)),
            heavy: HashSet::new(),
        });
        if share.heavy.len() < MOST_STATEMENTS {
            share.heavy.insert(statement);
        }
        if is_full || throttle.is_share_full(share) {
            return None;
        }
        share.present += 1;
        let places = Arc::clone(&share.places);
        guests.present += 1;
        Some((Guest { throttle: Arc::clone(throttle), workspace }, places))
    }

    fn refuse(&self, workspace: Uuid) -> Error {
        self.meter.count_refusal(workspace);
        Error::Busy { retry_after: self.limits.wait.max(Duration::from_secs(1)) }
    }
}

/// One that has a place or waits for one.
struct Guest {
    throttle: Arc<Throttle>,
    workspace: Uuid,
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut guests = self.throttle.guests.lock().unwrap_or_else(PoisonError::into_inner);
        guests.present = guests.present.saturating_sub(1);
        if let Some(share) = guests.by_workspace.get_mut(&self.workspace) {
            share.present = share.present.saturating_sub(1);
            if share.present == 0 {
                guests.by_workspace.remove(&self.workspace);
            }
        }
    }
}

#[cfg(test)]
mod tests;
