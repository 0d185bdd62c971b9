//! An API key: what a program brings so as to act for one member, in one workspace.

use crate::id::{ApiKeyId, MemberId};
use crate::time::Timestamp;

/// An API key. It has the rights that its member has when it is used, and never more than its creator
/// has at that time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The id.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// For whom it acts.
    pub member: MemberId,
    /// Who made it.
    pub made_by: MemberId,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it does not count any more.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub seen_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it has not expired.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| now < at)
    }
}
