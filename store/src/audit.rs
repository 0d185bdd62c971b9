//! The audit log: entries are inserted and read, never changed.

use std::marker::PhantomData;

use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::{AuditId, MemberId};
use hallpass_domain::time::Timestamp;
use uuid::Uuid;

use crate::columns::Columns;
use crate::error::Error;
use crate::query::{Conditions, json};
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "audit",
    &[
        "id",
        "at",
        "actor_id",
        "actor_name",
        "action",
        "outcome",
        "subject",
        "before_text",
        "after_text",
        "revision",
        "request",
    ],
);

/// The audit log of a workspace, in a transaction.
pub struct Audit<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The audit log.
    pub fn audit(&mut self) -> Audit<'_> {
        Audit(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The audit log.
    #[must_use]
    pub fn audit(self) -> Audit<'t, Read> {
        Audit(self.0, PhantomData)
    }
}

/// Which entries are listed.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Only those of this member.
    pub actor: Option<MemberId>,
    /// Only those of this action.
    pub action: Option<String>,
    /// Only those about this subject.
    pub subject: Option<String>,
    /// Only those with this outcome.
    pub outcome: Option<Outcome>,
    /// Only those from this time on.
    pub from: Option<Timestamp>,
    /// Only those before this time.
    pub to: Option<Timestamp>,
}

impl<A> Audit<'_, A> {
    /// Lists a page of entries, the latest first; with `below`, those with a lower id.
    pub async fn list(
        &mut self,
        query: &AuditQuery,
        below: Option<AuditId>,
        limit: i64,
    ) -> Result<Vec<Entry>, Error> {
        let mut conditions = Conditions::from(4);
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
            "{} WHERE workspace_id = ?1 AND id < ?2{} ORDER BY id DESC LIMIT ?3",
            COLUMNS.select(),
            conditions.text()
        );
        let mut values = vec![below.unwrap_or(AuditId(Uuid::max())).into(), limit.into()];
        values.extend_from_slice(conditions.values());
        self.0.query(&sql, &values).await?.iter().map(from_row).collect()
    }
}

impl Audit<'_> {
    /// Inserts an entry.
    pub async fn insert(&mut self, entry: &Entry) -> Result<(), Error> {
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
        self.0.execute(COLUMNS.insert(), &values).await.map(drop)
    }
}

fn from_row(row: &Row) -> Result<Entry, Error> {
    Ok(Entry {
        id: row.id("id")?.into(),
        at: row.time("at")?,
        actor: row.optional("actor_id", Row::id)?.map(Into::into),
        actor_name: row.text("actor_name")?.to_owned(),
        action: row.text("action")?.to_owned(),
        outcome: row.parsed("outcome", Outcome::parse)?,
        subject: row.text("subject")?.to_owned(),
        before: row.json("before_text")?,
        after: row.json("after_text")?,
        revision: row.int("revision")?,
        request: row.text("request")?.to_owned(),
    })
}
