//! Compares two policies: which members gain or lose which actions, with the reach on each side.

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
    /// The reach before.
    pub before: Side,
    /// The reach after.
    pub after: Side,
    /// Whether the action covers records after that it did not cover before.
    pub gains: bool,
    /// Whether the action covered records before that it does not cover after.
    pub loses: bool,
}

/// The reach of an action for a member in one of the policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The reach.
    pub reach: Reach,
    /// The reach as a filter, with handles of that policy. Together with the number of records of
    /// each owner it tells how many records are gained or lost.
    pub filter: Filter,
}

impl Policy {
    /// Whether changes derive one policy from the other, so that their handles are compatible.
    pub(crate) fn is_related(&self, other: &Policy) -> bool {
        Arc::ptr_eq(&self.lineage, &other.lineage)
    }

    /// Lists the differences to another policy, by member, then by action in the order of the
    /// blueprint. A member or an action that one side lacks has no reach there.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, Change, Member, Policy, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
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
        let members: Vec<&str> = self.members().map(|member| self.id(member)).collect();
        let joined = after.members().map(|member| after.id(member));
        let joined = joined.filter(|id| self.member(id).is_none());
        let cells = self.matching_cells(after);
        let all = members.iter().copied().chain(joined);
        all.flat_map(|id| self.compare_member(after, id, &cells)).collect()
    }

    /// Like [`Policy::compare`], for some members and cells only. Both are handles of `after`.
    ///
    /// ```
    /// use hallpass_engine::{Change, Member};
    /// # let before = hallpass_engine::doc::policy()?;
    /// let after = before.apply(&[Change::PutMember(Member::new("ben", "manager"))])?;
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
        let matching = |cell: &Cell| {
            let (resource, action) = after.keys(*cell);
            (self.cell(resource, action), Some(*cell))
        };
        let cells: Vec<_> = cells.iter().map(matching).collect();
        let members = members.into_iter();
        members
            .flat_map(|member| self.compare_member(after, after.id(member), &cells))
            .collect()
    }

    /// Matches the cells of both policies by key: those of this one, then those only in the other.
    fn matching_cells(&self, after: &Policy) -> Vec<(Option<Cell>, Option<Cell>)> {
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
        let stays = stays.filter(|member| self.has_same_owners(after, *member));
        let mut found = Vec::new();
        for (before_cell, after_cell) in cells {
            let same = stays.is_some_and(|member| {
                self.has_same_grants(after, member, *before_cell, *after_cell)
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

    /// Whether a filter of this policy admits records that a filter of the other does not, if every
    /// member has records, and there are unowned records and records of non-members.
    fn exceeds(&self, filter: &Filter, other: &Policy, bound: &Filter) -> bool {
        let in_other = |member: MemberIndex| {
            other.member(self.id(member)).map_or(Target::OwnedByNonMember, Target::OwnedBy)
        };
        match (filter, bound) {
            (Filter::Nothing, _) | (_, Filter::All) => false,
            (Filter::All, Filter::Nothing | Filter::Owners(_)) => true,
            (Filter::Owners(mine), Filter::Nothing) => mine.unowned || !mine.members.is_empty(),
            (Filter::Owners(mine), Filter::Owners(theirs)) => {
                (mine.unowned && !theirs.unowned)
                    || mine.members.iter().any(|member| !bound.admits(in_other(*member)))
            }
        }
    }

    /// Whether a member is related to the same owners in both policies.
    fn has_same_owners(&self, after: &Policy, member: MemberIndex) -> bool {
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

    /// Whether a member has the same grants on a cell, and on the read cell that bounds it.
    fn has_same_grants(
        &self,
        after: &Policy,
        member: MemberIndex,
        before_cell: Option<Cell>,
        after_cell: Option<Cell>,
    ) -> bool {
        let Some((before_cell, after_cell)) = before_cell.zip(after_cell) else { return false };
        self.relations_by_row(member, before_cell) == after.relations_by_row(member, after_cell)
    }
}
