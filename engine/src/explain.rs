//! The decision with its steps: which source granted, which arm admitted, what would be needed.

use crate::arms::Arms;
use crate::catalog::Cell;
use crate::decide::Target;
use crate::ground::Ground;
use crate::judge::{Lane, Recorder};
use crate::policy::Policy;
use crate::roster::MemberIndex;
use crate::scope::{Scope, Visibility};

/// A decision and how it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation<'p> {
    /// Who asked.
    pub member: MemberIndex,
    /// For what.
    pub cell: Cell,
    /// On what.
    pub target: Target,
    /// The answer; the same as `decide` gives.
    pub allowed: bool,
    /// How it was made, in order.
    pub steps: Vec<Step<'p>>,
    /// What would have to be granted beside: for each cell that was lacking the scopes that reach
    /// the target, narrow before wide; one scope of each cell would do. Empty when allowed, and
    /// when the member may not act at all.
    pub would_need: Vec<(Cell, Scope)>,
}

/// One step of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'p> {
    /// Whether the member may act at all.
    Status {
        /// Active or not.
        is_active: bool,
    },
    /// A cell is looked at: the one that was asked for.
    Asked(Cell),
    /// A cell is looked at because what may not be read may not be changed.
    Bound(Cell),
    /// Something grants the cell.
    Granted(Ground<'p>),
    /// Nothing grants the cell.
    NotGranted(Cell),
    /// A way to reach the target was tried.
    Tried {
        /// The team that it comes through; none for the member's own grants.
        through: Option<&'p str>,
        /// The way.
        arm: Arms,
        /// Whether it reaches the target.
        admits: bool,
    },
}

/// Writes a decision down.
#[derive(Default)]
struct Minutes {
    lanes: Vec<Lane>,
}

impl Recorder for Minutes {
    fn hear(&mut self, lane: Lane) {
        self.lanes.push(lane);
    }
}

impl Policy {
    /// Decides, and says how: the path of [`decide`](Policy::decide) with a recorder.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Member, Policy, Scope, Target, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "member"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// let update = policy.cell("contacts", "update").unwrap();
    /// let why = policy.explain(anna, update, Target::OwnedBy(ben));
    /// assert!(!why.allowed);
    /// assert!(why.would_need.contains(&(update, Scope::All)));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn explain(&self, member: MemberIndex, cell: Cell, target: Target) -> Explanation<'_> {
        let mut minutes = Minutes::default();
        let whose = self.whose(target);
        let row = self.roster.rows.get(member.0);
        let allowed = row.is_some_and(|row| {
            self.judge(&self.lookup(cell, whose), (member, row), whose, &mut minutes)
        });
        let is_active = self.is_active(member);
        let mut steps = vec![Step::Status { is_active }];
        let mut would_need = Vec::new();
        let reading = self.book.catalog.bound(cell);
        let asked = [(Step::Asked(cell), cell, Lane::asked as fn(&Lane) -> Arms)];
        let bound = reading
            .map(|reading| (Step::Bound(reading), reading, Lane::reading as fn(&Lane) -> Arms));
        for (step, cell, arms) in asked.into_iter().chain(bound).filter(|_| is_active) {
            steps.push(step);
            let reached = self.record(member, cell, &minutes.lanes, arms, &mut steps);
            if !reached {
                would_need.extend(self.would_need(member, cell, target));
            }
        }
        Explanation { member, cell, target, allowed, steps, would_need }
    }

    /// Writes down what grants a cell and which arms reach the target; whether any does.
    fn record<'p>(
        &'p self,
        member: MemberIndex,
        cell: Cell,
        lanes: &[Lane],
        arms: fn(&Lane) -> Arms,
        steps: &mut Vec<Step<'p>>,
    ) -> bool {
        let before = steps.len();
        steps.extend(self.grounds(member, cell).into_iter().map(Step::Granted));
        if steps.len() == before {
            steps.push(Step::NotGranted(cell));
        }
        let mut reached = false;
        for lane in lanes {
            let through = lane.team.and_then(|team| self.lanes.lane(team));
            for arm in arms(lane).each() {
                let admits = lane.relation.has(arm);
                reached |= admits;
                let through = through.map(|lane| lane.id.as_str());
                steps.push(Step::Tried { through, arm, admits });
            }
        }
        reached
    }

    /// The scopes that would make a cell reach the target.
    fn would_need(
        &self,
        member: MemberIndex,
        cell: Cell,
        target: Target,
    ) -> Vec<(Cell, Scope)> {
        let relation = self.every_relation(member, target);
        let reaches = |scope: &Scope| Arms::of((*scope).into(), Visibility::Own).has(relation);
        self.scopes_of(cell).filter(reaches).map(|scope| (cell, scope)).collect()
    }

    /// Scopes that a grant on the cell can have here.
    fn scopes_of(&self, cell: Cell) -> impl Iterator<Item = Scope> {
        let scoped = self.book.catalog.resource(cell).is_some_and(|resource| resource.scoped);
        let layers = self.book.blueprint.layers();
        Scope::EVERY.into_iter().filter(move |scope| match scope {
            Scope::All => true,
            Scope::Own | Scope::Unowned => scoped,
            Scope::Assigned => scoped && layers.managers,
            Scope::Team => scoped && layers.teams,
            Scope::Department => scoped && layers.departments,
            Scope::Visible => false,
        })
    }
}
