//! An entry of the audit log: who did or tried what, when, and how it was before and after.

use serde_json::Value;

use crate::id::{AuditId, MemberId};
use crate::time::Timestamp;

/// Whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// The gate said no.
    Denied,
}

impl Outcome {
    /// The word in the API and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Denied => "denied",
        }
    }

    /// The outcome of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Outcome> {
        [Outcome::Done, Outcome::Denied].into_iter().find(|outcome| outcome.word() == word)
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The id; later entries have higher ones.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// The member who acted; none for the operator and for jobs.
    pub actor: Option<MemberId>,
    /// Their name as it was then.
    pub actor_name: String,
    /// What was done: `member.update`, `role.delete`, …; for a denial `resource:action`.
    pub action: String,
    /// Whether it was done.
    pub outcome: Outcome,
    /// The id of what it was done to.
    pub subject: String,
    /// How it was before; null when it was not.
    pub before: Value,
    /// How it is after; null when it is not any more.
    pub after: Value,
    /// The revision of the workspace after it.
    pub revision: i64,
    /// The request that did it.
    pub request: String,
}
