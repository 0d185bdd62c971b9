//! `CounterCache`: how many records each owner has, kept in memory beside the counters of the database, so
//! that a list of thousands of owners does not read a row for each.
//!
//! **Invariant:** a tally is believed only by a transaction that reads, in the database, the version
//! that the tally is of. Every change of a counter makes the next version, and what was not
//! committed is never kept. A process that others write beside finds its tallies out of date, and no
//! answer depends on them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// The most owners of one tally. Whoever has more is counted in the database.
pub(crate) const MOST_OWNERS: usize = 50_000;

/// The most owners of all tallies together, of 24 bytes each.
const MOST: usize = 400_000;

/// A tally that others keep writing past is read anew after so many lists did without it.
const PATIENCE: u32 = 16;

/// A record type in a workspace.
type Key = (Uuid, String);

/// The owners who have records, in order, each with how many.
pub(crate) type Owners = Vec<(Uuid, i64)>;

/// The tallies of a process.
#[derive(Default)]
pub(crate) struct CounterCache(Mutex<HashMap<Key, Kept>>);

struct Kept {
    version: i64,
    /// Nothing where there are too many.
    owners: Option<Arc<Owners>>,
    /// Whether it was of use since it was read.
    is_used: bool,
    /// How many did without it since.
    passed_by: u32,
}

/// What is known of a version.
pub(crate) enum Known {
    /// The tally of it.
    Tally(Arc<Owners>),
    /// Nothing; it is worth reading.
    Wanted,
    /// Nothing; it is not worth reading.
    Unwanted,
}

impl CounterCache {
    /// The tally of a version.
    pub(crate) fn find(&self, workspace: Uuid, entity: &str, version: i64) -> Known {
        let mut all = self.lock();
        let Some(kept) = all.get_mut(&(workspace, entity.to_owned())) else {
            return Known::Wanted;
        };
        if kept.version == version {
            kept.is_used = kept.owners.is_some();
            return kept.owners.clone().map_or(Known::Unwanted, Known::Tally);
        }
        kept.passed_by += 1;
        if kept.is_used || kept.passed_by > PATIENCE { Known::Wanted } else { Known::Unwanted }
    }

    /// Keeps what a transaction that only reads has read of a version.
    pub(crate) fn keep(
        &self,
        workspace: Uuid,
        entity: &str,
        version: i64,
        owners: &Arc<Owners>,
    ) {
        let owners = Some(Arc::clone(owners)).filter(|owners| owners.len() <= MOST_OWNERS);
        let mut all = self.lock();
        let key = (workspace, entity.to_owned());
        if all.get(&key).is_some_and(|kept| kept.version > version) {
            return;
        }
        all.remove(&key);
        let size = |kept: &Kept| kept.owners.as_ref().map_or(1, |owners| owners.len().max(1));
        let mut room = MOST.saturating_sub(owners.as_ref().map_or(1, |owners| owners.len()));
        // Whichever goes is read again when it is needed.
        all.retain(|_, kept| {
            let fits = size(kept) <= room;
            room = room.saturating_sub(size(kept));
            fits
        });
        let kept = Kept { version, owners, is_used: false, passed_by: 0 };
        all.insert(key, kept);
    }

    /// Follows a transaction that has committed.
    pub(crate) fn follow(&self, deltas: CounterDeltas) {
        for (key, turn) in deltas.0 {
            let mut all = self.lock();
            let kept = all.get_mut(&key).filter(|kept| kept.version == turn.from);
            let Some(kept) = kept else { continue };
            kept.version = turn.to;
            if let Some(owners) = &mut kept.owners {
                let owners = Arc::make_mut(owners);
                turn.moved.into_iter().for_each(|(owner, n)| move_on(owners, owner, n));
            }
            if kept.owners.as_ref().is_some_and(|owners| owners.len() > MOST_OWNERS) {
                kept.owners = None;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn move_on(owners: &mut Owners, owner: Uuid, n: i64) {
    match owners.binary_search_by_key(&owner, |(owner, _)| *owner) {
        Ok(place) => {
            let Some((_, has)) = owners.get_mut(place) else { return };
            *has += n;
            if *has == 0 {
                owners.remove(place);
            }
        }
        Err(place) if n != 0 => owners.insert(place, (owner, n)),
        Err(_) => {}
    }
}

/// What a transaction has done to counters, to be followed when it has committed.
#[derive(Default)]
pub(crate) struct CounterDeltas(HashMap<Key, CounterDelta>);

struct CounterDelta {
    /// The version before, and the one after.
    from: i64,
    to: i64,
    /// How many records each owner has more, or fewer.
    moved: HashMap<Uuid, i64>,
}

impl CounterDeltas {
    /// Notes that a version was made, and by what.
    pub(crate) fn note(
        &mut self,
        workspace: Uuid,
        entity: &str,
        version: i64,
        moved: impl IntoIterator<Item = (Uuid, i64)>,
    ) {
        let turn = match self.0.entry((workspace, entity.to_owned())) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let from = version - 1;
                entry.insert(CounterDelta { from, to: from, moved: HashMap::new() })
            }
        };
        turn.to = version;
        for (owner, n) in moved {
            *turn.moved.entry(owner).or_default() += n;
        }
    }
}

/// Of some owners in order, those that have records, with how many they have together.
pub(crate) fn meet(counter_cache: &[(Uuid, i64)], owners: &[Uuid]) -> (Vec<Uuid>, i64) {
    let (mut rest, mut n) = (counter_cache, 0);
    let mut present = Vec::new();
    for owner in owners {
        rest = rest.get(behind(rest, owner)..).unwrap_or_default();
        if let Some((_, has)) = rest.first().filter(|(known, _)| known == owner) {
            present.push(*owner);
            n += has;
        }
    }
    (present, n)
}

/// How many come before an owner: in steps that double, since the next is near where many are asked
/// for and far where few are.
fn behind(rest: &[(Uuid, i64)], owner: &Uuid) -> usize {
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
