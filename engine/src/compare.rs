//! Two policies side by side: who gains and who loses which action, with its reach before and after.

use std::sync::Arc;

use crate::access::Reach;
use crate::catalog::Cell;
use crate::decide::Target;
use crate::filter::Filter;
use crate::member_table::MemberIndex;
use crate::policy::Policy;

/// An action whose reach differs for a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The member's id.
    pub member: String,
    /// The resource's key.
    pub resource: String,
    /// The action's key.
    pub action: String,
    /// How it is on one side.
    pub before: Side,
    /// How it is on the other.
    pub after: Side,
    /// Whether records are reached after that were not before.
    pub gains: bool,
    /// Whether records were reached before that are not after.
    pub loses: bool,
}

/// How an action reaches for a member in one of two policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// In words.
    pub reach: Reach,
    /// As a set of owners, in handles of that policy: with the number of records of each owner it
    /// says how many records are gained or lost.
    pub filter: Filter,
}

impl Policy {
    /// Whether one policy was made from the other by changes, so that handles mean the same.
    pub(crate) fn is_related(&self, other: &Policy) -> bool {
        Arc::ptr_eq(&self.lineage, &other.lineage)
    }

    /// What changes for whom from this policy to another: by member, then by resource and action
    /// in the order of the one that has them. Members and actions that only one side has are
    /// compared with nothing.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Change, Member, Policy, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let workspace = Workspace { members: vec![Member::new("anna", "member")], ..Workspace::default() };
    /// # let before = Policy::compile(&blueprint, &workspace)?;
    /// let after = before.apply(&[Change::PutMember(Member::new("anna", "manager"))])?;
    /// let gained = before.compare(&after);
    /// let delete = gained.iter().find(|one| one.resource == "deals" && one.action == "delete").unwrap();
    /// assert_eq!(delete.before.reach.to_string(), "none");
    /// assert_eq!(delete.after.reach.to_string(), "own + assigned");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn compare(&self, after: &Policy) -> Vec<Difference> {
        let left: Vec<&str> = self.members().map(|member| self.id(member)).collect();
        let joined = after.members().map(|member| after.id(member));
        let joined = joined.filter(|id| self.member(id).is_none());
        let cells = self.pairs(after);
        let everyone = left.iter().copied().chain(joined);
        everyone.flat_map(|id| self.compare_member(after, id, &cells)).collect()
    }

    /// As [`Policy::compare`], for some members and cells only; both are handles of `after`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Change, Member, Policy, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let workspace = Workspace { members: vec![Member::new("anna", "member")], ..Workspace::default() };
    /// # let before = Policy::compile(&blueprint, &workspace)?;
    /// let after = before.apply(&[Change::PutMember(Member::new("anna", "manager"))])?;
    /// let delete = after.cell("deals", "delete").unwrap();
    /// assert_eq!(before.compare_some(&after, after.members(), &[delete]).len(), 1);
    /// assert!(before.compare_some(&after, [], &[delete]).is_empty());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn compare_some(
        &self,
        after: &Policy,
        members: impl IntoIterator<Item = MemberIndex>,
        cells: &[Cell],
    ) -> Vec<Difference> {
        let named = |cell: &Cell| {
            let (resource, action) = after.keys(*cell);
            (self.cell(resource, action), Some(*cell))
        };
        let cells: Vec<_> = cells.iter().map(named).collect();
        let members = members.into_iter();
        members
            .flat_map(|member| self.compare_member(after, after.id(member), &cells))
            .collect()
    }

    /// The cells of both policies by name: those of this one, then those that only the other has.
    fn pairs(&self, after: &Policy) -> Vec<(Option<Cell>, Option<Cell>)> {
        let named = |policy: &Policy, other: &Policy, cell: Cell| {
            let (resource, action) = other.keys(cell);
            policy.cell(resource, action)
        };
        let mine = self.cells().map(|cell| (Some(cell), named(after, self, cell)));
        let theirs = after.cells().filter(|cell| named(self, after, *cell).is_none());
        mine.chain(theirs.map(|cell| (None, Some(cell)))).collect()
    }

    fn compare_member(
        &self,
        after: &Policy,
        id: &str,
        cells: &[(Option<Cell>, Option<Cell>)],
    ) -> Vec<Difference> {
        let (mine, theirs) = (self.member(id), after.member(id));
        let stays = mine.filter(|member| self.is_related(after) && Some(*member) == theirs);
        let stays = stays.filter(|member| self.relates_alike(after, *member));
        let mut found = Vec::new();
        for (before_cell, after_cell) in cells {
            let same = stays.is_some_and(|member| {
                self.grants_alike(after, member, *before_cell, *after_cell)
            });
            if same {
                continue;
            }
            let before = self.side(mine, *before_cell);
            let then = after.side(theirs, *after_cell);
            let gains = after.exceeds(&then.filter, self, &before.filter);
            let loses = self.exceeds(&before.filter, after, &then.filter);
            if gains || loses || before.reach.is_empty() != then.reach.is_empty() {
                let named = before_cell.map(|cell| self.keys(cell));
                let (resource, action) = named
                    .or_else(|| after_cell.map(|cell| after.keys(cell)))
                    .unwrap_or_default();
                found.push(Difference {
                    member: id.to_owned(),
                    resource: resource.to_owned(),
                    action: action.to_owned(),
                    before,
                    after: then,
                    gains,
                    loses,
                });
            }
        }
        found
    }

    fn side(&self, member: Option<MemberIndex>, cell: Option<Cell>) -> Side {
        match member.zip(cell) {
            Some((member, cell)) => {
                Side { reach: self.reach(member, cell), filter: self.filter(member, cell) }
            }
            None => Side { reach: Reach::default(), filter: Filter::Nothing },
        }
    }

    /// Whether a filter here admits records that a filter there does not. Without records to look
    /// at: all members of either side, unowned records and those of strangers.
    fn exceeds(&self, filter: &Filter, other: &Policy, bound: &Filter) -> bool {
        let there = |member: MemberIndex| {
            other.member(self.id(member)).map_or(Target::OwnedByNonMember, Target::OwnedBy)
        };
        match (filter, bound) {
            (Filter::Nothing, _) | (_, Filter::All) => false,
            (Filter::All, Filter::Nothing | Filter::Owners(_)) => true,
            (Filter::Owners(mine), Filter::Nothing) => mine.unowned || !mine.members.is_empty(),
            (Filter::Owners(mine), Filter::Owners(theirs)) => {
                (mine.unowned && !theirs.unowned)
                    || mine.members.iter().any(|member| !bound.admits(there(*member)))
            }
        }
    }

    /// Whether everybody whom a member can reach through relations is the same in both policies.
    fn relates_alike(&self, after: &Policy, member: MemberIndex) -> bool {
        let (mine, theirs) = (&self.member_table, &after.member_table);
        let (Some(row), Some(then)) = (mine.rows.get(member.0), theirs.rows.get(member.0))
        else {
            return false;
        };
        mine.links(row) == theirs.links(then)
            && mine.counts_indirect == theirs.counts_indirect
            && (!mine.counts_indirect || mine.reports.is_same(&theirs.reports))
            && mine.reports.get(member.0) == theirs.reports.get(member.0)
            && mine.tree.is_same(&theirs.tree)
            && mine
                .teams_of(row)
                .iter()
                .all(|team| mine.team_members.get(*team) == theirs.team_members.get(*team))
            && mine.tree.subtree(row.department).iter().all(|department| {
                mine.department_members.get(*department)
                    == theirs.department_members.get(*department)
            })
    }

    /// Whether the same is granted to a member on a cell, and on the reading that bounds it.
    fn grants_alike(
        &self,
        after: &Policy,
        member: MemberIndex,
        before_cell: Option<Cell>,
        after_cell: Option<Cell>,
    ) -> bool {
        let Some((before_cell, after_cell)) = before_cell.zip(after_cell) else { return false };
        self.standing(member, before_cell) == after.standing(member, after_cell)
    }
}
