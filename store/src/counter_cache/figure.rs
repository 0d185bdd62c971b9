//! The figure cache: sums of the records of a reach, in memory beside the sums of the database, so that a
//! reach of thousands of owners is not summed up for each dashboard.
//!
//! **Invariant:** sums are used only by a transaction that has read their version in the database. Sums of
//! an earlier version are used with every change since; where one is not known, because another process made
//! it or it is too long ago, they are read again. What was not committed is never stored.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::record::sum::{EVERY_OWNER, SumDelta, SumKey, SumMap, Sums};

/// The most sums of all entries together, of about 100 bytes each.
const MAX_SUMS: u64 = 200_000;

/// The most changes that are known of a record type.
const MAX_CHANGES: usize = 64;

/// The most sums of one change that is kept: a longer one is read again.
const MAX_DELTAS: usize = 64;

/// The most record types whose changes are known. Beyond it those of another type are forgotten, whose sums are
/// read again.
const MAX_TYPES: usize = 256;

/// A record type in a workspace.
pub(crate) type Key = (Uuid, String);

/// A reach, by a digest of its owners, with the sums that are wanted of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ReachKey([u8; 32], SumDetail);

/// Which sums of records are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SumDetail {
    /// Those by stage.
    Stages,
    /// Those by month, too.
    Months,
    /// Those by slot, too, which only some time zones need.
    Slots,
}

impl ReachKey {
    /// The key of the records of some owners; `None` for those of all.
    pub(crate) fn of(owners: Option<&[Uuid]>, detail: SumDetail) -> ReachKey {
        let mut digest = Sha256::new();
        for owner in owners.unwrap_or(&[EVERY_OWNER]) {
            digest.update(owner.as_bytes());
        }
        ReachKey(digest.finalize().into(), detail)
    }

    pub(crate) const fn detail(self) -> SumDetail {
        self.1
    }

    /// Whether a sum is among those that are wanted.
    fn has(self, key: &SumKey) -> bool {
        match key {
            SumKey::Stage(_) => true,
            SumKey::Month(_) => self.1 >= SumDetail::Months,
            SumKey::Slot(_) => self.1 >= SumDetail::Slots,
        }
    }
}

/// The figures that a process has in memory.
pub(crate) struct FigureCache {
    entries: Cache<(Key, ReachKey), Arc<Entry>, BySums>,
    /// The last changes of record types that have entries, the oldest first.
    changes: Mutex<HashMap<Key, VecDeque<Change>>>,
}

struct Entry {
    version: i64,
    sums: Arc<SumMap>,
}

/// What made a version of the one before it.
struct Change {
    from: i64,
    to: i64,
    deltas: Vec<SumDelta>,
}

/// One change for each owner and key.
fn merged(deltas: Vec<SumDelta>) -> Vec<SumDelta> {
    let mut merged: HashMap<(Uuid, SumKey), Sums> = HashMap::new();
    for SumDelta { owner, key, sums } in deltas {
        merged.entry((owner, key)).or_default().add(sums);
    }
    let delta = |((owner, key), sums)| SumDelta { owner, key, sums };
    merged.into_iter().map(delta).collect()
}

#[derive(Clone)]
struct BySums;

impl Weighter<(Key, ReachKey), Arc<Entry>> for BySums {
    fn weight(&self, _: &(Key, ReachKey), entry: &Arc<Entry>) -> u64 {
        u64::try_from(entry.sums.len()).unwrap_or(u64::MAX).saturating_add(4)
    }
}

impl Default for FigureCache {
    fn default() -> FigureCache {
        FigureCache {
            entries: Cache::with_weighter(4_096, MAX_SUMS, BySums),
            changes: Mutex::default(),
        }
    }
}

impl FigureCache {
    /// The sums of some owners at a version; `None` for all owners.
    pub(crate) fn find(
        &self,
        key: &Key,
        (reach, owners): (ReachKey, Option<&[Uuid]>),
        version: i64,
    ) -> Option<Arc<SumMap>> {
        let place = (key.clone(), reach);
        let entry = self.entries.get(&place)?;
        if entry.version == version {
            return Some(Arc::clone(&entry.sums));
        }
        let mut sums = (*entry.sums).clone();
        self.follow(key, (entry.version, version), |delta| {
            let is_theirs = owners.map_or(delta.owner == EVERY_OWNER, |owners| {
                owners.binary_search(&delta.owner).is_ok()
            });
            if is_theirs && reach.has(&delta.key) {
                sums.entry(delta.key.clone()).or_default().add(delta.sums);
            }
        })?;
        sums.retain(|_, sums| sums.n != 0);
        let sums = Arc::new(sums);
        self.entries.insert(place, Arc::new(Entry { version, sums: Arc::clone(&sums) }));
        Some(sums)
    }

    /// Passes each change between two versions on; `None` where one is not known.
    fn follow(
        &self,
        key: &Key,
        (from, to): (i64, i64),
        mut pass: impl FnMut(&SumDelta),
    ) -> Option<()> {
        let all = self.lock();
        let mut at = from;
        for change in all.get(key)?.iter().skip_while(|change| change.from < from) {
            if at == to {
                break;
            }
            if change.from != at || change.to > to {
                return None;
            }
            change.deltas.iter().for_each(&mut pass);
            at = change.to;
        }
        (at == to).then_some(())
    }

    /// Stores what a transaction that only reads has read of a version.
    pub(crate) fn insert(&self, key: &Key, reach: ReachKey, version: i64, sums: &Arc<SumMap>) {
        let mut all = self.lock();
        if !all.contains_key(key) {
            if all.len() >= MAX_TYPES
                && let Some(other) = all.keys().next().cloned()
            {
                all.remove(&other);
            }
            all.insert(key.clone(), VecDeque::new());
        }
        drop(all);
        let entry = Entry { version, sums: Arc::clone(sums) };
        self.entries.insert((key.clone(), reach), Arc::new(entry));
    }

    /// Notes what a committed transaction did to sums.
    pub(crate) fn apply(&self, key: &Key, (from, to): (i64, i64), deltas: Vec<SumDelta>) {
        let mut all = self.lock();
        let Some(changes) = all.get_mut(key) else { return };
        let deltas = merged(deltas);
        if deltas.len() > MAX_DELTAS {
            changes.clear();
            return;
        }
        // Commits are noted in any order.
        let place = changes.partition_point(|change| change.from < from);
        changes.insert(place, Change { from, to, deltas });
        if changes.len() > MAX_CHANGES {
            changes.pop_front();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, VecDeque<Change>>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
