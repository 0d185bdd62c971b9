//! A list in chunks that snapshots share: changing one entry copies one chunk, never the list.

use std::sync::Arc;

use crate::relations::Pair;

/// A list whose clones share what neither has changed, in chunks of `CHUNK` entries: large for
/// small entries that are copied at once, small for entries that are counted when copied.
#[derive(Clone, Debug)]
pub(crate) struct ChunkedVec<T, const CHUNK: usize> {
    chunks: Arc<[Arc<[T]>]>,
    len: usize,
}

impl<T: Clone, const CHUNK: usize> ChunkedVec<T, CHUNK> {
    pub(crate) fn new(entries: Vec<T>) -> ChunkedVec<T, CHUNK> {
        let len = entries.len();
        let mut chunks = Vec::with_capacity(len.div_ceil(CHUNK));
        let mut entries = entries.into_iter();
        while entries.len() > 0 {
            chunks.push(entries.by_ref().take(CHUNK).collect());
        }
        ChunkedVec { chunks: chunks.into(), len }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(crate) fn get(&self, index: u32) -> Option<&T> {
        let index = index as usize;
        self.chunks.get(index / CHUNK)?.get(index % CHUNK)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// Replaces an entry; an index behind the end is ignored.
    pub(crate) fn set(&mut self, index: u32, entry: T) {
        if let Some(place) = self.get_mut(index) {
            *place = entry;
        }
    }

    pub(crate) fn get_mut(&mut self, index: u32) -> Option<&mut T> {
        let index = index as usize;
        if index >= self.len {
            return None;
        }
        let chunk = Arc::make_mut(&mut self.chunks).get_mut(index / CHUNK)?;
        Arc::make_mut(chunk).get_mut(index % CHUNK)
    }

    pub(crate) fn push(&mut self, entry: T) {
        let has_room = self.len < self.chunks.len() * CHUNK;
        let full = self.chunks.len() - usize::from(has_room);
        let last = self.chunks.get(full).into_iter().flat_map(|chunk| chunk.iter());
        let last: Arc<[T]> = last.cloned().chain([entry]).collect();
        self.chunks = self.chunks.iter().take(full).cloned().chain([last]).collect();
        self.len += 1;
    }
}

/// Rows with a pair of arms for each cell, that snapshots share in the same way.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    width: usize,
    chunks: Arc<[Arc<[Pair]>]>,
}

/// Rows in a chunk of tables.
const TABLE_CHUNK: usize = 16;

impl Tables {
    pub(crate) fn new(width: usize) -> Tables {
        Tables { width, chunks: Arc::from([]) }
    }

    #[inline]
    pub(crate) fn get(&self, row: u32, column: u16) -> Pair {
        let row = row as usize;
        let at = (row % TABLE_CHUNK) * self.width + column as usize;
        let chunk = self.chunks.get(row / TABLE_CHUNK);
        chunk.and_then(|chunk| chunk.get(at)).copied().unwrap_or_default()
    }

    /// Sets a row; rows between the end and it are empty.
    pub(crate) fn set(&mut self, row: u32, pairs: &[Pair]) {
        let row = row as usize;
        if row >= self.chunks.len() * TABLE_CHUNK {
            let empty =
                || std::iter::repeat_n(Pair::default(), TABLE_CHUNK * self.width).collect();
            let missing = row / TABLE_CHUNK + 1 - self.chunks.len();
            let more = std::iter::repeat_with(empty).take(missing);
            self.chunks = self.chunks.iter().cloned().chain(more).collect();
        }
        let at = (row % TABLE_CHUNK) * self.width;
        let chunk =
            Arc::make_mut(&mut self.chunks).get_mut(row / TABLE_CHUNK).map(Arc::make_mut);
        if let Some(place) = chunk.and_then(|chunk| chunk.get_mut(at..at + self.width)) {
            let pairs = pairs.iter().copied().chain(std::iter::repeat(Pair::default()));
            place.iter_mut().zip(pairs).for_each(|(place, pair)| *place = pair);
        }
    }
}
