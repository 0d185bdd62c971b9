//! A list in chunks that snapshots share: changing one entry copies one chunk, never the list.

use std::sync::Arc;

/// Entries in a chunk.
const CHUNK: usize = 128;

/// A list whose clones share what neither has changed.
#[derive(Clone, Debug)]
pub(crate) struct Shelf<T> {
    chunks: Vec<Arc<[T]>>,
    len: usize,
}

impl<T: Clone> Shelf<T> {
    pub(crate) fn new(entries: Vec<T>) -> Shelf<T> {
        let len = entries.len();
        let mut chunks = Vec::with_capacity(len.div_ceil(CHUNK));
        let mut entries = entries.into_iter().peekable();
        while entries.peek().is_some() {
            chunks.push(entries.by_ref().take(CHUNK).collect());
        }
        Shelf { chunks, len }
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

    /// Whether both lists surely hold the same: they share every chunk.
    pub(crate) fn is_same(&self, other: &Shelf<T>) -> bool {
        self.len == other.len
            && self.chunks.iter().zip(&other.chunks).all(|(mine, theirs)| Arc::ptr_eq(mine, theirs))
    }

    /// Replaces an entry; an index behind the end is ignored.
    pub(crate) fn set(&mut self, index: u32, entry: T) {
        if let Some(place) = self.get_mut(index) {
            *place = entry;
        }
    }

    pub(crate) fn get_mut(&mut self, index: u32) -> Option<&mut T> {
        let index = index as usize;
        Arc::make_mut(self.chunks.get_mut(index / CHUNK)?).get_mut(index % CHUNK)
    }

    pub(crate) fn push(&mut self, entry: T) {
        match self.chunks.last_mut().filter(|chunk| chunk.len() < CHUNK) {
            Some(last) => *last = last.iter().cloned().chain([entry]).collect(),
            None => self.chunks.push(Arc::from([entry])),
        }
        self.len += 1;
    }
}

/// Rows of bytes, one for each cell, that snapshots share in the same way.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    width: usize,
    chunks: Vec<Arc<[u8]>>,
    len: usize,
}

/// Rows in a chunk of tables.
const TABLE_CHUNK: usize = 16;

impl Tables {
    pub(crate) fn new(width: usize) -> Tables {
        Tables { width, chunks: Vec::new(), len: 0 }
    }

    #[inline]
    pub(crate) fn get(&self, row: u32, column: u16) -> u8 {
        let row = row as usize;
        let at = (row % TABLE_CHUNK) * self.width + column as usize;
        self.chunks.get(row / TABLE_CHUNK).and_then(|chunk| chunk.get(at)).copied().unwrap_or(0)
    }

    pub(crate) fn row(&self, row: u32) -> &[u8] {
        let row = row as usize;
        let at = (row % TABLE_CHUNK) * self.width;
        let chunk = self.chunks.get(row / TABLE_CHUNK);
        chunk.and_then(|chunk| chunk.get(at..at + self.width)).unwrap_or(&[])
    }

    /// Sets a row; rows between the end and it are empty.
    pub(crate) fn set(&mut self, row: u32, bytes: &[u8]) {
        let row = row as usize;
        while self.len <= row {
            if self.len.is_multiple_of(TABLE_CHUNK) {
                self.chunks.push(std::iter::repeat_n(0, TABLE_CHUNK * self.width).collect());
            }
            self.len += 1;
        }
        let at = (row % TABLE_CHUNK) * self.width;
        let chunk = self.chunks.get_mut(row / TABLE_CHUNK).map(Arc::make_mut);
        if let Some(place) = chunk.and_then(|chunk| chunk.get_mut(at..at + self.width)) {
            place.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        }
    }
}
