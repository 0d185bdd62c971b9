//! Which audit entries are listed, exported, or prepared as a file by a bulk job, which stores it.

use hallpass_domain::audit::Outcome;
use hallpass_domain::id::MemberId;
use hallpass_domain::time::Timestamp;
pub use hallpass_store::audit::AuditQuery;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Which entries are listed: those of a query in which a text is found.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// The query.
    pub query: AuditQuery,
    /// Each word of it is in the name of the actor, the action, the name of what the entry is about, or a value that
    /// the caller may read, without regard to case and accents.
    pub text: Option<String>,
}

impl From<AuditQuery> for AuditFilter {
    fn from(query: AuditQuery) -> AuditFilter {
        AuditFilter { query, text: None }
    }
}

/// A filter as JSON has it.
#[derive(Serialize, Deserialize)]
struct Parts {
    text: Option<String>,
    actor: Option<MemberId>,
    action: Option<String>,
    subject: Option<String>,
    outcome: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

impl AuditFilter {
    /// Whether an index of the log finds its entries and no others.
    pub(crate) const fn is_indexed(&self) -> bool {
        let AuditQuery { actor, action, subject, outcome, from, to } = &self.query;
        let is_single = actor.is_none() || action.is_none();
        let has_more = subject.is_some() || outcome.is_some() || from.is_some() || to.is_some();
        is_single && !has_more && self.text.is_none()
    }

    /// The filter as a job and the entry of an export have it.
    pub(crate) fn to_json(&self) -> Value {
        let AuditFilter { query, text } = self;
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        json!(Parts {
            text: text.clone(),
            actor: query.actor,
            action: query.action.clone(),
            subject: query.subject.clone(),
            outcome: query.outcome.map(|outcome| outcome.word().to_owned()),
            from: time(query.from),
            to: time(query.to),
        })
    }

    /// Reads what a job has; `None` where it has something else.
    pub(crate) fn parse(json: &Value) -> Option<AuditFilter> {
        let parts = Parts::deserialize(json).ok()?;
        let time = |text: Option<String>| text.map(|text| text.parse().ok());
        let query = AuditQuery {
            actor: parts.actor,
            action: parts.action,
            subject: parts.subject,
            outcome: match parts.outcome {
                Some(word) => Some(Outcome::parse(&word)?),
                None => None,
            },
            from: time(parts.from).map_or(Some(None), |time| time.map(Some))?,
            to: time(parts.to).map_or(Some(None), |time| time.map(Some))?,
        };
        Some(AuditFilter { query, text: parts.text })
    }
}

#[cfg(test)]
mod tests;
