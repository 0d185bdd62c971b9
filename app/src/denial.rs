//! Denials: what the gate does not let a caller do, and what prevents it.

/// A denial of the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The resource, by key.
    pub resource: String,
    /// The action, by key.
    pub action: String,
    /// The names of the action and of the resource in the access model; the keys of what it does not have.
    pub names: (String, String),
    /// The reason, in a sentence about the member.
    pub because: String,
    /// The reason, as data.
    pub limit: DenialLimit,
}

/// What prevents it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DenialLimit {
    /// The access model covers it for no member.
    Uncovered,
    /// The member may do it, and the scopes of their API key do not include it.
    Scopes,
    /// The membership is not active.
    Inactive,
    /// The member is in no team with a profile that includes it.
    NoTeam,
    /// The visibility of the member does not reach it.
    Visibility,
    /// The level of the member does not include it.
    Level {
        /// The name of the level; none without one.
        name: Option<String>,
    },
    /// The role does not include it.
    Role {
        /// The name of the role.
        name: String,
    },
    /// The profile of a team does not include it.
    Profile {
        /// The name of the profile.
        name: String,
        /// The name of the team.
        team: String,
    },
    /// Something that only its sentence says.
    Other,
}

impl Denial {
    pub(crate) fn new(
        resource: &str,
        action: &str,
        because: String,
        limit: DenialLimit,
    ) -> Denial {
        let (resource, action) = (resource.to_owned(), action.to_owned());
        let names = (action.clone(), resource.clone());
        Denial { resource, action, names, because, limit }
    }

    pub(crate) fn by_scopes(resource: &str, action: &str, because: String) -> Denial {
        Denial::new(resource, action, because, DenialLimit::Scopes)
    }

    /// Whether the member may do it, and the scopes of their API key do not include it.
    #[must_use]
    pub fn is_by_scopes(&self) -> bool {
        self.limit == DenialLimit::Scopes
    }
}
