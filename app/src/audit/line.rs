//! Audit entries as lines of a file.

use std::collections::BTreeMap;

use hallpass_domain::audit::Entry;
use hallpass_domain::csv;
use hallpass_domain::id::MemberId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::context::WorkspaceContext;

const COLUMNS: [&str; 13] = [
    "id",
    "at",
    "actor",
    "actor_name",
    "action",
    "outcome",
    "subject",
    "subject_name",
    "before",
    "after",
    "request",
    "times",
    "last_at",
];

/// What a file of entries is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuditFormat {
    /// CSV with a header line.
    Csv,
    /// JSON Lines: an entry on each line.
    Jsonl,
}

/// An audit entry as its readers see it.
#[derive(Clone, Debug, Serialize)]
pub struct ShownEntry {
    /// The id.
    pub id: String,
    /// When it happened.
    pub at: String,
    /// The member who acted.
    pub actor: Option<String>,
    /// The name of the actor at that time.
    pub actor_name: String,
    /// The action.
    pub action: String,
    /// Whether the action was carried out or denied.
    pub outcome: String,
    /// The id of what it was done to.
    pub subject: String,
    /// The values before.
    pub before: Value,
    /// The values after.
    pub after: Value,
    /// The names of the members that it names, by id, as far as they were looked up.
    pub names: BTreeMap<String, String>,
    /// The revision of the workspace after it.
    pub revision: i64,
    /// The id of the request that did it.
    pub request: String,
    /// How many times.
    pub times: i64,
    /// When it happened for the last time.
    pub last_at: String,
}

impl ShownEntry {
    /// An entry that the log has shown to the caller.
    #[must_use]
    pub fn of(ctx: &WorkspaceContext, entry: &Entry) -> ShownEntry {
        let named = json!([entry.subject, entry.before, entry.after]);
        ShownEntry {
            id: entry.id.to_string(),
            at: entry.at.to_string(),
            actor: entry.actor.map(|id| id.to_string()),
            actor_name: entry.actor_name.clone(),
            action: entry.action.clone(),
            outcome: entry.outcome.word().to_owned(),
            subject: entry.subject.clone(),
            before: entry.before.clone(),
            after: entry.after.clone(),
            names: ctx.known_names(&named),
            revision: entry.revision,
            request: entry.request.clone(),
            times: entry.times,
            last_at: entry.last_at.to_string(),
        }
    }
}

impl AuditFormat {
    /// The format of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<AuditFormat> {
        match word {
            "csv" => Some(AuditFormat::Csv),
            "jsonl" => Some(AuditFormat::Jsonl),
            _ => None,
        }
    }

    /// What a file begins with, where its CSV has a byte order mark or not.
    #[must_use]
    pub fn start(self, has_mark: bool) -> String {
        match self {
            AuditFormat::Csv => format!("{}{}", csv::start(has_mark), csv::line(COLUMNS)),
            AuditFormat::Jsonl => String::new(),
        }
    }

    /// The line of an entry that the log has shown to the caller.
    #[must_use]
    pub fn line(self, ctx: &WorkspaceContext, entry: &Entry) -> String {
        match self {
            AuditFormat::Csv => cells(ctx, entry),
            AuditFormat::Jsonl => {
                // An entry has no map whose keys are no texts, which alone would fail.
                let line = serde_json::to_string(&ShownEntry::of(ctx, entry));
                format!("{}\n", line.unwrap_or_default())
            }
        }
    }
}

fn cells(ctx: &WorkspaceContext, entry: &Entry) -> String {
    let subject = entry.subject.parse::<MemberId>().ok().and_then(|id| ctx.known_name(id));
    let json = |value: &Value| if value.is_null() { String::new() } else { value.to_string() };
    csv::line([
        entry.id.to_string().as_str(),
        &entry.at.to_string(),
        &entry.actor.map(|id| id.to_string()).unwrap_or_default(),
        &entry.actor_name,
        &entry.action,
        entry.outcome.word(),
        &entry.subject,
        subject.unwrap_or_default(),
        &json(&entry.before),
        &json(&entry.after),
        &entry.request,
        &entry.times.to_string(),
        &entry.last_at.to_string(),
    ])
}
