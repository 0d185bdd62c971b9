//! The decision with its steps: which source granted, which arm admitted, what would be needed.

use crate::arms::Arms;
use crate::catalog::Cell;
use crate::decide::{Lane, Recorder, Target};
use crate::ground::Ground;
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
    tried: Vec<Heard>,
}

enum Heard {
    Cell(Cell),
    Arm(Lane, Arms, bool),
}

impl Recorder for Minutes {
    const THOROUGH: bool = true;

    fn trying(&mut self, cell: Cell) {
        self.tried.push(Heard::Cell(cell));
    }

    fn tried(&mut self, lane: Lane, arm: Arms, admits: bool) {
        self.tried.push(Heard::Arm(lane, arm, admits));
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
        let allowed = self.judge(member, cell, target, &mut minutes);
        let is_active = self.is_active(member);
        let mut steps = vec![Step::Status { is_active }];
        for heard in &minutes.tried {
            match heard {
                Heard::Cell(tried) => self.introduce(member, *tried, *tried == cell, &mut steps),
                Heard::Arm(lane, arm, admits) => {
                    let through = match lane {
                        Lane::Own => None,
                        Lane::Team(team) => self.lanes.lane(*team).map(|lane| lane.id.as_str()),
                    };
                    steps.push(Step::Tried { through, arm: *arm, admits: *admits });
                }
            }
        }
        let lacking = is_active && !allowed;
        let would_need = if lacking { self.would_need(member, cell, target) } else { Vec::new() };
        Explanation { member, cell, target, allowed, steps, would_need }
    }

    fn introduce<'p>(
        &'p self,
        member: MemberIndex,
        cell: Cell,
        is_asked: bool,
        steps: &mut Vec<Step<'p>>,
    ) {
        steps.push(if is_asked { Step::Asked(cell) } else { Step::Bound(cell) });
        let before = steps.len();
        steps.extend(self.grounds(member, cell).into_iter().map(Step::Granted));
        if steps.len() == before {
            steps.push(Step::NotGranted(cell));
        }
    }

    /// For each cell that does not reach the target, the scopes that would.
    fn would_need(&self, member: MemberIndex, cell: Cell, target: Target) -> Vec<(Cell, Scope)> {
        let cells = [Some(cell), self.book.catalog.bound(cell)].into_iter().flatten();
        let lacking = cells.filter(|cell| !self.is_reached(member, *cell, target));
        let scopes = |cell: Cell| {
            let reaches = move |scope: &Scope| self.would_reach(member, *scope, target);
            self.scopes_of(cell).filter(reaches).map(move |scope| (cell, scope))
        };
        lacking.flat_map(scopes).collect()
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

    fn would_reach(&self, member: MemberIndex, scope: Scope, target: Target) -> bool {
        let arms = Arms::of(scope.into(), Visibility::Own);
        self.would_match(member, arms, target)
    }
}
