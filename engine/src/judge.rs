//! The judgement: the one path on which every decision is made.
//!
//! **Invariant:** `decide`, `explain` and `who` are this path: bare, with a recorder, and with one
//! cell looked up beforehand for everybody.

use crate::arms::{Arms, Pair};
use crate::catalog::Cell;
use crate::decide::Target;
use crate::policy::Policy;
use crate::roster::{MemberIndex, NOBODY, Roster, Row};

/// What one lane brings to a decision. A lane is the member's own grants (role, levels, flags and
/// switches) or what comes through a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lane {
    /// The team that it comes through; none for the member's own grants.
    pub(crate) team: Option<u32>,
    /// The arms on the cell that was asked for, and on the reading that bounds it.
    pub(crate) arms: Pair,
    /// The arms that would reach the target in this lane, as far as its own arms need to know.
    pub(crate) relation: Arms,
}

impl Lane {
    /// The arms on the cell that was asked for.
    pub(crate) fn asked(&self) -> Arms {
        self.arms.asked
    }

    /// The arms on the reading that bounds it.
    pub(crate) fn reading(&self) -> Arms {
        self.arms.reading
    }
}

/// Watches a decision being made.
pub(crate) trait Recorder {
    /// Hears what a lane brings.
    fn hear(&mut self, lane: Lane);
}

/// Nobody watches.
impl Recorder for () {
    #[inline]
    fn hear(&mut self, _: Lane) {}
}

/// Where the arms on one cell, and on the reading that bounds it, are found.
pub(crate) trait Columns {
    /// What a class has.
    fn own(&self, class: u32) -> Pair;
    /// What comes through a team of the member of a row, and the arm by which the owner is reached
    /// because they are in it.
    fn through(&self, row: &Row, team: u32) -> (Pair, Arms);
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
    fn through(&self, row: &Row, team: u32) -> (Pair, Arms) {
        let near = self.owner.filter(|owner| Roster::may_share_team(row, owner));
        let is_in = near.is_some_and(|owner| self.policy.roster.is_in_team(owner, team));
        (self.policy.lanes.pair(team, self.cell), Arms::TEAM.when(is_in))
    }
}

/// The columns of one cell for one target, looked up beforehand for asking about everybody.
pub(crate) struct Prepared {
    own: Vec<Pair>,
    through: Vec<(Pair, Arms)>,
}

impl Columns for Prepared {
    #[inline]
    fn own(&self, class: u32) -> Pair {
        self.own.get(class as usize).copied().unwrap_or_default()
    }

    #[inline]
    fn through(&self, _: &Row, team: u32) -> (Pair, Arms) {
        self.through.get(team as usize).copied().unwrap_or_default()
    }
}

/// A target as decisions need it.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'p> {
    /// The arms that reach it, whoever asks and whatever the lane.
    anyway: Arms,
    /// The member who owns it; nobody's position when none does.
    index: u32,
    /// The owner's row, if a member owns it.
    owner: Option<&'p Row>,
}

impl Whose<'_> {
    /// The arms that reach the target whatever the lane.
    #[inline]
    fn common(&self, member: MemberIndex) -> Arms {
        self.anyway.union(Arms::ME.when(self.index == member.0))
    }
}

impl Policy {
    #[inline]
    pub(crate) fn lookup<'p>(&'p self, cell: Cell, whose: Whose<'p>) -> Lookup<'p> {
        Lookup { policy: self, cell: cell.0, owner: whose.owner }
    }

    /// Looks a cell up for every class and every team.
    pub(crate) fn prepare(&self, cell: Cell, whose: Whose<'_>) -> Prepared {
        let upto = |len: usize| 0..u32::try_from(len).unwrap_or(u32::MAX);
        let own = upto(self.classes.len()).map(|class| self.classes.rows.get(class, cell.0));
        let mut through: Vec<(Pair, Arms)> = upto(self.lanes.len())
            .map(|team| (self.lanes.pair(team, cell.0), Arms::NONE))
            .collect();
        for team in whose.owner.map_or(&[][..], |owner| self.roster.teams_of(owner)) {
            if let Some((_, arm)) = through.get_mut(*team as usize) {
                *arm = Arms::TEAM;
            }
        }
        Prepared { own: own.collect(), through }
    }

    #[inline]
    pub(crate) fn whose(&self, target: Target) -> Whose<'_> {
        let (anyway, index) = match target {
            Target::OwnedBy(owner) => (Arms::ALL, owner.0),
            Target::Any => (Arms::EVERY, NOBODY),
            Target::Unowned => (Arms::ALL.union(Arms::UNOWNED), NOBODY),
            Target::OwnedByStranger => (Arms::ALL, NOBODY),
        };
        Whose { anyway, index, owner: self.roster.rows.get(index) }
    }

    /// The decision. A lane's arms and the ways in which the owner is related to the member are both
    /// sets of bits: the action is allowed when they meet in some lane, for the cell that is asked
    /// for and for the reading that bounds it. There is next to no branching, since nothing about
    /// the next question can be foretold.
    #[inline]
    pub(crate) fn judge<C: Columns, R: Recorder>(
        &self,
        columns: &C,
        (member, row): (MemberIndex, &Row),
        whose: Whose<'_>,
        recorder: &mut R,
    ) -> bool {
        if !row.is_active() {
            return false;
        }
        let common = whose.common(member);
        let arms = columns.own(row.class);
        let needed = arms.asked.union(arms.reading);
        let related = self.relation(member, row, whose.owner, needed);
        let own = Lane { team: None, arms, relation: common.union(related) };
        recorder.hear(own);
        let mut met = Met::default().with(own);
        for team in self.roster.teams_of(row) {
            let (arms, arm) = columns.through(row, *team);
            let lane = Lane { team: Some(*team), arms, relation: common.union(arm) };
            recorder.hear(lane);
            met = met.with(lane);
        }
        met.is_allowed()
    }

    /// The arms by which a member's own grants reach an owner, as far as some arms need to know.
    #[inline]
    fn relation(&self, me: MemberIndex, row: &Row, owner: Option<&Row>, arms: Arms) -> Arms {
        let Some(owner) = owner.filter(|_| arms.has(BY_RELATION)) else { return Arms::NONE };
        let roster = &self.roster;
        let team = arms.has(BY_TEAM) && roster.share_team(row, owner);
        let assigned = roster.is_assigned_to(owner, me.0);
        let department = arms.has(BY_DEPARTMENT)
            && roster.tree.is_at_or_below(owner.department, row.department);
        Arms::TEAM
            .when(team)
            .union(Arms::ASSIGNED.when(assigned))
            .union(Arms::DEPARTMENT.when(department))
            .union(Arms::TEAM_IN_DEPARTMENT.when(team & department))
            .union(Arms::ASSIGNED_IN_DEPARTMENT.when(assigned & department))
    }

    /// Every arm by which a member's own grants would reach a target.
    pub(crate) fn every_relation(&self, member: MemberIndex, target: Target) -> Arms {
        let whose = self.whose(target);
        let related = self
            .roster
            .rows
            .get(member.0)
            .map_or(Arms::NONE, |row| self.relation(member, row, whose.owner, Arms::EVERY));
        whose.common(member).union(related)
    }
}

/// What the lanes so far have met of the target: on the cell, and on the reading.
#[derive(Clone, Copy, Default)]
struct Met(Pair);

impl Met {
    #[inline]
    fn with(self, lane: Lane) -> Met {
        Met(Pair {
            asked: self.0.asked.union(lane.arms.asked.and(lane.relation)),
            reading: self.0.reading.union(lane.arms.reading.and(lane.relation)),
        })
    }

    #[inline]
    fn is_allowed(self) -> bool {
        !self.0.asked.is_empty() & !self.0.reading.is_empty()
    }
}

/// Arms that speak of teams.
const BY_TEAM: Arms = Arms::TEAM.union(Arms::TEAM_IN_DEPARTMENT);
/// Arms that speak of departments.
const BY_DEPARTMENT: Arms =
    Arms::DEPARTMENT.union(Arms::TEAM_IN_DEPARTMENT).union(Arms::ASSIGNED_IN_DEPARTMENT);
/// Arms for which the two rows have to be looked at.
const BY_RELATION: Arms = BY_TEAM.union(BY_DEPARTMENT).union(Arms::ASSIGNED);
