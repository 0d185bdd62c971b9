//! Answers that are not read to their end: how many bytes of them are in memory, of one address and of all.
//!
//! **Invariant:** what clients can make the server keep by not reading their answers is bounded, and no address
//! takes the room of the others: beyond the bound, those lose their oldest answers that have the most.

pub(crate) mod body;
pub(crate) mod layer;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use tokio::time::Instant;

/// The most bytes of all answers together, and of those to one address.
const ALL: usize = 64 << 20;
const OF_ADDRESS: usize = 16 << 20;

/// An answer that is younger is not taken away from a client that reads it.
const PATIENCE: Duration = Duration::from_secs(1);

/// The bounds of unread answers.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    all: usize,
    of_address: usize,
    patience: Duration,
}

/// The answers that are not read to their end.
pub struct Unread {
    bounds: Bounds,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    bytes: usize,
    next: u64,
    answers: HashMap<u64, Answer>,
    of_address: HashMap<String, usize>,
}

struct Answer {
    address: String,
    bytes: usize,
    since: Instant,
    data: Arc<Mutex<Option<Bytes>>>,
}

/// An answer, until it is dropped. Its bytes may be taken away.
pub(crate) struct Place {
    unread: Arc<Unread>,
    id: u64,
    data: Arc<Mutex<Option<Bytes>>>,
}

impl Default for Unread {
    fn default() -> Unread {
        Unread::new(Bounds { all: ALL, of_address: OF_ADDRESS, patience: PATIENCE })
    }
}

impl Unread {
    pub(crate) fn new(bounds: Bounds) -> Unread {
        Unread { bounds, held: Mutex::default() }
    }

    /// Holds an answer to an address; none when there is no room for it.
    pub(crate) fn hold(unread: &Arc<Unread>, address: &str, data: Bytes) -> Option<Place> {
        let bounds = unread.bounds;
        let bytes = data.len();
        let mut held = unread.lock();
        let own = held.of_address.get(address).copied().unwrap_or_default();
        // An answer that is larger than the bound is held where it is the only one.
        if own > 0 && own.saturating_add(bytes) > bounds.of_address {
            return None;
        }
        while held.bytes > 0 && held.bytes.saturating_add(bytes) > bounds.all {
            if !held.take_away(bounds.patience) {
                return None;
            }
        }
        let (id, data) = held.add(address, data);
        Some(Place { unread: Arc::clone(unread), id, data })
    }

    /// Holds an answer to an address in any case: to a change, which was made. Others have less room.
    pub(crate) fn hold_always(unread: &Arc<Unread>, address: &str, data: Bytes) -> Place {
        let (id, data) = unread.lock().add(address, data);
        Place { unread: Arc::clone(unread), id, data }
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn add(&mut self, address: &str, data: Bytes) -> (u64, Arc<Mutex<Option<Bytes>>>) {
        let (id, bytes) = (self.next, data.len());
        self.next = id.wrapping_add(1);
        self.bytes += bytes;
        *self.of_address.entry(address.to_owned()).or_default() += bytes;
        let data = Arc::new(Mutex::new(Some(data)));
        let (address, since, held) = (address.to_owned(), Instant::now(), Arc::clone(&data));
        self.answers.insert(id, Answer { address, bytes, since, data: held });
        (id, data)
    }

    /// Takes the oldest answer of the address with the most bytes away. Returns whether there is one.
    fn take_away(&mut self, patience: Duration) -> bool {
        let late = self.answers.iter().filter(|(_, one)| one.since.elapsed() >= patience);
        let of = |address: &str| self.of_address.get(address).copied().unwrap_or_default();
        let worst = late
            .max_by_key(|(_, one)| (of(&one.address), one.since.elapsed()))
            .map(|(id, _)| *id);
        let Some(id) = worst else { return false };
        if let Some(answer) = self.answers.get(&id) {
            answer.data.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
        self.forget(id);
        true
    }

    fn forget(&mut self, id: u64) {
        let Some(answer) = self.answers.remove(&id) else { return };
        self.bytes = self.bytes.saturating_sub(answer.bytes);
        if let Some(own) = self.of_address.get_mut(&answer.address) {
            *own = own.saturating_sub(answer.bytes);
            if *own == 0 {
                self.of_address.remove(&answer.address);
            }
        }
    }
}

impl Place {
    /// The next bytes, at most so many, in memory of their own; none where they were taken away, and nothing at
    /// the end.
    fn next(&self, most: usize) -> Option<Bytes> {
        let mut data = self.data.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = data.as_mut()?;
        let next = rest.split_to(rest.len().min(most));
        Some(Bytes::copy_from_slice(&next))
    }

    /// How many bytes are left; none where they were taken away.
    fn left(&self) -> Option<usize> {
        let data = self.data.lock().unwrap_or_else(PoisonError::into_inner);
        data.as_ref().map(Bytes::len)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.unread.lock().forget(self.id);
    }
}

#[cfg(test)]
mod tests;
