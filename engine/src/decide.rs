//! The question: may this member do this to what that one owns?

use crate::catalog::Cell;
use crate::member_table::MemberIndex;
use crate::policy::Policy;

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
    OwnedByNonMember,
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
        let whose = self.whose(target);
        let row = self.member_table.rows.get(member.0);
        row.is_some_and(|row| {
            self.evaluate(&self.lookup(cell, whose), (member, row), whose, &mut ())
        })
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
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(policy.target(Owner::Member("ben")), Target::OwnedBy(ben));
    /// assert_eq!(policy.target(Owner::Member("who?")), Target::OwnedByNonMember);
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn target(&self, owner: Owner<'_>) -> Target {
        match owner {
            Owner::Any => Target::Any,
            Owner::Nobody => Target::Unowned,
            Owner::Member(id) => {
                self.member(id).map_or(Target::OwnedByNonMember, Target::OwnedBy)
            }
        }
    }
}

/// The owner of a record, by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner<'a> {
    /// Not asked about a record.
    Any,
    /// Nobody owns it.
    Nobody,
    /// The member with this id; if there is none, somebody who is no member.
    Member(&'a str),
}
