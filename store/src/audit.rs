//! The audit log: entries are inserted and read; only the number of a repeated denial changes.

use std::marker::PhantomData;

use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::{AuditId, MemberId};
use hallpass_domain::time::Timestamp;
use uuid::Uuid;

use crate::columns::Columns;
use crate::error::Error;
use crate::part::{Part, Room, one_more};
use crate::query::{Conditions, json, parameters};
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

/// How many subjects one statement inserts, where there are so many.
const CHUNK: usize = 100;

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
        "times",
        "last_at",
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
    /// Only those about this, whether it is the subject or was touched beside it.
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
        limit: usize,
    ) -> Result<Part<Entry>, Error> {
        let conditions = self.conditions(query, 4);
        let sql = format!(
            "{} WHERE workspace_id = ?1 AND id < ?2{} ORDER BY id DESC LIMIT ?3",
            COLUMNS.select(),
            conditions.text()
        );
        let below = below.unwrap_or(AuditId(Uuid::max()));
        let mut values = vec![below.into(), one_more(limit)];
        values.extend_from_slice(conditions.values());
        self.0.part(&sql, &values, limit, from_row).await
    }

    /// Counts the entries of a query, up to a number.
    pub async fn count_up_to(&mut self, query: &AuditQuery, most: i64) -> Result<i64, Error> {
        let conditions = self.conditions(query, 3);
        let sql = format!(
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM audit \
             WHERE workspace_id = ?1{} LIMIT ?2) AS found",
            conditions.text()
        );
        let mut values: Vec<Value> = vec![most.into()];
        values.extend_from_slice(conditions.values());
        self.0.query_one(&sql, &values).await?.int("n")
    }

    /// The conditions of a query, which bind parameters from a number on.
    fn conditions(&self, query: &AuditQuery, first: usize) -> Conditions {
        let mut conditions = Conditions::from(first);
        if let Some(actor) = query.actor {
            conditions.and("actor_id = ?", [actor.into()]);
        }
        if let Some(action) = &query.action {
            conditions.and("action = ?", [action.as_str().into()]);
        }
        if let Some(subject) = &query.subject {
            let (workspace, subject): (Value, Value) =
                (self.0.workspace().into(), subject.as_str().into());
            conditions.and(
                "id IN (SELECT a.id FROM audit a WHERE a.workspace_id = ? AND a.subject = ? \
                 UNION ALL SELECT s.audit_id FROM audit_subjects s \
                 WHERE s.workspace_id = ? AND s.subject = ?)",
                [workspace.clone(), subject.clone(), workspace, subject],
            );
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
        conditions
    }

    /// Lists the first entries of some actions that were done within a time.
    pub async fn list_done(
        &mut self,
        actions: &[String],
        (from, to): (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<Part<Entry>, Error> {
        let sql = format!(
            "{} WHERE workspace_id = ?1 AND at >= ?2 AND at < ?3 AND outcome = 'done' \
             AND action {} ORDER BY id LIMIT ?5",
            COLUMNS.select(),
            self.0.dialect().seek_texts("?4")
        );
        let values = [from.into(), to.into(), json(&actions), one_more(limit)];
        self.0.part(&sql, &values, limit, from_row).await
    }

    /// Finds an entry.
    pub async fn find(&mut self, id: AuditId) -> Result<Option<Entry>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND id = ?2", COLUMNS.select());
        self.0.query(&sql, &[id.into()]).await?.first().map(from_row).transpose()
    }

    /// Lists a page of what entries touch beside their subjects, in the order of subjects; with `after`, what
    /// follows it.
    pub async fn list_subjects(
        &mut self,
        after: Option<&(String, AuditId)>,
        limit: usize,
    ) -> Result<Part<(String, AuditId)>, Error> {
        let sql = "SELECT subject, audit_id FROM audit_subjects \
                   WHERE workspace_id = ?1 AND (subject, audit_id) > (?2, ?3) \
                   ORDER BY subject, audit_id LIMIT ?4";
        let (subject, id) = match after {
            Some((subject, id)) => (subject.as_str(), *id),
            None => ("", AuditId(Uuid::nil())),
        };
        let values = [subject.into(), id.into(), one_more(limit)];
        let subject =
            |row: &Row| Ok((row.text("subject")?.to_owned(), row.id("audit_id")?.into()));
        self.0.part(sql, &values, limit, subject).await
    }

    /// Lists what was done with some actions and led to a later revision, from an id on: the latest
    /// revision first, as many as there is room for. Returns whether there are more.
    pub async fn list_after_revision(
        &mut self,
        (revision, from): (i64, AuditId),
        actions: &[&str],
        (limit, bytes): (usize, usize),
    ) -> Result<Part<Entry>, Error> {
        let sql = format!(
            "{} WHERE workspace_id = ?1 AND id >= ?2 AND revision > ?3 AND outcome = 'done' \
             AND action IN ({}) ORDER BY revision DESC, id DESC LIMIT ?4",
            COLUMNS.select(),
            parameters(5, actions.len())
        );
        let mut values: Vec<Value> = vec![from.into(), revision.into(), one_more(limit)];
        values.extend(actions.iter().map(|action| Value::from(*action)));
        self.0.part_of(&sql, &values, (limit, Room::of(bytes)), from_row).await
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
            entry.times.into(),
            entry.last_at.into(),
        ];
        self.0.execute(COLUMNS.insert(), &values).await.map(drop)
    }

    /// Inserts what an entry touches beside its subject.
    pub async fn insert_subjects(
        &mut self,
        entry: AuditId,
        subjects: &[String],
    ) -> Result<(), Error> {
        // Chunks of two sizes only, since each size is a statement of its own.
        let full = subjects.chunks_exact(CHUNK);
        let rest = full.remainder().chunks(1);
        for chunk in full.chain(rest) {
            let rows: Vec<String> =
                (0..chunk.len()).map(|row| format!("(?1, ?{}, ?2)", row + 3)).collect();
            let sql = format!(
                "INSERT INTO audit_subjects (workspace_id, subject, audit_id) VALUES {} \
                 ON CONFLICT (workspace_id, subject, audit_id) DO NOTHING",
                rows.join(", ")
            );
            let mut values: Vec<Value> = vec![entry.into()];
            values.extend(chunk.iter().map(|subject| subject.as_str().into()));
            self.0.execute(&sql, &values).await?;
        }
        Ok(())
    }

    /// Inserts what several entries touch beside their subjects.
    pub async fn insert_all_subjects(
        &mut self,
        subjects: &[(String, AuditId)],
    ) -> Result<(), Error> {
        // Chunks of two sizes only, since each size is a statement of its own.
        let full = subjects.chunks_exact(CHUNK);
        let rest = full.remainder().chunks(1);
        for chunk in full.chain(rest) {
            let rows =
                (0..chunk.len()).map(|row| format!("(?1, ?{}, ?{})", 2 * row + 2, 2 * row + 3));
            let sql = format!(
                "INSERT INTO audit_subjects (workspace_id, subject, audit_id) VALUES {} \
                 ON CONFLICT (workspace_id, subject, audit_id) DO NOTHING",
                rows.collect::<Vec<_>>().join(", ")
            );
            let values = chunk.iter().flat_map(|(subject, entry)| {
                [Value::from(subject.as_str()), Value::from(*entry)]
            });
            self.0.execute(&sql, &values.collect::<Vec<_>>()).await?;
        }
        Ok(())
    }

    /// Counts a denial in the latest entry of the same one since a time. Returns whether there is one.
    pub async fn repeat_denial(
        &mut self,
        denial: &Entry,
        since: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "UPDATE audit SET times = times + 1, last_at = ?6 WHERE workspace_id = ?1 \
                   AND id = (SELECT id FROM audit WHERE workspace_id = ?1 \
                   AND outcome = 'denied' AND actor_id = ?2 AND at >= ?3 AND action = ?4 \
                   AND subject = ?5 ORDER BY at DESC, id DESC LIMIT 1)";
        let values = [
            denial.actor.into(),
            since.into(),
            denial.action.as_str().into(),
            denial.subject.as_str().into(),
            denial.at.into(),
        ];
        Ok(self.0.execute(sql, &values).await? > 0)
    }

    /// Counts the entries of the denials of a member since a time.
    pub async fn count_denied(
        &mut self,
        actor: MemberId,
        since: Timestamp,
    ) -> Result<i64, Error> {
        let sql = "SELECT count(*) AS n FROM audit WHERE workspace_id = ?1 \
                   AND outcome = 'denied' AND actor_id = ?2 AND at >= ?3";
        self.0.query_one(sql, &[actor.into(), since.into()]).await?.int("n")
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
        times: row.int("times")?,
        last_at: row.time("last_at")?,
    })
}
