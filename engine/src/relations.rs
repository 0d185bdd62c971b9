//! Relations: how the owner of a record is related to a member, as a set of bits.
//!
//! Scopes compile to the relations that they admit, and a decision compares those with the relations
//! that hold.

use std::fmt;

use crate::scope::{Scope, Scopes, Visibility};

/// A set of relations between a member and the owner of a record. As a grant it is the set that the
/// grant admits; the empty set denies.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Relations(u8);

impl Relations {
    /// No relation.
    pub const NONE: Relations = Relations(0);
    /// Any owner, or none.
    pub const ALL: Relations = Relations(1);
    /// The owner is the member.
    pub const SELF: Relations = Relations(2);
    /// The owner is assigned to the member.
    pub const ASSIGNED: Relations = Relations(4);
    /// The owner is in a team of the member; for a grant of a profile, in the team that has it.
    pub const TEAM: Relations = Relations(8);
    /// The owner is in the member's department or one below it.
    pub const DEPARTMENT: Relations = Relations(16);
    /// Both `ASSIGNED` and `DEPARTMENT`.
    pub const ASSIGNED_IN_DEPARTMENT: Relations = Relations(32);
    /// Both `TEAM` and `DEPARTMENT`.
    pub const TEAM_IN_DEPARTMENT: Relations = Relations(64);
    /// The record has no owner.
    pub const UNOWNED: Relations = Relations(128);

    /// The relations that do not depend on the manager, the teams or the department of a member.
    pub(crate) const WHEREVER: Relations =
        Relations(Relations::ALL.0 | Relations::SELF.0 | Relations::UNOWNED.0);

    /// Every relation.
    pub const EVERY: Relations = Relations(u8::MAX);

    /// These relations if a condition holds, else none. It compiles to no branch.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert_eq!(Relations::SELF.when(false), Relations::NONE);
    /// ```
    #[must_use]
    #[inline]
    pub const fn when(self, holds: bool) -> Relations {
        Relations(self.0 * holds as u8)
    }

    /// The relations in either set.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert!(Relations::SELF.union(Relations::TEAM).intersects(Relations::TEAM));
    /// ```
    #[must_use]
    pub const fn union(self, other: Relations) -> Relations {
        Relations(self.0 | other.0)
    }

    /// The relations in both sets.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert_eq!(Relations::SELF.intersection(Relations::TEAM), Relations::NONE);
    /// ```
    #[must_use]
    pub const fn intersection(self, other: Relations) -> Relations {
        Relations(self.0 & other.0)
    }

    /// The relations in this set and not in the other.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// let both = Relations::SELF.union(Relations::TEAM);
    /// assert_eq!(both.difference(Relations::TEAM), Relations::SELF);
    /// ```
    #[must_use]
    pub const fn difference(self, other: Relations) -> Relations {
        Relations(self.0 & !other.0)
    }

    /// Whether the sets have a relation in common.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert!(Relations::EVERY.intersects(Relations::UNOWNED));
    /// assert!(!Relations::NONE.intersects(Relations::SELF));
    /// ```
    #[must_use]
    pub const fn intersects(self, other: Relations) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every relation of the other set is in this one.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert!(!Relations::SELF.contains(Relations::SELF.union(Relations::TEAM)));
    /// ```
    #[must_use]
    pub const fn contains(self, other: Relations) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the set is empty.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert!(Relations::NONE.is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The relations in the set one by one, each as a set of its own.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert_eq!(Relations::SELF.union(Relations::TEAM).iter().count(), 2);
    /// ```
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = Relations> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let relation = rest & rest.wrapping_neg();
            rest ^= relation;
            (relation != 0).then_some(Relations(relation))
        })
    }

    /// The relations that scopes admit for a member with a visibility.
    ///
    /// ```
    /// use hallpass_engine::{Relations, Scope, Visibility};
    /// assert_eq!(Relations::of(Scope::Visible.into(), Visibility::All), Relations::ALL);
    /// ```
    #[must_use]
    pub fn of(scopes: Scopes, visibility: Visibility) -> Relations {
        scopes
            .iter()
            .fold(Relations::NONE, |all, scope| all.union(admitted(scope, visibility)))
            .simplified()
    }

    /// The relations that scopes admit within the bounds of a visibility.
    ///
    /// ```
    /// use hallpass_engine::{Relations, Scope, Visibility};
    /// assert_eq!(Relations::bounded(Scope::All.into(), Visibility::Own), Relations::SELF);
    /// ```
    #[must_use]
    pub fn bounded(scopes: Scopes, visibility: Visibility) -> Relations {
        if visibility == Visibility::All {
            return Relations::of(scopes, visibility);
        }
        scopes
            .iter()
            .fold(Relations::NONE, |all, scope| all.union(admitted_within(scope, visibility)))
            .simplified()
    }

    /// `ALL` makes every other relation redundant.
    const fn simplified(self) -> Relations {
        if self.intersects(Relations::ALL) { Relations::ALL } else { self }
    }
}

/// The relations that grants admit for a cell, and for the read action that bounds it: side by side,
/// so that one lookup gets both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BoundRelations {
    pub(crate) action: Relations,
    /// Equal to `action` for a cell that is not bounded.
    pub(crate) read: Relations,
}

impl BoundRelations {
    /// Pairs the relations of each cell with those of the cell that bounds it.
    pub(crate) fn row(relations: &[Relations], bounds: &[u16]) -> Vec<BoundRelations> {
        let pair = |(action, bound): (&Relations, &u16)| BoundRelations {
            action: *action,
            read: relations.get(usize::from(*bound)).copied().unwrap_or_default(),
        };
        relations.iter().zip(bounds).map(pair).collect()
    }
}

fn admitted(scope: Scope, visibility: Visibility) -> Relations {
    match scope {
        Scope::Own => Relations::SELF,
        Scope::Assigned => Relations::ASSIGNED,
        Scope::Team => Relations::TEAM.union(Relations::SELF),
        Scope::Department => Relations::DEPARTMENT.union(Relations::SELF),
        Scope::Visible => admitted(visibility.scope(), visibility),
        Scope::Unowned => Relations::UNOWNED,
        Scope::All => Relations::ALL,
    }
}

/// What a scope admits within a visibility that is narrower than all.
fn admitted_within(scope: Scope, visibility: Visibility) -> Relations {
    let in_department = visibility == Visibility::Department;
    match scope {
        Scope::Own => Relations::SELF,
        Scope::Assigned if in_department => Relations::ASSIGNED_IN_DEPARTMENT,
        Scope::Team if in_department => Relations::TEAM_IN_DEPARTMENT.union(Relations::SELF),
        Scope::Assigned | Scope::Unowned => Relations::NONE,
        Scope::Team => Relations::SELF,
        Scope::Department | Scope::Visible | Scope::All => {
            admitted(visibility.scope(), visibility)
        }
    }
}

impl fmt::Debug for Relations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Relations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (index, relation) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(" + ")?;
            }
            f.write_str(relation.word())?;
        }
        Ok(())
    }
}

impl Relations {
    /// The word for a single relation.
    fn word(self) -> &'static str {
        match self {
            Relations::ALL => "all",
            Relations::SELF => "own",
            Relations::ASSIGNED => "assigned",
            Relations::TEAM => "team",
            Relations::DEPARTMENT => "department",
            Relations::ASSIGNED_IN_DEPARTMENT => "assigned in department",
            Relations::TEAM_IN_DEPARTMENT => "team in department",
            Relations::UNOWNED => "unowned",
            _ => "several",
        }
    }
}
