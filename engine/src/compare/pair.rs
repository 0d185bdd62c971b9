//! Compares two members of one policy: what the other reaches in their place, and what their own grants
//! cover.

use super::{Difference, Side};
use crate::boundary::Limit;
use crate::catalog::Cell;
use crate::decide::Target;
use crate::filter::Filter;
use crate::member_table::MemberIndex;
use crate::policy::Policy;
use crate::relations::{BoundRelations, Relations};

impl Policy {
    /// Lists what another member reaches that a member does not, and the reverse, by action in the order
    /// of the blueprint. Each counts as the other's counterpart: that both reach their own records is no
    /// difference. The differences have the id of the other.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// let found = policy.compare_members(ben, anna);
    /// assert!(found.iter().all(|one| one.gains && one.member == "anna"));
    /// assert!(policy.compare_members(anna, anna).is_empty());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn compare_members(&self, member: MemberIndex, other: MemberIndex) -> Vec<Difference> {
        let swapped = |owner: MemberIndex| match owner {
            owner if owner == member => other,
            owner if owner == other => member,
            owner => owner,
        };
        let exceeds = |filter: &Filter, bound: &Filter| match (filter, bound) {
            (Filter::Nothing, _) | (_, Filter::All) => false,
            (Filter::All, Filter::Nothing | Filter::Owners(_)) => true,
            (Filter::Owners(_), Filter::Nothing) => filter.has_owners(),
            (Filter::Owners(mine), Filter::Owners(theirs)) => {
                let is_beyond =
                    |owner: &MemberIndex| !bound.admits(Target::OwnedBy(swapped(*owner)));
                (mine.unowned && !theirs.unowned) || mine.members.iter().any(is_beyond)
            }
        };
        self.compare_pair((member, other), |_, before, after| {
            (exceeds(&after.filter, &before.filter), exceeds(&before.filter, &after.filter))
        })
    }

    /// Lists what the own grants of another member (role, levels, flag and visibility) cover that those
    /// of a member do not, and the reverse, with any owner. The
    /// differences have the id of the other.
    ///
    /// ```
    /// use hallpass_engine::{Member, Policy, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// let members = vec![Member::new("anna", "manager"), Member::new("ben", "member")];
    /// let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// let found = policy.compare_own_grants(ben, anna);
    /// let update = found.iter().find(|one| one.resource == "deals" && one.action == "update").unwrap();
    /// // A manager can update more, although no member is assigned to Anna.
    /// assert!(update.gains && !update.loses);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn compare_own_grants(
        &self,
        member: MemberIndex,
        other: MemberIndex,
    ) -> Vec<Difference> {
        self.compare_pair((member, other), |cell, _, _| {
            let (mine, theirs) = (self.own_grants(member, cell), self.own_grants(other, cell));
            let exceeds = |one: BoundRelations, bound: BoundRelations| {
                owners().any(|holding| covers(one, holding) && !covers(bound, holding))
            };
            (exceeds(theirs, mine), exceeds(mine, theirs))
        })
    }

    /// The cells that two members reach differently, by a function that says whether the other gains and
    /// loses.
    fn compare_pair(
        &self,
        (member, other): (MemberIndex, MemberIndex),
        differs: impl Fn(Cell, &Side, &Side) -> (bool, bool),
    ) -> Vec<Difference> {
        let compared = self.cells().filter_map(|cell| {
            let before = self.side(Some(member), Some(cell));
            let after = self.side(Some(other), Some(cell));
            let (gains, loses) = differs(cell, &before, &after);
            let (resource, action) = self.keys(cell);
            (gains || loses || before.reach.is_empty() != after.reach.is_empty()).then(|| {
                Difference {
                    member: self.id(other).to_owned(),
                    resource: resource.to_owned(),
                    action: action.to_owned(),
                    before,
                    after,
                    gains,
                    loses,
                }
            })
        });
        compared.collect()
    }

    fn own_grants(&self, member: MemberIndex, cell: Cell) -> BoundRelations {
        let row = self.member_table.rows.get(member.0).filter(|row| row.is_active());
        let own = row.map(|row| self.classes.rows.get(row.class, cell.0)).unwrap_or_default();
        let (action, read) = self.limits(member, cell).unwrap_or((Limit::All, Limit::All));
        BoundRelations { action: action.cap(own.action), read: read.cap(own.read) }
    }
}

/// Every set of relations that can hold between a member and an owner.
fn owners() -> impl Iterator<Item = Relations> {
    let related = (0..8_u8).map(|bits| {
        let (team, assigned, department) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
        Relations::ALL
            .union(Relations::TEAM.when(team))
            .union(Relations::ASSIGNED.when(assigned))
            .union(Relations::DEPARTMENT.when(department))
            .union(Relations::TEAM_IN_DEPARTMENT.when(team & department))
            .union(Relations::ASSIGNED_IN_DEPARTMENT.when(assigned & department))
    });
    let itself = Relations::ALL.union(Relations::SELF);
    related.chain([itself, Relations::ALL.union(Relations::UNOWNED)])
}

/// Whether grants admit an owner, for the action and for the reading that bounds it.
fn covers(grants: BoundRelations, holding: Relations) -> bool {
    grants.action.intersects(holding) && grants.read.intersects(holding)
}
