//! Explanations: a decision with its steps, and the grants that it lacks.

use crate::catalog::Cell;
use crate::decide::Target;
use crate::evaluate::{GrantRow, Recorder};
use crate::grant_source::SourcedGrant;
use crate::member_table::MemberIndex;
use crate::need::{Need, is_wider};
use crate::policy::Policy;
use crate::relations::{BoundRelations, Relations};
use crate::rule::{Deciding, Rule};

/// A decision with its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation<'p> {
    /// The member.
    pub member: MemberIndex,
    /// The action.
    pub cell: Cell,
    /// The record, or any.
    pub target: Target,
    /// The decision, as [`Policy::decide`] makes it.
    pub allowed: bool,
    /// The rule that decides it.
    pub rule: Rule<'p>,
    /// The steps, in order.
    pub steps: Vec<Step<'p>>,
    /// What would allow it, apart from a wider boundary: for each cell without a sufficient grant its needs, the scopes of grants from
    /// narrow to wide. One need for each cell is enough. Empty when it is allowed, and when the member
    /// is inactive.
    pub would_need: Vec<Need<'p>>,
}

impl<'p> Explanation<'p> {
    /// What would allow a denied decision: for each cell without a sufficient grant the needs of which one is enough, each with its
    /// narrowest scope. Empty when the decision is allowed.
    ///
    /// ```
    /// use hallpass_engine::Target;
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let anna = policy.member("anna").unwrap();
    /// let (ben, read) = (policy.member("ben").unwrap(), policy.cell("contacts", "read").unwrap());
    /// assert_eq!(policy.explain(ben, read, Target::OwnedBy(anna)).alternatives().len(), 1);
    /// assert!(policy.explain(ben, read, Target::OwnedBy(ben)).alternatives().is_empty());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn alternatives(&self) -> Vec<Vec<&Need<'p>>> {
        let mut cells: Vec<Cell> = self.would_need.iter().map(Need::cell).collect();
        cells.dedup();
        let of_cell = |cell: &Cell| {
            let needs = self.would_need.iter().filter(|need| need.cell() == *cell);
            let mut needs: Vec<&Need<'p>> = needs.collect();
            // The narrowest scope is enough.
            needs.dedup_by(|next, first| is_wider(first, next));
            needs
        };
        cells.iter().map(of_cell).collect()
    }
}

/// One step of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'p> {
    /// Whether the member may act at all.
    Status {
        /// Whether the member is active.
        is_active: bool,
    },
    /// Considers the requested action.
    Requested(Cell),
    /// Considers the read action, which a change requires too.
    ReadRequired(Cell),
    /// A grant on the action.
    Granted(SourcedGrant<'p>),
    /// There is no grant on the action.
    NotGranted(Cell),
    /// A relation that a grant admits, and whether it holds.
    Tried {
        /// The id of the team that the grant comes from; `None` for the member's own grants.
        through: Option<&'p str>,
        /// The relation.
        relation: Relations,
        /// Whether it holds between the member and the owner.
        admits: bool,
    },
    /// The boundary of the member does not cover the action.
    OutOfBounds(Cell),
}

/// Records the grants that a decision considers.
#[derive(Default)]
struct Trace {
    rows: Vec<GrantRow>,
}

impl Recorder for Trace {
    fn record(&mut self, row: GrantRow) {
        self.rows.push(row);
    }
}

impl Policy {
    /// Decides and explains: [`decide`](Policy::decide) with a record of its steps.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, Member, Need, Policy, Scope, Target, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// # let members = vec![Member::new("anna", "member"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// let update = policy.cell("contacts", "update").unwrap();
    /// let why = policy.explain(anna, update, Target::OwnedBy(ben));
    /// assert!(!why.allowed);
    /// let team = Need::Team { cell: update, scope: Scope::All };
    /// assert!(why.would_need.contains(&team));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn explain(&self, member: MemberIndex, cell: Cell, target: Target) -> Explanation<'_> {
        let mut trace = Trace::default();
        let resolved = self.resolve_target(target);
        let row = self.member_table.rows.get(member.0);
        let allowed = row.is_some_and(|row| {
            self.evaluate(&self.tables(cell, resolved), (member, row), resolved, &mut trace)
        });
        let is_active = self.is_active(member);
        let mut steps = vec![Step::Status { is_active }];
        let mut would_need = Vec::new();
        let inactive = Rule { cell, deciding: Deciding::Status, relation: Relations::NONE };
        let mut outside = None;
        let mut rule = if is_active { None } else { Some(inactive) };
        let of_action: fn(&BoundRelations) -> Relations = |admitted| admitted.action;
        let of_read: fn(&BoundRelations) -> Relations = |admitted| admitted.read;
        let read = self.compiled.catalog.bound(cell);
        let read = read.map(|read| (Step::ReadRequired(read), read, of_read));
        let considered = [(Step::Requested(cell), cell, of_action)].into_iter().chain(read);
        for (step, cell, relations) in considered.filter(|_| is_active) {
            steps.push(step);
            let matched = self.explain_cell(member, cell, &trace, relations, &mut steps);
            if matched.is_empty() {
                rule = rule.or_else(|| Some(self.limiting_rule(member, cell, target)));
                would_need.extend(self.needs(member, cell, target));
            } else if self.is_out_of_bounds(member, cell, (target, matched)) {
                let (deciding, relation) = (Deciding::Boundary, Relations::NONE);
                outside = outside.or(Some(Rule { cell, deciding, relation }));
                steps.push(Step::OutOfBounds(cell));
            }
        }
        // A boundary decides only what the member may do without it.
        let rule = rule.or(outside).or_else(|| self.allowing_rule(member, cell, target));
        let rule = rule.unwrap_or(inactive);
        Explanation { member, cell, target, allowed, rule, steps, would_need }
    }

    /// Adds the grants on a cell and the relations that they admit to the steps; returns those of the
    /// relations that hold.
    fn explain_cell<'p>(
        &'p self,
        member: MemberIndex,
        cell: Cell,
        trace: &Trace,
        relations: fn(&BoundRelations) -> Relations,
        steps: &mut Vec<Step<'p>>,
    ) -> Relations {
        let before = steps.len();
        steps.extend(self.sources(member, cell).into_iter().map(Step::Granted));
        if steps.len() == before {
            steps.push(Step::NotGranted(cell));
        }
        let mut matched = Relations::NONE;
        for row in &trace.rows {
            let team = row.team.and_then(|team| self.team_grants.team_grant(team));
            for relation in relations(&row.admitted).iter() {
                let admits = row.holding.contains(relation);
                matched = matched.union(relation.when(admits));
                let through = team.map(|team| team.id.as_str());
                steps.push(Step::Tried { through, relation, admits });
            }
        }
        matched
    }
}
