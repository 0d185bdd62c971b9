//! Finds positions by key: hash tables in shards, so that adding a key copies one shard.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Positions by id, for the few nouns whose lists are small.
pub(crate) type Ids = hashbrown::HashMap<String, u32, FixedState>;

const SHARDS: usize = 64;

/// Positions by key; the keys themselves stand in the list that the positions point into.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    shards: Arc<[Arc<HashTable<u32>>]>,
}

/// The hash of a key; fixed, so that equal workspaces compile to equal policies.
fn hash(key: &[u8]) -> u64 {
    FixedState::with_seed(0x68_61_6c_6c).hash_one(key)
}

fn shard(hash: u64) -> usize {
    (hash >> 48) as usize % SHARDS
}

impl Directory {
    pub(crate) fn new() -> Directory {
        Directory { shards: std::iter::repeat_with(Arc::default).take(SHARDS).collect() }
    }

    #[inline]
    pub(crate) fn find<'k>(
        &self,
        key: &[u8],
        key_of: impl Fn(u32) -> Option<&'k [u8]>,
    ) -> Option<u32> {
        let hash = hash(key);
        let shard = self.shards.get(shard(hash))?;
        shard.find(hash, |position| key_of(*position) == Some(key)).copied()
    }

    /// Adds a key that is not in it.
    pub(crate) fn insert<'k>(
        &mut self,
        key: &[u8],
        position: u32,
        key_of: impl Fn(u32) -> Option<&'k [u8]>,
    ) {
        let code = hash(key);
        let shards = Arc::make_mut(&mut self.shards);
        if let Some(shard) = shards.get_mut(shard(code)).map(Arc::make_mut) {
            shard.insert_unique(code, position, |other| key_of(*other).map_or(0, hash));
        }
    }

    pub(crate) fn remove<'k>(&mut self, key: &[u8], key_of: impl Fn(u32) -> Option<&'k [u8]>) {
        let code = hash(key);
        let shards = Arc::make_mut(&mut self.shards);
        if let Some(shard) = shards.get_mut(shard(code)).map(Arc::make_mut)
            && let Ok(found) = shard.find_entry(code, |other| key_of(*other) == Some(key))
        {
            found.remove();
        }
    }
}
