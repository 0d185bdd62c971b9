//! Evaluates decisions.
//!
//! **Invariant:** `decide`, `explain` and `who` all use `evaluate`: as it is, with a recorder, and
//! with the relations of the cell looked up in advance.

use crate::boundary::Limit;
use crate::catalog::Cell;
use crate::decide::Target;
use crate::member_table::{ABSENT, MemberIndex, MemberTable, Row};
use crate::policy::Policy;
use crate::relations::{BoundRelations, Relations};

/// The grants of a member that a decision compares with the relations to the owner: either their own
/// (role, levels, flag and switches), or those of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GrantRow {
    /// The team; `None` for the member's own grants.
    pub(crate) team: Option<u32>,
    /// The relations that the grants admit.
    pub(crate) admitted: BoundRelations,
    /// The relations that hold. Those that `admitted` lacks may be left out.
    pub(crate) holding: Relations,
}

/// Records the grants that a decision considers.
pub(crate) trait Recorder {
    fn record(&mut self, row: GrantRow);
}

/// Records nothing.
impl Recorder for () {
    #[inline]
    fn record(&mut self, _: GrantRow) {}
}

/// Looks up the relations that grants admit for one cell.
pub(crate) trait Lookup {
    /// The relations of a class.
    fn own(&self, class: u32) -> BoundRelations;
    /// The relations of a team, and `TEAM` if the owner is in it. The row is the member's.
    fn team(&self, row: &Row, team: u32) -> (BoundRelations, Relations);
    /// How far the boundary of a member covers the cell, and the read cell that bounds it.
    fn limits(&self, member: MemberIndex) -> Option<(Limit, Limit)>;
}

/// Looks a cell up in the tables of a policy.
pub(crate) struct Tables<'p> {
    policy: &'p Policy,
    cell: u16,
    owner: Option<&'p Row>,
}

impl Lookup for Tables<'_> {
    #[inline]
    fn own(&self, class: u32) -> BoundRelations {
        self.policy.classes.rows.get(class, self.cell)
    }

    #[inline]
    fn team(&self, row: &Row, team: u32) -> (BoundRelations, Relations) {
        let owner = self.owner.filter(|owner| MemberTable::may_share_team(row, owner));
        let is_in = owner.is_some_and(|owner| self.policy.member_table.is_in_team(owner, team));
        (self.policy.team_grants.relations(team, self.cell), Relations::TEAM.when(is_in))
    }

    #[inline]
    fn limits(&self, member: MemberIndex) -> Option<(Limit, Limit)> {
        self.policy.limits(member, Cell(self.cell))
    }
}

/// The relations of one cell for one target, looked up in advance for deciding about every member.
pub(crate) struct Prepared<'p> {
    policy: &'p Policy,
    cell: Cell,
    own: Vec<BoundRelations>,
    teams: Vec<(BoundRelations, Relations)>,
}

impl Lookup for Prepared<'_> {
    #[inline]
    fn own(&self, class: u32) -> BoundRelations {
        self.own.get(class as usize).copied().unwrap_or_default()
    }

    #[inline]
    fn team(&self, _: &Row, team: u32) -> (BoundRelations, Relations) {
        self.teams.get(team as usize).copied().unwrap_or_default()
    }

    #[inline]
    fn limits(&self, member: MemberIndex) -> Option<(Limit, Limit)> {
        self.policy.limits(member, self.cell)
    }
}

/// A target with what decisions need of it.
#[derive(Clone, Copy)]
pub(crate) struct ResolvedTarget<'p> {
    /// The relations that hold for every member.
    unconditional: Relations,
    /// The position of the owner; `ABSENT` when no member owns it.
    index: u32,
    /// The row of the owner, if a member owns it.
    owner: Option<&'p Row>,
}

impl ResolvedTarget<'_> {
    /// The relations of a member that hold for own grants and for grants of teams alike.
    #[inline]
    fn common(&self, member: MemberIndex) -> Relations {
        self.unconditional.union(Relations::SELF.when(self.index == member.0))
    }
}

impl Policy {
    #[inline]
    pub(crate) fn tables<'p>(&'p self, cell: Cell, target: ResolvedTarget<'p>) -> Tables<'p> {
        Tables { policy: self, cell: cell.0, owner: target.owner }
    }

    /// Looks a cell up for every class and every team.
    pub(crate) fn prepare(&self, cell: Cell, target: ResolvedTarget<'_>) -> Prepared<'_> {
        let upto = |len: usize| 0..u32::try_from(len).unwrap_or(u32::MAX);
        let own = upto(self.classes.len()).map(|class| self.classes.rows.get(class, cell.0));
        let mut teams: Vec<(BoundRelations, Relations)> = upto(self.team_grants.len())
            .map(|team| (self.team_grants.relations(team, cell.0), Relations::NONE))
            .collect();
        for team in target.owner.map_or(&[][..], |owner| self.member_table.teams_of(owner)) {
            if let Some((_, relation)) = teams.get_mut(*team as usize) {
                *relation = Relations::TEAM;
            }
        }
        Prepared { policy: self, cell, own: own.collect(), teams }
    }

    #[inline]
    pub(crate) fn resolve_target(&self, target: Target) -> ResolvedTarget<'_> {
        let (unconditional, index) = match target {
            Target::OwnedBy(owner) => (Relations::ALL, owner.0),
            Target::Any => (Relations::EVERY, ABSENT),
            Target::Unowned => (Relations::ALL.union(Relations::UNOWNED), ABSENT),
            Target::OwnedByNonMember => (Relations::ALL, ABSENT),
        };
        ResolvedTarget { unconditional, index, owner: self.member_table.rows.get(index) }
    }

    /// Decides whether a member may do the action of a cell on a target. The relations that grants
    /// admit and those that hold between the member and the owner are sets of bits. The action is
    /// allowed when they intersect in some row of grants for the cell, and in some row for the read
    /// cell that bounds it. The code avoids branches, as successive decisions have no pattern that a
    /// branch predictor could learn. What is allowed is then compared with the boundary of the member.
    #[inline]
    pub(crate) fn evaluate<L: Lookup, R: Recorder>(
        &self,
        lookup: &L,
        (member, row): (MemberIndex, &Row),
        target: ResolvedTarget<'_>,
        recorder: &mut R,
    ) -> bool {
        if !row.is_active() {
            return false;
        }
        let common = target.common(member);
        let admitted = lookup.own(row.class);
        let needed = admitted.action.union(admitted.read);
        let related = self.relations(member, row, target.owner, needed);
        let own = GrantRow { team: None, admitted, holding: common.union(related) };
        recorder.record(own);
        let mut matched = Matched::default().with(own);
        for team in self.member_table.teams_of(row) {
            let (admitted, in_team) = lookup.team(row, *team);
            let grants =
                GrantRow { team: Some(*team), admitted, holding: common.union(in_team) };
            recorder.record(grants);
            matched = matched.with(grants);
        }
        matched.is_allowed()
            && lookup.limits(member).is_none_or(|limits| matched.is_within(limits, common))
    }

    /// The relations between a member and an owner that depend on both rows, as far as `needed`.
    #[inline]
    fn relations(
        &self,
        member: MemberIndex,
        row: &Row,
        owner: Option<&Row>,
        needed: Relations,
    ) -> Relations {
        let Some(owner) = owner.filter(|_| needed.intersects(BY_ROWS)) else {
            return Relations::NONE;
        };
        let member_table = &self.member_table;
        let team = needed.intersects(BY_TEAM) && member_table.share_team(row, owner);
        let assigned = member_table.is_assigned_to(owner, member.0);
        let department = needed.intersects(BY_DEPARTMENT)
            && member_table.tree.is_at_or_below(owner.department, row.department);
        Relations::TEAM
            .when(team)
            .union(Relations::ASSIGNED.when(assigned))
            .union(Relations::DEPARTMENT.when(department))
            .union(Relations::TEAM_IN_DEPARTMENT.when(team & department))
            .union(Relations::ASSIGNED_IN_DEPARTMENT.when(assigned & department))
    }

    /// Every relation that holds between a member and the owner of a target.
    pub(crate) fn all_relations(&self, member: MemberIndex, target: Target) -> Relations {
        let target = self.resolve_target(target);
        let related = self.member_table.rows.get(member.0).map_or(Relations::NONE, |row| {
            self.relations(member, row, target.owner, Relations::EVERY)
        });
        target.common(member).union(related)
    }
}

/// The relations that are both admitted and holding in the rows so far.
#[derive(Clone, Copy, Default)]
struct Matched(BoundRelations);

impl Matched {
    #[inline]
    fn with(self, row: GrantRow) -> Matched {
        Matched(BoundRelations {
            action: self.0.action.union(row.admitted.action.intersection(row.holding)),
            read: self.0.read.union(row.admitted.read.intersection(row.holding)),
        })
    }

    #[inline]
    fn is_allowed(self) -> bool {
        !self.0.action.is_empty() & !self.0.read.is_empty()
    }

    /// Whether the relations are enough within limits, of the action and of reading.
    #[inline]
    fn is_within(self, (action, read): (Limit, Limit), common: Relations) -> bool {
        action.admits(self.0.action, common) && read.admits(self.0.read, common)
    }
}

/// The relations that depend on teams.
const BY_TEAM: Relations = Relations::TEAM.union(Relations::TEAM_IN_DEPARTMENT);
/// The relations that depend on departments.
const BY_DEPARTMENT: Relations = Relations::DEPARTMENT
    .union(Relations::TEAM_IN_DEPARTMENT)
    .union(Relations::ASSIGNED_IN_DEPARTMENT);
/// The relations that depend on the rows of the member and the owner.
const BY_ROWS: Relations = BY_TEAM.union(BY_DEPARTMENT).union(Relations::ASSIGNED);
