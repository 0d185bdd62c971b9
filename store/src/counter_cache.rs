//! The counter cache: how many records each owner has, in memory beside the counters of the
//! database, so that a list of thousands of owners does not read a row for each.
//!
//! **Invariant:** counters are used only by a transaction that reads their version in the database.
//! Every change of a counter makes the next version, and counters that were not committed are never
//! stored. Where another process writes, this one finds its counters out of date, and reads those that
//! have changed since: each counter has the version in which it was last changed.
//!
//! A general-purpose cache does not fit: following a commit compares the version and changes the
//! entry in one step, and counters that were just read must be admitted however large they are.

pub(crate) mod figure;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::record::sum::SumDelta;
use figure::{FigureCache, Key};

/// The most owners of one entry. A record type with more is counted in the database.
pub(crate) const MAX_OWNERS: usize = 50_000;

/// The most owners of all entries together, of 24 bytes each.
const MAX_TOTAL_OWNERS: usize = 400_000;

/// The owners who have records, in order, each with how many.
pub(crate) type Counters = Vec<(Uuid, i64)>;

/// The counters that a process has in memory.
#[derive(Default)]
pub(crate) struct CounterCache {
    counters: Mutex<HashMap<Key, Cached>>,
    /// The sums of reaches, which change with the counters.
    pub(crate) figures: FigureCache,
}

struct Cached {
    version: i64,
    /// `None` where there are too many.
    counters: Option<Arc<Counters>>,
}

/// What the cache has of a version.
pub(crate) enum CacheLookup {
    Hit(Arc<Counters>),
    /// Those of an earlier version: another process has changed some since.
    Behind(Arc<Counters>, i64),
    /// Nothing; all counters are worth reading.
    Load,
    /// Nothing; reading all counters is not worth it.
    Skip,
}

impl CounterCache {
    pub(crate) fn find(&self, workspace: Uuid, entity: &str, version: i64) -> CacheLookup {
        let all = self.lock();
        let Some(cached) = all.get(&(workspace, entity.to_owned())) else {
            return CacheLookup::Load;
        };
        match &cached.counters {
            Some(counters) if cached.version == version => {
                CacheLookup::Hit(Arc::clone(counters))
            }
            Some(counters) if cached.version < version => {
                CacheLookup::Behind(Arc::clone(counters), cached.version)
            }
            // Too many, or the transaction sees an earlier version.
            Some(_) | None => CacheLookup::Skip,
        }
    }

    /// Stores what a transaction that only reads has read of a version.
    pub(crate) fn insert(
        &self,
        workspace: Uuid,
        entity: &str,
        version: i64,
        counters: &Arc<Counters>,
    ) {
        let counters = Some(Arc::clone(counters)).filter(|all| all.len() <= MAX_OWNERS);
        let mut all = self.lock();
        let key = (workspace, entity.to_owned());
        if all.get(&key).is_some_and(|cached| cached.version > version) {
            return;
        }
        all.remove(&key);
        let cached = Cached { version, counters };
        let mut room = MAX_TOTAL_OWNERS.saturating_sub(cached.size());
        // An entry that is evicted is read again when it is needed.
        all.retain(|_, other| {
            let fits = other.size() <= room;
            room = room.saturating_sub(other.size());
            fits
        });
        all.insert(key, cached);
    }

    /// Applies what a committed transaction did to counters.
    pub(crate) fn apply(&self, deltas: CounterDeltas) {
        for (key, delta) in deltas.0 {
            self.figures.apply(&key, (delta.from, delta.to), delta.sums);
            let mut all = self.lock();
            let cached = all.get_mut(&key).filter(|cached| cached.version == delta.from);
            let Some(cached) = cached else { continue };
            cached.version = delta.to;
            if let Some(counters) = &mut cached.counters {
                let counters = Arc::make_mut(counters);
                delta.changes.into_iter().for_each(|(owner, n)| add(counters, owner, n));
            }
            if cached.counters.as_ref().is_some_and(|all| all.len() > MAX_OWNERS) {
                cached.counters = None;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Cached>> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cached {
    fn size(&self) -> usize {
        self.counters.as_ref().map_or(1, |counters| counters.len().max(1))
    }
}

fn add(counters: &mut Counters, owner: Uuid, n: i64) {
    match counters.binary_search_by_key(&owner, |(owner, _)| *owner) {
        Ok(at) => {
            let Some((_, count)) = counters.get_mut(at) else { return };
            *count += n;
            if *count == 0 {
                counters.remove(at);
            }
        }
        Err(at) if n != 0 => counters.insert(at, (owner, n)),
        Err(_) => {}
    }
}

/// What a transaction did to counters, to be applied when it has committed.
#[derive(Default)]
pub(crate) struct CounterDeltas(HashMap<Key, CounterDelta>);

struct CounterDelta {
    /// The version before, and the one after.
    from: i64,
    to: i64,
    /// How many records each owner has more, or fewer.
    changes: HashMap<Uuid, i64>,
    /// How sums change.
    sums: Vec<SumDelta>,
}

impl CounterDeltas {
    /// Notes a new version and what changed in it.
    pub(crate) fn insert(
        &mut self,
        workspace: Uuid,
        entity: &str,
        version: i64,
        changes: impl IntoIterator<Item = (Uuid, i64)>,
        sums: Vec<SumDelta>,
    ) {
        let delta = match self.0.entry((workspace, entity.to_owned())) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let from = version - 1;
                entry.insert(CounterDelta {
                    from,
                    to: from,
                    changes: HashMap::new(),
                    sums: Vec::new(),
                })
            }
        };
        delta.to = version;
        for (owner, n) in changes {
            *delta.changes.entry(owner).or_default() += n;
        }
        delta.sums.extend(sums);
    }
}

/// Counters with those that have changed, which may be none any more.
pub(crate) fn with_changed(counters: &Counters, changed: Counters) -> Counters {
    let mut changed = changed;
    changed.sort_unstable();
    let mut rest = counters.as_slice();
    let mut merged = Counters::with_capacity(counters.len() + changed.len());
    for (owner, n) in changed {
        let (before, from) = rest.split_at(rest.partition_point(|(known, _)| *known < owner));
        merged.extend_from_slice(before);
        let is_known = from.first().is_some_and(|(known, _)| *known == owner);
        rest = from.get(usize::from(is_known)..).unwrap_or_default();
        if n > 0 {
            merged.push((owner, n));
        }
    }
    merged.extend_from_slice(rest);
    merged
}

/// Of some owners in order, those that have records, with how many they have together.
pub(crate) fn intersect(counters: &[(Uuid, i64)], owners: &[Uuid]) -> (Vec<Uuid>, i64) {
    let (mut rest, mut n) = (counters, 0);
    let mut present = Vec::new();
    for owner in owners {
        rest = rest.get(count_before(rest, owner)..).unwrap_or_default();
        if let Some((_, count)) = rest.first().filter(|(known, _)| known == owner) {
            present.push(*owner);
            n += count;
        }
    }
    (present, n)
}

/// How many counters precede an owner. The steps double, since the owner is near where many owners
/// are given, and far where few are.
fn count_before(rest: &[(Uuid, i64)], owner: &Uuid) -> usize {
    let mut step = 1;
    while rest.get(step - 1).is_some_and(|(known, _)| known < owner) {
        step *= 2;
    }
    let (near, far) = (step / 2, (step - 1).min(rest.len()));
    let between = rest.get(near..far).unwrap_or_default();
    near + between.partition_point(|(known, _)| known < owner)
}

#[cfg(test)]
mod tests;
