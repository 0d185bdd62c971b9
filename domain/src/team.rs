//! A team: a group of members; it may carry one profile and a ceiling on what comes through it.

use hallpass_engine::{Change, Sharing};

use crate::id::{ProfileId, TeamId};
use crate::name::Name;

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// The id.
    pub id: TeamId,
    /// The name.
    pub name: Name,
    /// What it is for.
    pub description: String,
    /// The profile that governs it.
    pub profile: Option<ProfileId>,
    /// The ceiling on what comes through it.
    pub sharing: Sharing,
    /// Goes up with each change.
    pub version: i64,
}

impl Team {
    /// The change that makes it part of a model.
    #[must_use]
    pub fn put(&self) -> Change {
        Change::PutTeam(hallpass_engine::Team {
            id: self.id.to_string(),
            profile: self.profile.map(|id| id.to_string()),
            sharing: self.sharing,
        })
    }
}
