//! Scopes: which records a grant covers, by their owners.

use std::fmt;

/// The records that a grant covers, by their owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Records that the member owns.
    Own,
    /// Records of the members who are assigned to the member.
    Assigned,
    /// Records of the members of the member's teams.
    Team,
    /// Records of the member's department and the departments below it.
    Department,
    /// The scope of the member's visibility: own, department or all.
    Visible,
    /// Records without an owner.
    Unowned,
    /// Every record.
    All,
}

impl Scope {
    /// Every scope, from narrow to wide.
    pub const EVERY: [Scope; 7] = [
        Scope::Own,
        Scope::Assigned,
        Scope::Team,
        Scope::Department,
        Scope::Visible,
        Scope::Unowned,
        Scope::All,
    ];

    /// The word in permission strings and blueprints.
    ///
    /// ```
    /// assert_eq!(hallpass_engine::Scope::Own.word(), "own");
    /// ```
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Scope::Own => "own",
            Scope::Assigned => "assigned",
            Scope::Team => "team",
            Scope::Department => "department",
            Scope::Visible => "visible",
            Scope::Unowned => "unowned",
            Scope::All => "all",
        }
    }

    /// Parses the word of a scope.
    ///
    /// ```
    /// use hallpass_engine::Scope;
    /// assert_eq!(Scope::parse("team"), Some(Scope::Team));
    /// assert_eq!(Scope::parse("Team"), None);
    /// ```
    #[must_use]
    pub fn parse(word: &str) -> Option<Scope> {
        Scope::EVERY.into_iter().find(|scope| scope.word() == word)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A set of scopes; the empty set grants nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

impl Scopes {
    /// The empty set.
    pub const NONE: Scopes = Scopes(0);

    const fn bit(scope: Scope) -> u8 {
        1 << scope as u8
    }

    /// Adds a scope.
    ///
    /// ```
    /// use hallpass_engine::{Scope, Scopes};
    /// let mut scopes = Scopes::NONE;
    /// scopes.insert(Scope::Own);
    /// assert!(!scopes.is_empty());
    /// ```
    pub fn insert(&mut self, scope: Scope) {
        self.0 |= Scopes::bit(scope);
    }

    /// The union of two sets.
    ///
    /// ```
    /// use hallpass_engine::{Scope, Scopes};
    /// let both = Scopes::from(Scope::Own).union(Scope::Assigned.into());
    /// assert_eq!(both.to_string(), "own + assigned");
    /// ```
    #[must_use]
    pub const fn union(self, other: Scopes) -> Scopes {
        Scopes(self.0 | other.0)
    }

    /// Whether a scope is in the set.
    ///
    /// ```
    /// use hallpass_engine::{Scope, Scopes};
    /// assert!(Scopes::from(Scope::Own).contains(Scope::Own));
    /// ```
    #[must_use]
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & Scopes::bit(scope) != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes in the set, from narrow to wide.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::EVERY.into_iter().filter(move |scope| self.contains(*scope))
    }
}

impl From<Scope> for Scopes {
    fn from(scope: Scope) -> Scopes {
        Scopes(Scopes::bit(scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Scopes {
        let mut set = Scopes::NONE;
        scopes.into_iter().for_each(|scope| set.insert(scope));
        set
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        if self.contains(Scope::All) {
            return f.write_str("all");
        }
        for (index, scope) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(" + ")?;
            }
            f.write_str(scope.word())?;
        }
        Ok(())
    }
}

/// How many records a member sees, where the role refers to it: a setting of the member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    /// Records that the member owns.
    #[default]
    Own,
    /// Records of the member's department and the departments below it.
    Department,
    /// Every record.
    All,
}

impl Visibility {
    /// Every level, from narrow to wide.
    pub const EVERY: [Visibility; 3] =
        [Visibility::Own, Visibility::Department, Visibility::All];

    /// The scope of this level.
    ///
    /// ```
    /// use hallpass_engine::{Scope, Visibility};
    /// assert_eq!(Visibility::Department.scope(), Scope::Department);
    /// ```
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Visibility::Own => Scope::Own,
            Visibility::Department => Scope::Department,
            Visibility::All => Scope::All,
        }
    }

    /// Parses the word of a level.
    #[must_use]
    pub fn parse(word: &str) -> Option<Visibility> {
        Visibility::EVERY.into_iter().find(|level| level.scope().word() == word)
    }
}

impl fmt::Display for Visibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scope().word())
    }
}

/// The record sharing of a team: a ceiling on the scopes of its profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sharing {
    /// Only the member's own records.
    Own,
    /// At most the records of the team's members.
    Team,
    /// No ceiling.
    #[default]
    All,
}

impl Sharing {
    /// Every ceiling, from narrow to wide.
    pub const EVERY: [Sharing; 3] = [Sharing::Own, Sharing::Team, Sharing::All];

    /// The scope of this ceiling.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Sharing::Own => Scope::Own,
            Sharing::Team => Scope::Team,
            Sharing::All => Scope::All,
        }
    }

    /// Parses the word of a ceiling.
    #[must_use]
    pub fn parse(word: &str) -> Option<Sharing> {
        Sharing::EVERY.into_iter().find(|sharing| sharing.scope().word() == word)
    }

    /// Limits a scope to this ceiling.
    ///
    /// ```
    /// use hallpass_engine::{Scope, Sharing};
    /// assert_eq!(Sharing::Own.cap(Scope::All), Scope::Own);
    /// assert_eq!(Sharing::All.cap(Scope::Team), Scope::Team);
    /// ```
    #[must_use]
    pub fn cap(self, scope: Scope) -> Scope {
        scope.min(self.scope())
    }
}

impl fmt::Display for Sharing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scope().word())
    }
}
