//! The decision: may this member do this to what that one owns?
//!
//! **Invariant:** `decide` and `explain` are this one path, without and with a recorder.

use crate::arms::Arms;
use crate::catalog::{Cell, UNBOUNDED};
use crate::policy::Policy;
use crate::roster::{MemberIndex, Row, SHUT_OUT};

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Anything at all: is the action granted, however far? Resources without records are asked
    /// about like this.
    Any,
    /// A record of this member; for `create`, the owner-to-be.
    OwnedBy(MemberIndex),
    /// A record that nobody owns.
    Unowned,
    /// A record of somebody who is not, or no longer, a member.
    OwnedByStranger,
}

/// Where arms come from: a member's own grants, or a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Role, levels, flags and switches.
    Own,
    /// What comes through a team.
    Team(u32),
}

/// Watches a decision being made.
pub(crate) trait Recorder {
    /// Whether arms are still tried after one has admitted the target.
    const THOROUGH: bool;
    /// Hears that a cell's arms are tried: the asked one's, then the reading's that bounds it.
    fn trying(&mut self, cell: Cell);
    /// Hears what one arm said.
    fn tried(&mut self, lane: Lane, arm: Arms, admits: bool);
}

/// Nobody watches.
impl Recorder for () {
    const THOROUGH: bool = false;

    #[inline]
    fn trying(&mut self, _: Cell) {}

    #[inline]
    fn tried(&mut self, _: Lane, _: Arms, _: bool) {}
}

impl Policy {
    /// Whether a member may do an action to a target. What is not granted is denied; inactive
    /// members may nothing; what may not be read may not be changed.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Member, Policy, Target, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// let members = vec![Member::new("anna", "member"), Member::new("ben", "member")];
    /// let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// let update = policy.cell("contacts", "update").unwrap();
    /// assert!(policy.decide(anna, update, Target::OwnedBy(anna)));
    /// assert!(!policy.decide(anna, update, Target::OwnedBy(ben)));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn decide(&self, member: MemberIndex, cell: Cell, target: Target) -> bool {
        self.judge(member, cell, target, &mut ())
    }

    /// Whether a member may do an action, everything given as people write it; nothing when an id
    /// or a key is unknown.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::{Blueprint, Member, Owner, Policy, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let workspace = Workspace { members: vec![Member::new("anna", "member")], ..Workspace::default() };
    /// # let policy = Policy::compile(&blueprint, &workspace)?;
    /// assert_eq!(policy.check("anna", "contacts", "update", Owner::Member("anna")), Some(true));
    /// assert_eq!(policy.check("anna", "contacts", "fly", Owner::Any), None);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn check(
        &self,
        member: &str,
        resource: &str,
        action: &str,
        owner: Owner<'_>,
    ) -> Option<bool> {
        let (member, cell) = (self.member(member)?, self.cell(resource, action)?);
        Some(self.decide(member, cell, self.target(owner)))
    }

    /// Resolves an owner; an id that is no member's is a stranger's.
    #[must_use]
    #[inline]
    pub fn target(&self, owner: Owner<'_>) -> Target {
        match owner {
            Owner::Any => Target::Any,
            Owner::Nobody => Target::Unowned,
            Owner::Member(id) => self.member(id).map_or(Target::OwnedByStranger, Target::OwnedBy),
        }
    }

    #[inline]
    pub(crate) fn judge<R: Recorder>(
        &self,
        member: MemberIndex,
        cell: Cell,
        target: Target,
        recorder: &mut R,
    ) -> bool {
        let Some(row) = self.roster.rows.get(member.0) else { return false };
        let me = Asker { index: member, row };
        if row.class == SHUT_OUT || !self.reaches(me, cell, target, recorder) {
            return false;
        }
        let bound = self.bounds.get(usize::from(cell.0)).copied().unwrap_or(UNBOUNDED);
        bound == UNBOUNDED || self.reaches(me, Cell(bound), target, recorder)
    }

    /// Whether what is granted on a cell reaches a target, through any lane.
    #[inline]
    fn reaches<R: Recorder>(
        &self,
        me: Asker<'_>,
        cell: Cell,
        target: Target,
        recorder: &mut R,
    ) -> bool {
        recorder.trying(cell);
        let own = Arms::from_byte(self.classes.rows.get(me.row.class, cell.0));
        let mut admitted = self.admits(me, Lane::Own, own, target, recorder);
        for team in self.roster.teams_of(me.row) {
            if admitted && !R::THOROUGH {
                break;
            }
            let arms = Arms::from_byte(self.lanes.arms(*team, cell.0));
            admitted |= self.admits(me, Lane::Team(*team), arms, target, recorder);
        }
        admitted
    }

    /// Whether a cell alone reaches a target, reading left aside.
    pub(crate) fn is_reached(&self, member: MemberIndex, cell: Cell, target: Target) -> bool {
        self.roster.rows.get(member.0).is_some_and(|row| {
            self.reaches(Asker { index: member, row }, cell, target, &mut ())
        })
    }

    /// Whether arms that a member does not hold would reach a target.
    pub(crate) fn would_match(&self, member: MemberIndex, arms: Arms, target: Target) -> bool {
        self.roster.rows.get(member.0).is_some_and(|row| {
            self.admits(Asker { index: member, row }, Lane::Own, arms, target, &mut ())
        })
    }

    /// Whether one of a lane's arms reaches a target.
    #[inline]
    fn admits<R: Recorder>(
        &self,
        me: Asker<'_>,
        lane: Lane,
        arms: Arms,
        target: Target,
        recorder: &mut R,
    ) -> bool {
        let mut admitted = false;
        for arm in arms.each() {
            let admits = self.matches(me, lane, arm, target);
            recorder.tried(lane, arm, admits);
            admitted |= admits;
            if admitted && !R::THOROUGH {
                break;
            }
        }
        admitted
    }

    /// Whether a single arm reaches a target.
    #[inline]
    fn matches(&self, me: Asker<'_>, lane: Lane, arm: Arms, target: Target) -> bool {
        let owner = match target {
            Target::Any => return true,
            Target::Unowned => return arm == Arms::ALL || arm == Arms::UNOWNED,
            Target::OwnedByStranger => return arm == Arms::ALL,
            Target::OwnedBy(owner) => owner,
        };
        if arm == Arms::ALL {
            return true;
        }
        if arm == Arms::ME {
            return owner == me.index;
        }
        self.roster.rows.get(owner.0).is_some_and(|row| self.relates(me, lane, arm, row))
    }

    /// Whether an arm reaches the member of a row, by how the two are related.
    #[inline]
    fn relates(&self, me: Asker<'_>, lane: Lane, arm: Arms, owner: &Row) -> bool {
        let in_team = || match lane {
            Lane::Own => self.roster.share_team(me.row, owner),
            Lane::Team(team) => self.roster.teams_of(owner).contains(&team),
        };
        let assigned = || self.roster.is_assigned_to(owner, me.index.0);
        let in_department =
            || self.roster.tree.is_at_or_below(owner.department, me.row.department);
        match arm {
            Arms::TEAM => in_team(),
            Arms::ASSIGNED => assigned(),
            Arms::DEPARTMENT => in_department(),
            Arms::TEAM_IN_DEPARTMENT => in_team() && in_department(),
            Arms::ASSIGNED_IN_DEPARTMENT => assigned() && in_department(),
            _ => false,
        }
    }
}

/// The member who asks.
#[derive(Clone, Copy)]
struct Asker<'r> {
    index: MemberIndex,
    row: &'r Row,
}

/// Whose record is asked about, by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner<'a> {
    /// Not asked about a record.
    Any,
    /// Nobody owns it.
    Nobody,
    /// The member with this id; if there is none, somebody who is no member.
    Member(&'a str),
}
