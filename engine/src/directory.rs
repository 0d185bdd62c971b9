//! Hash tables from keys to positions, in shards: adding a key copies one shard.

use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Positions by id, for lists that are small enough to copy whole.
pub(crate) type Ids = hashbrown::HashMap<String, u32, FixedState>;

const SHARDS: usize = 64;

type Shard<K> = HashTable<(Arc<K>, u32)>;

/// Positions by key; clones share the shards that neither has changed.
#[derive(Debug)]
pub(crate) struct Directory<K: ?Sized> {
    shards: Arc<[Arc<Shard<K>>]>,
}

// `derive` would require `K: Clone`, which `str` is not.
impl<K: ?Sized> Clone for Directory<K> {
    fn clone(&self) -> Directory<K> {
        Directory { shards: Arc::clone(&self.shards) }
    }
}

/// Hashes a key given in parts. The seed is fixed, so that equal workspaces compile to equal
/// policies.
#[inline]
pub(crate) fn hash(parts: &[&[u8]]) -> u64 {
    let mut hasher = FixedState::with_seed(0x68_61_6c_6c).build_hasher();
    for part in parts {
        hasher.write(part);
    }
    hasher.finish()
}

fn shard(hash: u64) -> usize {
    (hash >> 48) as usize % SHARDS
}

impl<K: AsRef<[u8]> + ?Sized> Directory<K> {
    pub(crate) fn new() -> Directory<K> {
        Directory { shards: std::iter::repeat_with(Arc::default).take(SHARDS).collect() }
    }

    #[inline]
    pub(crate) fn find(&self, key: &[u8]) -> Option<u32> {
        let hash = hash(&[key]);
        let shard = self.shards.get(shard(hash))?;
        shard.find(hash, |(known, _)| (**known).as_ref() == key).map(|(_, position)| *position)
    }

    /// Adds a key; returns the position of the key if it exists already.
    pub(crate) fn insert(&mut self, key: Arc<K>, position: u32) -> Option<u32> {
        let code = hash(&[(*key).as_ref()]);
        let shards = Arc::make_mut(&mut self.shards);
        let shard = shards.get_mut(shard(code)).map(Arc::make_mut)?;
        if let Some((_, known)) =
            shard.find(code, |(known, _)| (**known).as_ref() == (*key).as_ref())
        {
            return Some(*known);
        }
        shard.insert_unique(code, (key, position), |(other, _)| hash(&[(**other).as_ref()]));
        None
    }

    pub(crate) fn remove(&mut self, key: &[u8]) {
        let code = hash(&[key]);
        let shards = Arc::make_mut(&mut self.shards);
        if let Some(shard) = shards.get_mut(shard(code)).map(Arc::make_mut)
            && let Ok(found) = shard.find_entry(code, |(known, _)| (**known).as_ref() == key)
        {
            found.remove();
        }
    }
}
