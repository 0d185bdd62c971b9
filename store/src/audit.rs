//! The audit log as it is kept: entries are added and read, never changed.

use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::{AuditId, MemberId};
use hallpass_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::Error;
use crate::query::{Conditions, json};
use crate::tx::WorkspaceTx;
use crate::value::Row;

const COLUMNS: &str = "id, at, actor_id, actor_name, action, outcome, subject, before_text, \
                       after_text, revision, request";

/// The audit log of a workspace, in a transaction.
pub struct Audit<'t>(&'t mut WorkspaceTx);

impl WorkspaceTx {
    /// The audit log.
    pub fn audit(&mut self) -> Audit<'_> {
        Audit(self)
    }
}

/// Which entries are asked for.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// By whom.
    pub actor: Option<MemberId>,
    /// What was done.
    pub action: Option<String>,
    /// To what.
    pub subject: Option<String>,
    /// Done or denied.
    pub outcome: Option<Outcome>,
    /// From this time on.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}

impl Audit<'_> {
    /// Adds an entry.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], here and below.
    pub async fn insert(&mut self, entry: &Entry) -> Result<(), Error> {
        let sql = "INSERT INTO audit (workspace_id, id, at, actor_id, actor_name, action, outcome, \
                   subject, before_text, after_text, revision, request) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let values = [
            entry.id.into(),
            entry.at.into(),
            entry.actor.into(),
            entry.actor_name.as_str().into(),
            entry.action.as_str().into(),
            entry.outcome.word().into(),
            entry.subject.as_str().into(),
            json(&entry.before),
            json(&entry.after),
            entry.revision.into(),
            entry.request.as_str().into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// A page of entries, the latest first; below an id where one is named.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list(
        &mut self,
        query: &AuditQuery,
        below: Option<AuditId>,
        limit: i64,
    ) -> Result<Vec<Entry>, Error> {
        let mut conditions = Conditions::from(3);
        if let Some(actor) = query.actor {
            conditions.and("actor_id = ?", [actor.into()]);
        }
        if let Some(action) = &query.action {
            conditions.and("action = ?", [action.as_str().into()]);
        }
        if let Some(subject) = &query.subject {
            conditions.and("subject = ?", [subject.as_str().into()]);
        }
        if let Some(outcome) = query.outcome {
            conditions.and("outcome = ?", [outcome.word().into()]);
        }
        if let Some(from) = query.from {
            conditions.and("at >= ?", [from.into()]);
        }
        if let Some(to) = query.to {
            conditions.and("at < ?", [to.into()]);
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM audit WHERE workspace_id = ?1 AND id < ?2{} \
             ORDER BY id DESC LIMIT {limit}",
            conditions.text()
        );
        let mut values = vec![below.unwrap_or(AuditId(Uuid::max())).into()];
        values.extend_from_slice(conditions.values());
        self.0.query(&sql, &values).await?.iter().map(from_row).collect()
    }
}

fn from_row(row: &Row) -> Result<Entry, Error> {
    Ok(Entry {
        id: row.id(0)?.into(),
        at: row.time(1)?,
        actor: row.optional(2, Row::id)?.map(Into::into),
        actor_name: row.text(3)?.to_owned(),
        action: row.text(4)?.to_owned(),
        outcome: row.parsed(5, Outcome::parse)?,
        subject: row.text(6)?.to_owned(),
        before: row.json(7)?,
        after: row.json(8)?,
        revision: row.int(9)?,
        request: row.text(10)?.to_owned(),
    })
}
