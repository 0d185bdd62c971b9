//! An entry of the audit log: who did or tried what, when, and how it was before and after.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::id::{AuditId, MemberId, is_id};
use crate::time::{Span, Timestamp};

pub mod undo;

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
    /// The request that did it; the first one of a denial that is repeated.
    pub request: String,
    /// How many times: more than once for a denial that is repeated.
    pub times: i64,
    /// When it was done or denied for the last time.
    pub last_at: Timestamp,
}

/// Within how long the same denial is counted in one entry.
pub const REPEATED_WITHIN: Span = Span::hours(1);

/// How many entries the denials of one actor make within [`REPEATED_WITHIN`]; further ones are counted
/// by action, whatever their subject.
pub const MOST_DENIED: i64 = 100;

/// What can be done apart from changes of settings and of records.
pub const ACTIONS: [&str; 82] = [
    "account.delete",
    "account.disable",
    "account.enable",
    "account.end_session",
    "account.end_sessions",
    "account.link",
    "account.reset_factors",
    "api_key.create",
    "api_key.end_former_secret",
    "api_key.revoke",
    "api_key.rotate",
    "api_key.update",
    "audit.export",
    "billing.cancel",
    "billing.card",
    "billing.customer",
    "billing.plan",
    "billing.release",
    "billing.subscription",
    "billing.transfer",
    "billing.update",
    "blueprint.replace",
    "bulk_job.cancel",
    "bulk_job.delete_file",
    "bulk_job.end",
    "connection.create",
    "connection.delete",
    "connection.update",
    "department.create",
    "department.delete",
    "department.update",
    "domain.add",
    "domain.prove",
    "domain.remove",
    "entity.create",
    "entity.delete",
    "entity.update",
    "identity.connect",
    "identity.disconnect",
    "invitation.accept",
    "invitation.create",
    "invitation.resend",
    "invitation.revoke",
    "invoice.create",
    "invoice.update",
    "member.create",
    "member.deactivate",
    "member.leave",
    "member.reactivate",
    "member.remove",
    "member.reset_factors",
    "member.update",
    "member.view",
    "member.view_end",
    "ownership.transfer",
    "profile.create",
    "profile.delete",
    "profile.update",
    "records.reassign",
    "report.create",
    "report.delete",
    "report.update",
    "role.create",
    "role.delete",
    "role.update",
    "role_assignments.export",
    "settings.switches",
    "team.create",
    "team.delete",
    "team.join",
    "team.quit",
    "team.update",
    "view.create",
    "view.delete",
    "view.update",
    "workspace.create",
    "workspace.delete",
    "workspace.export",
    "workspace.import",
    "workspace.remove_samples",
    "workspace.restore",
    "workspace.update",
];

/// What can be done to records apart from the actions of their type.
pub const RECORD_VERBS: [&str; 6] = ["create", "update", "delete", "export", "import", "share"];

/// The ids that a change touches beside its subject: those that it adds, removes or replaces. What the
/// actor makes for themselves is found under the actor.
#[must_use]
pub fn touched(
    subject: &str,
    actor: Option<MemberId>,
    before: &Value,
    after: &Value,
) -> Vec<String> {
    let mut touched = BTreeSet::new();
    let (was, is) = (fields(before), fields(after));
    let keys: BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
    for key in keys {
        let mut sides = [BTreeSet::new(), BTreeSet::new()];
        for (side, fields) in sides.iter_mut().zip([&was, &is]) {
            if let Some(value) = fields.get(key) {
                collect_ids(value, side);
            }
        }
        let [was, is] = sides;
        touched.extend(was.symmetric_difference(&is).map(|id| (*id).to_owned()));
    }
    touched.remove(subject);
    if before.is_null() || after.is_null() {
        touched.retain(|id| actor.is_none_or(|actor| *id != actor.to_string()));
    }
    touched.into_iter().collect()
}

/// The members whom a value names, anywhere in it.
#[must_use]
pub fn members_in(value: &Value) -> Vec<MemberId> {
    let mut ids = BTreeSet::new();
    collect_ids(value, &mut ids);
    ids.into_iter().filter_map(|id| id.parse().ok()).collect()
}

fn fields(value: &Value) -> BTreeMap<&str, &Value> {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.as_str(), value)).collect(),
        Value::Null => BTreeMap::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            BTreeMap::from([("", value)])
        }
    }
}

fn collect_ids<'v>(value: &'v Value, ids: &mut BTreeSet<&'v str>) {
    match value {
        Value::String(text) if is_id(text) => {
            ids.insert(text);
        }
        Value::Array(list) => list.iter().for_each(|one| collect_ids(one, ids)),
        Value::Object(map) => map.values().for_each(|one| collect_ids(one, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests;
