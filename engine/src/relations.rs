//! What scopes compile to: one byte whose bits are the ways in which an owner can be reached.

use std::fmt;

use crate::scope::{Scope, Scopes, Visibility};

/// The ways in which a reach admits an owner; empty means denied.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Relations(u8);

impl Relations {
    /// Nobody's records.
    pub const NONE: Relations = Relations(0);
    /// The member's own records.
    pub const ME: Relations = Relations(2);
    /// Records of members whose manager is the member.
    pub const ASSIGNED: Relations = Relations(4);
    /// Records of members of a team: any of the member's, or the one that carries the profile.
    pub const TEAM: Relations = Relations(8);
    /// Records of the member's department and those below it.
    pub const DEPARTMENT: Relations = Relations(16);
    /// As `ASSIGNED`, within the department that the member's visibility allows.
    pub const ASSIGNED_IN_DEPARTMENT: Relations = Relations(32);
    /// As `TEAM`, within the department that the member's visibility allows.
    pub const TEAM_IN_DEPARTMENT: Relations = Relations(64);
    /// Records that nobody owns.
    pub const UNOWNED: Relations = Relations(128);
    /// Every record.
    pub const ALL: Relations = Relations(1);

    /// Every arm.
    pub const EVERY: Relations = Relations(u8::MAX);

    /// These arms if something holds, else none.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert_eq!(Relations::ME.when(false), Relations::NONE);
    /// ```
    #[must_use]
    #[inline]
    pub const fn when(self, holds: bool) -> Relations {
        Relations(self.0 * holds as u8)
    }

    /// Both together.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert!(Relations::ME.union(Relations::TEAM).has(Relations::TEAM));
    /// ```
    #[must_use]
    pub const fn union(self, other: Relations) -> Relations {
        Relations(self.0 | other.0)
    }

    /// What is in both.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert_eq!(Relations::ME.and(Relations::TEAM), Relations::NONE);
    /// ```
    #[must_use]
    pub const fn and(self, other: Relations) -> Relations {
        Relations(self.0 & other.0)
    }

    /// What is left without the given arms.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert_eq!(Relations::ME.union(Relations::TEAM).without(Relations::TEAM), Relations::ME);
    /// ```
    #[must_use]
    pub const fn without(self, gone: Relations) -> Relations {
        Relations(self.0 & !gone.0)
    }

    /// Whether any of the given arms is in it.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert!(Relations::EVERY.has(Relations::UNOWNED) && !Relations::NONE.has(Relations::ME));
    /// ```
    #[must_use]
    pub const fn has(self, any: Relations) -> bool {
        self.0 & any.0 != 0
    }

    /// Whether every one of the given arms is in it.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert!(!Relations::ME.has_every(Relations::ME.union(Relations::TEAM)));
    /// ```
    #[must_use]
    pub const fn has_every(self, every: Relations) -> bool {
        self.0 & every.0 == every.0
    }

    /// Whether nothing is reached.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert!(Relations::NONE.is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The single arms in it, in the order in which they are tried.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// assert_eq!(Relations::ME.union(Relations::TEAM).each().count(), 2);
    /// ```
    #[inline]
    pub fn each(self) -> impl Iterator<Item = Relations> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let relation = rest & rest.wrapping_neg();
            rest ^= relation;
            (relation != 0).then_some(Relations(relation))
        })
    }

    /// What scopes reach for a member with this visibility.
    ///
    /// ```
    /// use hallpass_engine::{Relations, Scope, Visibility};
    /// assert_eq!(Relations::of(Scope::Visible.into(), Visibility::All), Relations::ALL);
    /// ```
    #[must_use]
    pub fn of(scopes: Scopes, visibility: Visibility) -> Relations {
        scopes
            .iter()
            .fold(Relations::NONE, |relations, scope| relations.union(reach(scope, visibility)))
            .tidy()
    }

    /// What scopes reach when the visibility also bounds them.
    ///
    /// ```
    /// use hallpass_engine::{Relations, Scope, Visibility};
    /// assert_eq!(Relations::bounded(Scope::All.into(), Visibility::Own), Relations::ME);
    /// ```
    #[must_use]
    pub fn bounded(scopes: Scopes, visibility: Visibility) -> Relations {
        if visibility == Visibility::All {
            return Relations::of(scopes, visibility);
        }
        let bound = |scope| within(scope, visibility);
        scopes
            .iter()
            .fold(Relations::NONE, |relations, scope| relations.union(bound(scope)))
            .tidy()
    }

    /// All needs no other arm beside it.
    const fn tidy(self) -> Relations {
        if self.has(Relations::ALL) { Relations::ALL } else { self }
    }
}

/// The arms on a cell and on the reading that bounds it, side by side: one look-up for both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) asked: Relations,
    pub(crate) reading: Relations,
}

impl Pair {
    /// For each cell its arms with those of the cell that bounds it.
    pub(crate) fn row(relations: &[Relations], bounds: &[u16]) -> Vec<Pair> {
        let bound =
            |bound: &u16| relations.get(usize::from(*bound)).copied().unwrap_or_default();
        let pair = |(asked, at): (&Relations, &u16)| Pair { asked: *asked, reading: bound(at) };
        relations.iter().zip(bounds).map(pair).collect()
    }
}

fn reach(scope: Scope, visibility: Visibility) -> Relations {
    match scope {
        Scope::Own => Relations::ME,
        Scope::Assigned => Relations::ASSIGNED,
        Scope::Team => Relations::TEAM.union(Relations::ME),
        Scope::Department => Relations::DEPARTMENT.union(Relations::ME),
        Scope::Visible => reach(visibility.scope(), visibility),
        Scope::Unowned => Relations::UNOWNED,
        Scope::All => Relations::ALL,
    }
}

/// A scope within a visibility that is narrower than all.
fn within(scope: Scope, visibility: Visibility) -> Relations {
    let in_department = visibility == Visibility::Department;
    match scope {
        Scope::Own => Relations::ME,
        Scope::Assigned if in_department => Relations::ASSIGNED_IN_DEPARTMENT,
        Scope::Team if in_department => Relations::TEAM_IN_DEPARTMENT.union(Relations::ME),
        Scope::Assigned | Scope::Unowned => Relations::NONE,
        Scope::Team => Relations::ME,
        Scope::Department | Scope::Visible | Scope::All => {
            reach(visibility.scope(), visibility)
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
        for (index, relation) in self.each().enumerate() {
            if index > 0 {
                f.write_str(" + ")?;
            }
            f.write_str(relation.word())?;
        }
        Ok(())
    }
}

impl Relations {
    /// The word for a single arm.
    fn word(self) -> &'static str {
        match self {
            Relations::ALL => "all",
            Relations::ME => "own",
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
