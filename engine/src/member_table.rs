//! The members of a workspace with their teams, department and manager, in compact rows.

use std::sync::Arc;

use crate::chunked_vec::ChunkedVec;
use crate::directory::Directory;
use crate::membership_index::MembershipIndex;
use crate::mistake::Mistake;
use crate::tree::Tree;

/// The position that means no manager, no department, or no team.
pub(crate) const ABSENT: u32 = u32::MAX;

/// The class of removed members, which grants nothing.
pub(crate) const NO_CLASS: u32 = 0;

/// The number of teams that fit into a row.
const INLINE: usize = 4;

/// The handle of a member; valid for the policy that returned it and those derived from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberIndex(pub(crate) u32);

/// What decisions need of a member, in 40 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Row {
    pub(crate) class: u32,
    pub(crate) manager: u32,
    pub(crate) department: u32,
    /// Twice the number of teams, plus one when the member is active.
    state: u32,
    /// The teams. When they do not fit, the first entry is the position of their list in `overflow`.
    teams: [u32; INLINE],
    /// A bit for each team, at its position modulo 64: members without a common bit share no team.
    team_bits: u64,
}

impl Row {
    pub(crate) const EMPTY: Row = Row {
        class: NO_CLASS,
        manager: ABSENT,
        department: ABSENT,
        state: 0,
        teams: [ABSENT; INLINE],
        team_bits: 0,
    };

    /// The row with no manager.
    pub(crate) fn without_manager(&self) -> Row {
        Row { manager: ABSENT, ..*self }
    }

    /// The row without its class and its list of teams, whose place means nothing in another table.
    pub(crate) fn without_class(&self) -> Row {
        Row { class: NO_CLASS, teams: [ABSENT; INLINE], ..*self }
    }

    fn overflow_index(&self) -> Option<u32> {
        (self.count() > INLINE).then_some(self.teams[0])
    }

    #[inline]
    fn count(&self) -> usize {
        (self.state >> 1) as usize
    }

    /// Whether the member is active.
    #[inline]
    pub(crate) fn is_active(&self) -> bool {
        self.state & 1 == 1
    }
}

/// The members of a workspace and their links.
#[derive(Clone, Debug)]
pub(crate) struct MemberTable {
    pub(crate) rows: ChunkedVec<Row, 256>,
    /// Team lists that do not fit into a row.
    overflow: ChunkedVec<Arc<[u32]>, 32>,
    free_overflow: Vec<u32>,
    pub(crate) names: ChunkedVec<Arc<str>, 128>,
    pub(crate) directory: Directory<str>,
    /// The members of each team, ascending.
    pub(crate) team_members: MembershipIndex<32>,
    /// The members of each department, without those below it, ascending.
    pub(crate) department_members: MembershipIndex<8>,
    /// The members assigned to each member, ascending.
    pub(crate) reports: MembershipIndex<256>,
    pub(crate) tree: Tree,
    /// Whether indirectly assigned members count as assigned.
    pub(crate) counts_indirect: bool,
}

/// The links of a member to a manager, a department and teams, by position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MemberLinks {
    /// Whether the member may act. Inactive members keep their links, as they still own records.
    pub(crate) is_active: bool,
    pub(crate) manager: u32,
    pub(crate) department: u32,
    /// Ascending and without duplicates.
    pub(crate) teams: Vec<u32>,
}

impl MemberLinks {
    /// The links of a removed member.
    pub(crate) const NONE: MemberLinks = MemberLinks {
        is_active: false,
        manager: ABSENT,
        department: ABSENT,
        teams: Vec::new(),
    };

    fn state(&self) -> u32 {
        let count = u32::try_from(self.teams.len()).unwrap_or(u32::MAX >> 1);
        count << 1 | u32::from(self.is_active)
    }
}

impl MemberTable {
    pub(crate) fn new(
        tree: Tree,
        teams: usize,
        departments: usize,
        counts_indirect: bool,
    ) -> MemberTable {
        MemberTable {
            rows: ChunkedVec::new(Vec::new()),
            overflow: ChunkedVec::new(Vec::new()),
            free_overflow: Vec::new(),
            names: ChunkedVec::new(Vec::new()),
            directory: Directory::new(),
            team_members: MembershipIndex::empty(teams),
            department_members: MembershipIndex::empty(departments),
            reports: MembershipIndex::empty(0),
            tree,
            counts_indirect,
        }
    }

    /// Fills an empty table, whose directory has the names already, with the class and links of each
    /// member in the order of the names.
    pub(crate) fn fill(&mut self, names: Vec<Arc<str>>, members: &[(u32, MemberLinks)]) {
        let mut teams = vec![Vec::new(); self.team_members.len()];
        let mut departments = vec![Vec::new(); self.department_members.len()];
        let mut reports: Vec<Vec<u32>> = vec![Vec::new(); members.len()];
        let mut rows = Vec::with_capacity(members.len());
        for (index, (class, links)) in (0_u32..).zip(members) {
            for team in &links.teams {
                push_at(&mut teams, *team as usize, index);
            }
            push_at(&mut departments, links.department as usize, index);
            push_at(&mut reports, links.manager as usize, index);
            rows.push(self.row(*class, links));
        }
        self.team_members = MembershipIndex::new(&teams);
        self.department_members = MembershipIndex::new(&departments);
        self.reports = MembershipIndex::new(&reports);
        self.rows = ChunkedVec::new(rows);
        self.names = ChunkedVec::new(names);
    }

    fn row(&mut self, class: u32, links: &MemberLinks) -> Row {
        let mut row = Row {
            class,
            manager: links.manager,
            department: links.department,
            state: links.state(),
            teams: [ABSENT; INLINE],
            team_bits: links.teams.iter().fold(0, |bits, team| bits | 1 << (team % 64)),
        };
        if links.teams.len() <= INLINE {
            row.teams.iter_mut().zip(&links.teams).for_each(|(place, team)| *place = *team);
            return row;
        }
        let list: Arc<[u32]> = links.teams.as_slice().into();
        let at = self.free_overflow.pop().unwrap_or_else(|| {
            self.overflow.push(Arc::from([]));
            u32::try_from(self.overflow.len() - 1).unwrap_or(u32::MAX)
        });
        self.overflow.set(at, list);
        row.teams[0] = at;
        row
    }

    #[inline]
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.directory.find(id.as_bytes())
    }

    /// The teams of a member, ascending.
    #[inline]
    pub(crate) fn teams_of<'r>(&'r self, row: &'r Row) -> &'r [u32] {
        match row.teams.get(..row.count()) {
            Some(teams) => teams,
            None => self.overflow.get(row.teams[0]).map_or(&[], |list| list),
        }
    }

    /// Adds a new member without class or links; returns the position.
    pub(crate) fn add(&mut self, id: &str) -> u32 {
        let index = u32::try_from(self.rows.len()).unwrap_or(ABSENT - 1);
        let name: Arc<str> = id.into();
        self.names.push(Arc::clone(&name));
        self.rows.push(Row::EMPTY);
        self.reports.push();
        self.directory.insert(name, index);
        index
    }

    /// Replaces the class and the links of a member.
    pub(crate) fn put(&mut self, member: u32, class: u32, links: &MemberLinks) {
        let Some(before) = self.rows.get(member).copied() else { return };
        let teams = self.teams_of(&before);
        let is_same = teams == links.teams;
        let left = without(teams, &links.teams);
        let joined = without(&links.teams, teams);
        for team in left {
            self.team_members.remove(team, member);
        }
        for team in joined {
            self.team_members.insert(team, member);
        }
        if before.department != links.department {
            self.department_members.remove(before.department, member);
            self.department_members.insert(links.department, member);
        }
        if before.manager != links.manager {
            self.reports.remove(before.manager, member);
            self.reports.insert(links.manager, member);
        }
        let row = if is_same {
            let MemberLinks { manager, department, .. } = *links;
            Row { class, manager, department, state: links.state(), ..before }
        } else {
            self.free_overflow.extend(before.overflow_index());
            self.row(class, links)
        };
        self.rows.set(member, row);
    }

    /// Removes a member. The position is not reused, so that a stale handle cannot refer to another
    /// member.
    pub(crate) fn remove(&mut self, member: u32) {
        self.put(member, NO_CLASS, &MemberLinks::NONE);
        let Some(name) = self.names.get(member).cloned() else { return };
        self.directory.remove(name.as_bytes());
    }

    /// Replaces the tree of departments; members keep their departments by id.
    pub(crate) fn replace_tree(&mut self, tree: Tree) -> Result<(), Mistake> {
        let old = std::mem::replace(&mut self.tree, tree);
        let mut members = vec![Vec::new(); self.tree.departments().len()];
        let mut moved = Vec::new();
        for (index, row) in (0_u32..).zip(self.rows.iter()) {
            if row.department == ABSENT {
                continue;
            }
            let id = old.id(row.department);
            let Some(now) = self.tree.find(id) else {
                let message = format!("the department `{id}` still has members");
                let hint = "move them to another department first".to_owned();
                return Err(Mistake::unplaced(message, Some(hint)));
            };
            push_at(&mut members, now as usize, index);
            if now != row.department {
                moved.push((index, now));
            }
        }
        for (index, department) in moved {
            self.rows.get_mut(index).into_iter().for_each(|row| row.department = department);
        }
        self.department_members = MembershipIndex::new(&members);
        Ok(())
    }

    /// Whether a member is assigned to a manager, directly or, where that counts, indirectly.
    #[inline]
    pub(crate) fn is_assigned_to(&self, row: &Row, manager: u32) -> bool {
        row.manager == manager
            || (self.counts_indirect && self.is_indirectly_assigned_to(row, manager))
    }

    /// Walks up the chain of managers. The bound keeps the walk finite even if there were a cycle.
    fn is_indirectly_assigned_to(&self, row: &Row, manager: u32) -> bool {
        let mut above = row.manager;
        for _ in 0..self.rows.len() {
            if above == manager {
                return true;
            }
            let Some(next) = self.rows.get(above) else { return false };
            above = next.manager;
        }
        false
    }

    /// Whether assigning a member to a manager would form a cycle.
    pub(crate) fn closes_cycle(&self, member: u32, manager: u32) -> bool {
        member == manager
            || self
                .rows
                .get(manager)
                .is_some_and(|row| self.is_indirectly_assigned_to(row, member))
    }

    /// Whether a member is in a team.
    #[inline]
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "four compares at once beat four branches"
    )]
    pub(crate) fn is_in_team(&self, row: &Row, team: u32) -> bool {
        // Unused entries are `ABSENT`, which no team has, so all four can be compared.
        if row.count() <= INLINE {
            row.teams.iter().fold(false, |found, other| found | (*other == team))
        } else {
            self.teams_of(row).contains(&team)
        }
    }

    /// Whether two members can share a team: a quick test with false positives only.
    #[inline]
    pub(crate) fn may_share_team(a: &Row, b: &Row) -> bool {
        a.team_bits & b.team_bits != 0
    }

    /// Whether two members share a team.
    #[inline]
    pub(crate) fn share_team(&self, a: &Row, b: &Row) -> bool {
        MemberTable::may_share_team(a, b)
            && self.teams_of(a).iter().any(|team| self.is_in_team(b, *team))
    }
}

fn push_at(lists: &mut [Vec<u32>], at: usize, member: u32) {
    lists.get_mut(at).into_iter().for_each(|list| list.push(member));
}

/// The teams in one list that are not in the other.
fn without(teams: &[u32], others: &[u32]) -> Vec<u32> {
    teams.iter().copied().filter(|team| !others.contains(team)).collect()
}
