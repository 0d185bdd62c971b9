//! Lists of members (of teams, departments, managers) in chunks that policies share.

use std::sync::Arc;

/// Some lists, stored one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chunk<const CHUNK: usize> {
    /// For each list its end in `members`.
    ends: [u32; CHUNK],
    members: Box<[u32]>,
}

/// Ascending lists of members, `CHUNK` of them in a chunk: changing a list copies its chunk.
#[derive(Clone, Debug)]
pub(crate) struct MembershipIndex<const CHUNK: usize> {
    chunks: Arc<[Arc<Chunk<CHUNK>>]>,
    len: usize,
}

impl<const CHUNK: usize> MembershipIndex<CHUNK> {
    /// A number of empty lists.
    pub(crate) fn empty(len: usize) -> MembershipIndex<CHUNK> {
        let chunk = Arc::new(Chunk { ends: [0; CHUNK], members: Box::default() });
        MembershipIndex {
            chunks: std::iter::repeat_n(chunk, len.div_ceil(CHUNK)).collect(),
            len,
        }
    }

    /// Packs lists, each of which must be ascending.
    pub(crate) fn new(lists: &[Vec<u32>]) -> MembershipIndex<CHUNK> {
        let chunk = |lists: &[Vec<u32>]| {
            let members: Box<[u32]> = lists.iter().flatten().copied().collect();
            let mut ends = [0; CHUNK];
            let mut end = 0;
            let lengths = lists.iter().map(Vec::len).chain(std::iter::repeat(0));
            for (place, len) in ends.iter_mut().zip(lengths) {
                end += u32::try_from(len).unwrap_or(0);
                *place = end;
            }
            Arc::new(Chunk { ends, members })
        };
        MembershipIndex { chunks: lists.chunks(CHUNK).map(chunk).collect(), len: lists.len() }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The members of a list; empty when the list does not exist.
    pub(crate) fn get(&self, index: u32) -> &[u32] {
        let chunk = self.chunks.get(index as usize / CHUNK);
        chunk.and_then(|chunk| chunk.members.get(chunk.span(index))).unwrap_or(&[])
    }

    /// Whether both share every chunk. Equal lists that were built separately do not.
    pub(crate) fn is_same(&self, other: &MembershipIndex<CHUNK>) -> bool {
        self.len == other.len
            && self
                .chunks
                .iter()
                .zip(&*other.chunks)
                .all(|(mine, theirs)| Arc::ptr_eq(mine, theirs))
    }

    /// Adds an empty list at the end.
    pub(crate) fn push(&mut self) {
        if self.len.is_multiple_of(CHUNK) {
            let more = MembershipIndex::<CHUNK>::empty(CHUNK);
            self.chunks = self.chunks.iter().chain(&*more.chunks).cloned().collect();
        }
        self.len += 1;
    }

    /// Adds a member to a list; does nothing when the list does not exist.
    pub(crate) fn insert(&mut self, index: u32, member: u32) {
        let list = self.get(index);
        let at = list.partition_point(|other| *other < member);
        if list.get(at) != Some(&member) {
            self.splice(index, at, &[member], 0);
        }
    }

    /// Removes a member from a list; does nothing when the member is not in it.
    pub(crate) fn remove(&mut self, index: u32, member: u32) {
        if let Ok(at) = self.get(index).binary_search(&member) {
            self.splice(index, at, &[], 1);
        }
    }

    /// Replaces `removed` members of a list from the position `at` on.
    fn splice(&mut self, index: u32, at: usize, with: &[u32], removed: usize) {
        if index as usize >= self.len {
            return;
        }
        let Some(chunk) = Arc::make_mut(&mut self.chunks).get_mut(index as usize / CHUNK)
        else {
            return;
        };
        let at = chunk.span(index).start + at;
        let (before, rest) = chunk.members.split_at(at.min(chunk.members.len()));
        let after = rest.get(removed..).unwrap_or(&[]);
        let members = [before, with, after].concat().into();
        let mut ends = chunk.ends;
        for end in ends.iter_mut().skip(index as usize % CHUNK) {
            let moved = *end as usize + with.len() - removed;
            *end = u32::try_from(moved).unwrap_or(*end);
        }
        *chunk = Arc::new(Chunk { ends, members });
    }
}

impl<const CHUNK: usize> Chunk<CHUNK> {
    /// The range of a list in `members`.
    fn span(&self, index: u32) -> std::ops::Range<usize> {
        let at = index as usize % CHUNK;
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        start..end(at)
    }
}
