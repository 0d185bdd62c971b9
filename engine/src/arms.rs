//! What scopes compile to: one byte whose bits are the ways in which an owner can be reached.

use std::fmt;

use crate::scope::{Scope, Scopes, Visibility};

/// The ways in which a reach admits an owner; empty means denied.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Arms(u8);

impl Arms {
    /// Nobody's records.
    pub const NONE: Arms = Arms(0);
    /// The member's own records.
    pub const ME: Arms = Arms(2);
    /// Records of members whose manager is the member.
    pub const ASSIGNED: Arms = Arms(4);
    /// Records of members of a team: any of the member's, or the one that carries the profile.
    pub const TEAM: Arms = Arms(8);
    /// Records of the member's department and those below it.
    pub const DEPARTMENT: Arms = Arms(16);
    /// As `ASSIGNED`, within the department that the member's visibility allows.
    pub const ASSIGNED_IN_DEPARTMENT: Arms = Arms(32);
    /// As `TEAM`, within the department that the member's visibility allows.
    pub const TEAM_IN_DEPARTMENT: Arms = Arms(64);
    /// Records that nobody owns.
    pub const UNOWNED: Arms = Arms(128);
    /// Every record.
    pub const ALL: Arms = Arms(1);

    /// Every arm.
    pub const EVERY: Arms = Arms(u8::MAX);

    /// These arms if something holds, else none.
    ///
    /// ```
    /// use hallpass_engine::Arms;
    /// assert_eq!(Arms::ME.when(false), Arms::NONE);
    /// ```
    #[must_use]
    #[inline]
    pub const fn when(self, holds: bool) -> Arms {
        Arms(self.0 * holds as u8)
    }

    /// Both together.
    ///
    /// ```
    /// use hallpass_engine::Arms;
    /// assert!(Arms::ME.union(Arms::TEAM).has(Arms::TEAM));
    /// ```
    #[must_use]
    pub const fn union(self, other: Arms) -> Arms {
        Arms(self.0 | other.0)
    }

    /// What is in both.
    ///
    /// ```
    /// use hallpass_engine::Arms;
    /// assert_eq!(Arms::ME.and(Arms::TEAM), Arms::NONE);
    /// ```
    #[must_use]
    pub const fn and(self, other: Arms) -> Arms {
        Arms(self.0 & other.0)
    }

    /// What is left without the given arms.
    ///
    /// ```
    /// use hallpass_engine::Arms;
    /// assert_eq!(Arms::ME.union(Arms::TEAM).without(Arms::TEAM), Arms::ME);
    /// ```
    #[must_use]
    pub const fn without(self, gone: Arms) -> Arms {
        Arms(self.0 & !gone.0)
    }

    /// Whether any of the given arms is in it.
    ///
    /// ```
    /// use hallpass_engine::Arms;
    /// assert!(Arms::EVERY.has(Arms::UNOWNED) && !Arms::NONE.has(Arms::ME));
    /// ```
    #[must_use]
    pub const fn has(self, any: Arms) -> bool {
        self.0 & any.0 != 0
    }

    /// Whether every one of the given arms is in it.
    ///
    /// ```
    /// use hallpass_engine::Arms;
    /// assert!(!Arms::ME.has_every(Arms::ME.union(Arms::TEAM)));
    /// ```
    #[must_use]
    pub const fn has_every(self, every: Arms) -> bool {
        self.0 & every.0 == every.0
    }

    /// Whether nothing is reached.
    ///
    /// ```
    /// use hallpass_engine::Arms;
    /// assert!(Arms::NONE.is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The single arms in it, in the order in which they are tried.
    ///
    /// ```
    /// use hallpass_engine::Arms;
    /// assert_eq!(Arms::ME.union(Arms::TEAM).each().count(), 2);
    /// ```
    #[inline]
    pub fn each(self) -> impl Iterator<Item = Arms> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let arm = rest & rest.wrapping_neg();
            rest ^= arm;
            (arm != 0).then_some(Arms(arm))
        })
    }

    /// What scopes reach for a member with this visibility.
    ///
    /// ```
    /// use hallpass_engine::{Arms, Scope, Visibility};
    /// assert_eq!(Arms::of(Scope::Visible.into(), Visibility::All), Arms::ALL);
    /// ```
    #[must_use]
    pub fn of(scopes: Scopes, visibility: Visibility) -> Arms {
        scopes
            .iter()
            .fold(Arms::NONE, |arms, scope| arms.union(reach(scope, visibility)))
            .tidy()
    }

    /// What scopes reach when the visibility also bounds them.
    ///
    /// ```
    /// use hallpass_engine::{Arms, Scope, Visibility};
    /// assert_eq!(Arms::bounded(Scope::All.into(), Visibility::Own), Arms::ME);
    /// ```
    #[must_use]
    pub fn bounded(scopes: Scopes, visibility: Visibility) -> Arms {
        if visibility == Visibility::All {
            return Arms::of(scopes, visibility);
        }
        let bound = |scope| within(scope, visibility);
        scopes.iter().fold(Arms::NONE, |arms, scope| arms.union(bound(scope))).tidy()
    }

    /// All needs no other arm beside it.
    const fn tidy(self) -> Arms {
        if self.has(Arms::ALL) { Arms::ALL } else { self }
    }
}

/// The arms on a cell and on the reading that bounds it, side by side: one look-up for both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) asked: Arms,
    pub(crate) reading: Arms,
}

impl Pair {
    /// For each cell its arms with those of the cell that bounds it.
    pub(crate) fn row(arms: &[Arms], bounds: &[u16]) -> Vec<Pair> {
        let bound = |bound: &u16| arms.get(usize::from(*bound)).copied().unwrap_or_default();
        let pair = |(asked, at): (&Arms, &u16)| Pair { asked: *asked, reading: bound(at) };
        arms.iter().zip(bounds).map(pair).collect()
    }
}

fn reach(scope: Scope, visibility: Visibility) -> Arms {
    match scope {
        Scope::Own => Arms::ME,
        Scope::Assigned => Arms::ASSIGNED,
        Scope::Team => Arms::TEAM.union(Arms::ME),
        Scope::Department => Arms::DEPARTMENT.union(Arms::ME),
        Scope::Visible => reach(visibility.scope(), visibility),
        Scope::Unowned => Arms::UNOWNED,
        Scope::All => Arms::ALL,
    }
}

/// A scope within a visibility that is narrower than all.
fn within(scope: Scope, visibility: Visibility) -> Arms {
    let in_department = visibility == Visibility::Department;
    match scope {
        Scope::Own => Arms::ME,
        Scope::Assigned if in_department => Arms::ASSIGNED_IN_DEPARTMENT,
        Scope::Team if in_department => Arms::TEAM_IN_DEPARTMENT.union(Arms::ME),
        Scope::Assigned | Scope::Unowned => Arms::NONE,
        Scope::Team => Arms::ME,
        Scope::Department | Scope::Visible | Scope::All => {
            reach(visibility.scope(), visibility)
        }
    }
}

impl fmt::Debug for Arms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Arms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (index, arm) in self.each().enumerate() {
            if index > 0 {
                f.write_str(" + ")?;
            }
            f.write_str(arm.word())?;
        }
        Ok(())
    }
}

impl Arms {
    /// The word for a single arm.
    fn word(self) -> &'static str {
        match self {
            Arms::ALL => "all",
            Arms::ME => "own",
            Arms::ASSIGNED => "assigned",
            Arms::TEAM => "team",
            Arms::DEPARTMENT => "department",
            Arms::ASSIGNED_IN_DEPARTMENT => "assigned in department",
            Arms::TEAM_IN_DEPARTMENT => "team in department",
            Arms::UNOWNED => "unowned",
            _ => "several",
        }
    }
}
