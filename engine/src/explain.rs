//! The decision with its steps: which source granted, which arm admitted, what would be needed.

use crate::catalog::Cell;
use crate::decide::Target;
use crate::evaluate::{GrantRow, Recorder};
use crate::grant_source::SourcedGrant;
use crate::member_table::MemberIndex;
use crate::policy::Policy;
use crate::relations::Relations;
use crate::scope::{Scope, Visibility};

/// A decision and how it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation<'p> {
    /// Who asked.
    pub member: MemberIndex,
    /// For what.
    pub cell: Cell,
    /// The record, or any.
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
    Requested(Cell),
    /// A cell is looked at because what may not be read may not be changed.
    ReadRequired(Cell),
    /// Something grants the cell.
    Granted(SourcedGrant<'p>),
    /// Nothing grants the cell.
    NotGranted(Cell),
    /// A way to reach the target was tried.
    Tried {
        /// The team that it comes through; none for the member's own grants.
        through: Option<&'p str>,
        /// The way.
        relation: Relations,
        /// Whether it reaches the target.
        admits: bool,
    },
}

/// Writes a decision down.
#[derive(Default)]
struct Trace {
    team_grants: Vec<GrantRow>,
}

impl Recorder for Trace {
    fn hear(&mut self, row: GrantRow) {
        self.team_grants.push(row);
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
        let mut minutes = Trace::default();
        let whose = self.whose(target);
        let row = self.member_table.rows.get(member.0);
        let allowed = row.is_some_and(|row| {
            self.evaluate(&self.lookup(cell, whose), (member, row), whose, &mut minutes)
        });
        let is_active = self.is_active(member);
        let mut steps = vec![Step::Status { is_active }];
        let mut would_need = Vec::new();
        let reading = self.compiled.catalog.bound(cell);
        let asked =
            [(Step::Requested(cell), cell, GrantRow::asked as fn(&GrantRow) -> Relations)];
        let bound = reading.map(|reading| {
            (
                Step::ReadRequired(reading),
                reading,
                GrantRow::reading as fn(&GrantRow) -> Relations,
            )
        });
        for (step, cell, relations) in asked.into_iter().chain(bound).filter(|_| is_active) {
            steps.push(step);
            let reached =
                self.record(member, cell, &minutes.team_grants, relations, &mut steps);
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
        team_grants: &[GrantRow],
        relations: fn(&GrantRow) -> Relations,
        steps: &mut Vec<Step<'p>>,
    ) -> bool {
        let before = steps.len();
        steps.extend(self.sources(member, cell).into_iter().map(Step::Granted));
        if steps.len() == before {
            steps.push(Step::NotGranted(cell));
        }
        let mut reached = false;
        for row in team_grants {
            let through = row.team.and_then(|team| self.team_grants.team_grant(team));
            for relation in relations(row).each() {
                let admits = row.related.has(relation);
                reached |= admits;
                let through = through.map(|row| row.id.as_str());
                steps.push(Step::Tried { through, relation, admits });
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
        let related = self.every_link(member, target);
        let reaches =
            |scope: &Scope| Relations::of((*scope).into(), Visibility::Own).has(related);
        self.scopes_of(cell).filter(reaches).map(|scope| (cell, scope)).collect()
    }

    /// Scopes that a grant on the cell can have here.
    fn scopes_of(&self, cell: Cell) -> impl Iterator<Item = Scope> {
        let scoped =
            self.compiled.catalog.resource(cell).is_some_and(|resource| resource.scoped);
        let layers = self.compiled.blueprint.layers();
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
