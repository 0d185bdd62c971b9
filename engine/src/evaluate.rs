//! The judgement: the one path on which every decision is made.
//!
//! **Invariant:** `decide`, `explain` and `who` are this path: bare, with a recorder, and with one
//! cell looked up beforehand for everybody.

use crate::catalog::Cell;
use crate::decide::Target;
use crate::member_table::{MemberIndex, MemberTable, NOBODY, Row};
use crate::policy::Policy;
use crate::relations::{Pair, Relations};

/// What one lane brings to a decision. A lane is the member's own grants (role, levels, flags and
/// switches) or what comes through a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GrantRow {
    /// The team that it comes through; none for the member's own grants.
    pub(crate) team: Option<u32>,
    /// The arms on the cell that was asked for, and on the reading that bounds it.
    pub(crate) relations: Pair,
    /// The arms that would reach the target in this lane, as far as its own arms need to know.
    pub(crate) related: Relations,
}

impl GrantRow {
    /// The arms on the cell that was asked for.
    pub(crate) fn asked(&self) -> Relations {
        self.relations.asked
    }

    /// The arms on the reading that bounds it.
    pub(crate) fn reading(&self) -> Relations {
        self.relations.reading
    }
}

/// Watches a decision being made.
pub(crate) trait Recorder {
    /// Hears what a lane brings.
    fn hear(&mut self, row: GrantRow);
}

/// Nobody watches.
impl Recorder for () {
    #[inline]
    fn hear(&mut self, _: GrantRow) {}
}

/// Where the arms on one cell, and on the reading that bounds it, are found.
pub(crate) trait Columns {
    /// What a class has.
    fn own(&self, class: u32) -> Pair;
    /// What comes through a team of the member of a row, and the arm by which the owner is reached
    /// because they are in it.
    fn through(&self, row: &Row, team: u32) -> (Pair, Relations);
}

/// Looks a cell up in the tables of a policy.
pub(crate) struct Lookup<'p> {
    policy: &'p Policy,
    cell: u16,
    owner: Option<&'p Row>,
}

impl Columns for Lookup<'_> {
    #[inline]
    fn own(&self, class: u32) -> Pair {
        self.policy.classes.rows.get(class, self.cell)
    }

    #[inline]
    fn through(&self, row: &Row, team: u32) -> (Pair, Relations) {
        let near = self.owner.filter(|owner| MemberTable::may_share_team(row, owner));
        let is_in = near.is_some_and(|owner| self.policy.member_table.is_in_team(owner, team));
        (self.policy.team_grants.pair(team, self.cell), Relations::TEAM.when(is_in))
    }
}

/// The columns of one cell for one target, looked up beforehand for asking about everybody.
pub(crate) struct Prepared {
    own: Vec<Pair>,
    through: Vec<(Pair, Relations)>,
}

impl Columns for Prepared {
    #[inline]
    fn own(&self, class: u32) -> Pair {
        self.own.get(class as usize).copied().unwrap_or_default()
    }

    #[inline]
    fn through(&self, _: &Row, team: u32) -> (Pair, Relations) {
        self.through.get(team as usize).copied().unwrap_or_default()
    }
}

/// A target as decisions need it.
#[derive(Clone, Copy)]
pub(crate) struct ResolvedTarget<'p> {
    /// The arms that reach it, whoever asks and whatever the lane.
    anyway: Relations,
    /// The member who owns it; nobody's position when none does.
    index: u32,
    /// The owner's row, if a member owns it.
    owner: Option<&'p Row>,
}

impl ResolvedTarget<'_> {
    /// The arms that reach the target whatever the lane.
    #[inline]
    fn common(&self, member: MemberIndex) -> Relations {
        self.anyway.union(Relations::ME.when(self.index == member.0))
    }
}

impl Policy {
    #[inline]
    pub(crate) fn lookup<'p>(&'p self, cell: Cell, whose: ResolvedTarget<'p>) -> Lookup<'p> {
        Lookup { policy: self, cell: cell.0, owner: whose.owner }
    }

    /// Looks a cell up for every class and every team.
    pub(crate) fn prepare(&self, cell: Cell, whose: ResolvedTarget<'_>) -> Prepared {
        let upto = |len: usize| 0..u32::try_from(len).unwrap_or(u32::MAX);
        let own = upto(self.classes.len()).map(|class| self.classes.rows.get(class, cell.0));
        let mut through: Vec<(Pair, Relations)> = upto(self.team_grants.len())
            .map(|team| (self.team_grants.pair(team, cell.0), Relations::NONE))
            .collect();
        for team in whose.owner.map_or(&[][..], |owner| self.member_table.teams_of(owner)) {
            if let Some((_, relation)) = through.get_mut(*team as usize) {
                *relation = Relations::TEAM;
            }
        }
        Prepared { own: own.collect(), through }
    }

    #[inline]
    pub(crate) fn whose(&self, target: Target) -> ResolvedTarget<'_> {
        let (anyway, index) = match target {
            Target::OwnedBy(owner) => (Relations::ALL, owner.0),
            Target::Any => (Relations::EVERY, NOBODY),
            Target::Unowned => (Relations::ALL.union(Relations::UNOWNED), NOBODY),
            Target::OwnedByNonMember => (Relations::ALL, NOBODY),
        };
        ResolvedTarget { anyway, index, owner: self.member_table.rows.get(index) }
    }

    /// The decision. A lane's arms and the ways in which the owner is related to the member are both
    /// sets of bits: the action is allowed when they meet in some lane, for the cell that is asked
    /// for and for the reading that bounds it. There is next to no branching, since nothing about
    /// the next question can be foretold.
    #[inline]
    pub(crate) fn evaluate<C: Columns, R: Recorder>(
        &self,
        columns: &C,
        (member, row): (MemberIndex, &Row),
        whose: ResolvedTarget<'_>,
        recorder: &mut R,
    ) -> bool {
        if !row.is_active() {
            return false;
        }
        let common = whose.common(member);
        let relations = columns.own(row.class);
        let needed = relations.asked.union(relations.reading);
        let related = self.related(member, row, whose.owner, needed);
        let own = GrantRow { team: None, relations, related: common.union(related) };
        recorder.hear(own);
        let mut met = Matched::default().with(own);
        for team in self.member_table.teams_of(row) {
            let (relations, relation) = columns.through(row, *team);
            let row =
                GrantRow { team: Some(*team), relations, related: common.union(relation) };
            recorder.hear(row);
            met = met.with(row);
        }
        met.is_allowed()
    }

    /// The arms by which a member's own grants reach an owner, as far as some arms need to know.
    #[inline]
    fn related(
        &self,
        me: MemberIndex,
        row: &Row,
        owner: Option<&Row>,
        relations: Relations,
    ) -> Relations {
        let Some(owner) = owner.filter(|_| relations.has(BY_RELATION)) else {
            return Relations::NONE;
        };
        let member_table = &self.member_table;
        let team = relations.has(BY_TEAM) && member_table.share_team(row, owner);
        let assigned = member_table.is_assigned_to(owner, me.0);
        let department = relations.has(BY_DEPARTMENT)
            && member_table.tree.is_at_or_below(owner.department, row.department);
        Relations::TEAM
            .when(team)
            .union(Relations::ASSIGNED.when(assigned))
            .union(Relations::DEPARTMENT.when(department))
            .union(Relations::TEAM_IN_DEPARTMENT.when(team & department))
            .union(Relations::ASSIGNED_IN_DEPARTMENT.when(assigned & department))
    }

    /// Every arm by which a member's own grants would reach a target.
    pub(crate) fn every_link(&self, member: MemberIndex, target: Target) -> Relations {
        let whose = self.whose(target);
        let related = self.member_table.rows.get(member.0).map_or(Relations::NONE, |row| {
            self.related(member, row, whose.owner, Relations::EVERY)
        });
        whose.common(member).union(related)
    }
}

/// What the lanes so far have met of the target: on the cell, and on the reading.
#[derive(Clone, Copy, Default)]
struct Matched(Pair);

impl Matched {
    #[inline]
    fn with(self, row: GrantRow) -> Matched {
        Matched(Pair {
            asked: self.0.asked.union(row.relations.asked.and(row.related)),
            reading: self.0.reading.union(row.relations.reading.and(row.related)),
        })
    }

    #[inline]
    fn is_allowed(self) -> bool {
        !self.0.asked.is_empty() & !self.0.reading.is_empty()
    }
}

/// Relations that speak of teams.
const BY_TEAM: Relations = Relations::TEAM.union(Relations::TEAM_IN_DEPARTMENT);
/// Relations that speak of departments.
const BY_DEPARTMENT: Relations = Relations::DEPARTMENT
    .union(Relations::TEAM_IN_DEPARTMENT)
    .union(Relations::ASSIGNED_IN_DEPARTMENT);
/// Relations for which the two rows have to be looked at.
const BY_RELATION: Relations = BY_TEAM.union(BY_DEPARTMENT).union(Relations::ASSIGNED);
