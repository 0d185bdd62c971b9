//! Decides whether a member may do an action on a target.

use crate::catalog::Cell;
use crate::member_table::MemberIndex;
use crate::policy::Policy;

/// What a decision is about: a record by its owner, or no record in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// No record in particular: is the action granted with any scope? For resources without records,
    /// and for whether to show a control at all.
    Any,
    /// A record of a member; for `create`, the member who will own it.
    OwnedBy(MemberIndex),
    /// A record without an owner.
    Unowned,
    /// A record whose owner is not a member, or no longer.
    OwnedByNonMember,
}

impl Policy {
    /// Whether a member may do an action on a target. Denied unless a grant allows it; always denied
    /// to inactive members; changing a record also requires reading it.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, Member, Policy, Target, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
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
        let target = self.resolve_target(target);
        let row = self.member_table.rows.get(member.0);
        row.is_some_and(|row| {
            self.evaluate(&self.tables(cell, target), (member, row), target, &mut ())
        })
    }

    /// Like [`decide`](Policy::decide), by ids and keys; `None` when the member, the resource or the
    /// action is unknown.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::{Blueprint, Member, Owner, Policy, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
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

    /// Resolves an owner; an unknown id is that of a non-member.
    ///
    /// ```
    /// use hallpass_engine::{Member, Owner, Target};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let ben = policy.member("ben").unwrap();
    /// assert_eq!(policy.target(Owner::Member("ben")), Target::OwnedBy(ben));
    /// assert_eq!(policy.target(Owner::Member("who?")), Target::OwnedByNonMember);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn target(&self, owner: Owner<'_>) -> Target {
        match owner {
            Owner::Any => Target::Any,
            Owner::Unowned => Target::Unowned,
            Owner::Member(id) => {
                self.member(id).map_or(Target::OwnedByNonMember, Target::OwnedBy)
            }
        }
    }
}

/// The owner of a record, by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner<'a> {
    /// No record in particular.
    Any,
    /// No owner.
    Unowned,
    /// The member with this id; a non-member when the id is unknown.
    Member(&'a str),
}
