//! Vectors in chunks that policies share: changing an entry copies one chunk.

use std::sync::Arc;

use crate::relations::BoundRelations;

/// A vector whose clones share the chunks that neither has changed. `CHUNK` is large for entries
/// that are copied as bytes, and small for those whose copies count references.
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

    /// Replaces an entry; an index past the end is ignored.
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

/// A table with a row of relations per cell, shared in the same way.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    width: usize,
    chunks: Arc<[Arc<[BoundRelations]>]>,
}

/// The rows in a chunk of a table.
const TABLE_CHUNK: usize = 16;

impl Table {
    pub(crate) fn new(width: usize) -> Table {
        Table { width, chunks: Arc::from([]) }
    }

    #[inline]
    pub(crate) fn get(&self, row: u32, column: u16) -> BoundRelations {
        let row = row as usize;
        let at = (row % TABLE_CHUNK) * self.width + column as usize;
        let chunk = self.chunks.get(row / TABLE_CHUNK);
        chunk.and_then(|chunk| chunk.get(at)).copied().unwrap_or_default()
    }

    /// Sets a row; rows between the end and this one are empty, and missing entries too.
    pub(crate) fn set(&mut self, row: u32, entries: &[BoundRelations]) {
        let row = row as usize;
        if row >= self.chunks.len() * TABLE_CHUNK {
            let empty = || {
                std::iter::repeat_n(BoundRelations::default(), TABLE_CHUNK * self.width)
                    .collect()
            };
            let missing = row / TABLE_CHUNK + 1 - self.chunks.len();
            let more = std::iter::repeat_with(empty).take(missing);
            self.chunks = self.chunks.iter().cloned().chain(more).collect();
        }
        let at = (row % TABLE_CHUNK) * self.width;
        let chunk =
            Arc::make_mut(&mut self.chunks).get_mut(row / TABLE_CHUNK).map(Arc::make_mut);
        if let Some(place) = chunk.and_then(|chunk| chunk.get_mut(at..at + self.width)) {
            let entries =
                entries.iter().copied().chain(std::iter::repeat(BoundRelations::default()));
            place.iter_mut().zip(entries).for_each(|(place, entry)| *place = entry);
        }
    }
}
