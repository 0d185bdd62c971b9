//! Lists of members, packed in chunks that snapshots share: a change copies one pack of numbers.

use std::sync::Arc;

/// Some lists, one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pack<const PACK: usize> {
    /// For each list where it ends in `members`.
    ends: [u32; PACK],
    members: Box<[u32]>,
}

/// Ascending lists of members: of each team, of each department, of each manager; so many lists in
/// a pack.
#[derive(Clone, Debug)]
pub(crate) struct MembershipIndex<const PACK: usize> {
    packs: Arc<[Arc<Pack<PACK>>]>,
    len: usize,
}

impl<const PACK: usize> MembershipIndex<PACK> {
    /// As many empty lists.
    pub(crate) fn empty(len: usize) -> MembershipIndex<PACK> {
        let pack = Arc::new(Pack { ends: [0; PACK], members: Box::default() });
        MembershipIndex { packs: std::iter::repeat_n(pack, len.div_ceil(PACK)).collect(), len }
    }

    /// Lists that are ascending already.
    pub(crate) fn new(lists: &[Vec<u32>]) -> MembershipIndex<PACK> {
        let pack = |lists: &[Vec<u32>]| {
            let members: Box<[u32]> = lists.iter().flatten().copied().collect();
            let mut ends = [0; PACK];
            let mut end = 0;
            let lists = lists.iter().map(Vec::len).chain(std::iter::repeat(0));
            for (place, len) in ends.iter_mut().zip(lists) {
                end += u32::try_from(len).unwrap_or(0);
                *place = end;
            }
            Arc::new(Pack { ends, members })
        };
        MembershipIndex { packs: lists.chunks(PACK).map(pack).collect(), len: lists.len() }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The members of a list; none when there is no such list.
    pub(crate) fn get(&self, index: u32) -> &[u32] {
        let pack = self.packs.get(index as usize / PACK);
        pack.and_then(|pack| pack.members.get(pack.span(index))).unwrap_or(&[])
    }

    /// Whether both surely hold the same: they share every pack.
    pub(crate) fn is_same(&self, other: &MembershipIndex<PACK>) -> bool {
        self.len == other.len
            && self
                .packs
                .iter()
                .zip(&*other.packs)
                .all(|(mine, theirs)| Arc::ptr_eq(mine, theirs))
    }

    /// Adds an empty list at the end.
    pub(crate) fn push(&mut self) {
        if self.len.is_multiple_of(PACK) {
            let more = MembershipIndex::<PACK>::empty(PACK);
            self.packs = self.packs.iter().chain(&*more.packs).cloned().collect();
        }
        self.len += 1;
    }

    /// Puts a member into a list; nothing happens when there is no such list.
    pub(crate) fn join(&mut self, index: u32, member: u32) {
        let list = self.get(index);
        let at = list.partition_point(|other| *other < member);
        if list.get(at) != Some(&member) {
            self.splice(index, at, &[member], 0);
        }
    }

    /// Takes a member out of a list, if they are in it.
    pub(crate) fn leave(&mut self, index: u32, member: u32) {
        if let Ok(at) = self.get(index).binary_search(&member) {
            self.splice(index, at, &[], 1);
        }
    }

    /// Replaces some members of a list, from a position of it on.
    fn splice(&mut self, index: u32, at: usize, with: &[u32], gone: usize) {
        if index as usize >= self.len {
            return;
        }
        let Some(place) = Arc::make_mut(&mut self.packs).get_mut(index as usize / PACK) else {
            return;
        };
        let at = place.span(index).start + at;
        let (before, rest) = place.members.split_at(at.min(place.members.len()));
        let after = rest.get(gone..).unwrap_or(&[]);
        let members = [before, with, after].concat().into();
        let mut ends = place.ends;
        for end in ends.iter_mut().skip(index as usize % PACK) {
            let grown = *end as usize + with.len() - gone;
            *end = u32::try_from(grown).unwrap_or(*end);
        }
        *place = Arc::new(Pack { ends, members });
    }
}

impl<const PACK: usize> Pack<PACK> {
    /// Where a list stands in `members`.
    fn span(&self, index: u32) -> std::ops::Range<usize> {
        let at = index as usize % PACK;
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        start..end(at)
    }
}
