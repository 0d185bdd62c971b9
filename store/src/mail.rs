//! The queue of mails: written in the transaction that causes them, sent afterwards.
//!
//! **Invariant:** a queued mail is leased to one sender at a time, however many nodes there are. Its
//! content, which may hold the secret of a link, is deleted once the mail is sent or has failed.

pub mod queue;

use std::collections::BTreeMap;
use std::marker::PhantomData;

use hallpass_domain::email::Email;
use hallpass_domain::id::{MailId, WorkspaceId};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::query::{json, parameters};
use crate::reader::{Read, Reader, Write};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;

/// How many characters of a mail server's error are stored.
const MAX_ERROR: usize = 500;

/// How many subjects one statement names.
const CHUNK: usize = 100;

/// A mail that is put into the queue.
#[derive(Clone, Debug)]
pub struct QueuedMail {
    /// Its id.
    pub id: MailId,
    /// The workspace that it is about, if any.
    pub workspace: Option<WorkspaceId>,
    /// The id of what it is about, as text: an invitation, an invoice.
    pub about: Option<String>,
    /// The address that it is sent to.
    pub recipient: Email,
    /// Its content.
    pub mail_template: MailTemplate,
    /// When it was created; it is due at once.
    pub created_at: Timestamp,
}

/// A mail that is leased to a sender.
#[derive(Debug)]
pub struct LeasedMail {
    /// Its id.
    pub id: MailId,
    /// How often it was leased, including this time.
    pub attempts: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// The workspace that it is about, if any.
    pub workspace: Option<WorkspaceId>,
    /// Recipient and content; a newer version may have written what this one cannot read.
    pub content: Result<(Email, MailTemplate), Error>,
}

/// The state of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// It waits to be sent, or to be sent again.
    Queued,
    /// A mail server accepted it.
    Sent,
    /// It will not be sent.
    Failed,
}

impl MailState {
    const fn word(self) -> &'static str {
        match self {
            MailState::Queued => "queued",
            MailState::Sent => "sent",
            MailState::Failed => "failed",
        }
    }

    fn parse(word: &str) -> Option<MailState> {
        let states = [MailState::Queued, MailState::Sent, MailState::Failed];
        states.into_iter().find(|state| state.word() == word)
    }
}

/// The delivery of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The state of the mail.
    pub state: MailState,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

/// The mails, in a transaction.
pub struct Mails<'t, A = Write> {
    tx: &'t mut Tx,
    access: PhantomData<A>,
}

impl Tx {
    /// The mails.
    pub fn mails(&mut self) -> Mails<'_> {
        Mails { tx: self, access: PhantomData }
    }
}

impl<'t> Reader<'t> {
    /// The mails.
    #[must_use]
    pub fn mails(self) -> Mails<'t, Read> {
        Mails { tx: self.0, access: PhantomData }
    }
}

impl<A> Mails<'_, A> {
    /// Finds the delivery of the newest mail about each of some subjects of a workspace. A subject
    /// without a mail is left out.
    pub async fn find_deliveries(
        &mut self,
        workspace: WorkspaceId,
        about: &[&str],
    ) -> Result<BTreeMap<String, Delivery>, Error> {
        let mut deliveries = BTreeMap::new();
        for chunk in about.chunks(CHUNK) {
            let sql = format!(
                "SELECT id, about, state, last_error FROM mails \
                 WHERE workspace_id = ?1 AND about IN ({}) ORDER BY about, id",
                parameters(2, chunk.len())
            );
            let mut values = vec![workspace.into()];
            values.extend(chunk.iter().map(|about| Value::from(*about)));
            for row in &self.tx.query(&sql, &values).await? {
                deliveries.insert(row.text("about")?.to_owned(), Delivery::from_row(row)?);
            }
        }
        Ok(deliveries)
    }

    /// Counts the mails about a workspace that were queued after a time.
    pub async fn count_since(
        &mut self,
        workspace: WorkspaceId,
        time: Timestamp,
    ) -> Result<i64, Error> {
        let sql = "SELECT COUNT(*) AS n FROM mails WHERE workspace_id = ?1 AND created_at > ?2";
        self.tx.query_one(sql, &[workspace.into(), time.into()]).await?.int("n")
    }
}

impl Mails<'_> {
    /// Puts a mail into the queue. It is sent after the transaction is committed.
    pub async fn enqueue(&mut self, mail: &QueuedMail) -> Result<(), Error> {
        let values = [
            mail.id.into(),
            mail.workspace.into(),
            mail.about.clone().into(),
            mail.recipient.as_str().into(),
            json(&mail.mail_template),
            MailState::Queued.word().into(),
            mail.created_at.into(),
            mail.mail_template.kind().into(),
        ];
        let sql = "INSERT INTO mails (id, workspace_id, about, recipient, letter, state, attempts, \
                   next_at, created_at, kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7, ?8)";
        self.tx.execute(sql, &values).await.map(drop)
    }

    /// Deletes a mail that the same transaction has put into the queue.
    pub async fn withdraw(&mut self, id: MailId) -> Result<(), Error> {
        self.tx.execute("DELETE FROM mails WHERE id = ?1", &[id.into()]).await.map(drop)
    }

    /// Leases mails that are due, in turns: the first of each workspace, then the second of each, so
    /// that a workspace with many mails does not delay the others. Mails of no workspace take turns by
    /// recipient. No other sender gets them until the lease ends; then those that are not marked as
    /// sent or failed are due again.
    pub async fn lease_due(
        &mut self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: i64,
    ) -> Result<Vec<LeasedMail>, Error> {
        let sql = "SELECT id FROM (SELECT id, next_at, ROW_NUMBER() OVER (\
                   PARTITION BY workspace_id, \
                   CASE WHEN workspace_id IS NULL THEN recipient END ORDER BY next_at, id) AS turn \
                   FROM mails WHERE state = 'queued' AND next_at <= ?1) AS due \
                   ORDER BY turn, next_at, id LIMIT ?2";
        let due = self.tx.query(sql, &[now.into(), limit.into()]).await?;
        let turns = due.iter().map(|row| row.id("id")).collect::<Result<Vec<_>, _>>()?;
        if turns.is_empty() {
            return Ok(Vec::new());
        }
        let mut values: Vec<Value> = vec![now.into()];
        values.extend(turns.iter().map(|id| Value::from(*id)));
        // In two steps: rows behind a window cannot be locked. Another sender may have leased some
        // since.
        let sql = format!(
            "SELECT id, attempts + 1 AS attempts, created_at, workspace_id, recipient, letter \
             FROM mails \
             WHERE state = 'queued' AND next_at <= ?1 AND id IN ({}) ORDER BY id{}",
            parameters(2, values.len() - 1),
            self.tx.dialect().for_update()
        );
        let rows = self.tx.query(&sql, &values).await?;
        let mut leased =
            rows.iter().map(LeasedMail::from_row).collect::<Result<Vec<_>, _>>()?;
        leased.sort_by_key(|mail| turns.iter().position(|id| *id == mail.id.0));
        let sql = "UPDATE mails SET next_at = ?2, leased_until = ?2, attempts = attempts + 1 \
                   WHERE id = ?1";
        for mail in &leased {
            self.tx.execute(sql, &[mail.id.into(), lease_until.into()]).await?;
        }
        Ok(leased)
    }

    /// Ends the lease of a mail that was not sent, as if it had not been leased: it is due at once.
    pub async fn release(&mut self, id: MailId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE mails SET next_at = ?2, leased_until = NULL, attempts = attempts - 1 \
                   WHERE id = ?1 AND state = 'queued' AND leased_until IS NOT NULL";
        self.tx.execute(sql, &[id.into(), now.into()]).await.map(drop)
    }

    /// Ends the leases of processes that are gone: those of every process.
    pub async fn release_all(&mut self, now: Timestamp) -> Result<u64, Error> {
        let sql = "UPDATE mails SET next_at = ?1, leased_until = NULL \
                   WHERE state = 'queued' AND leased_until IS NOT NULL";
        self.tx.execute(sql, &[now.into()]).await
    }

    /// Marks a mail as sent and deletes its content.
    pub async fn mark_sent(&mut self, id: MailId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE mails SET state = 'sent', sent_at = ?2, letter = NULL, \
                   last_error = NULL WHERE id = ?1";
        self.tx.execute(sql, &[id.into(), now.into()]).await.map(drop)
    }

    /// Records why an attempt failed. With `retry_at` the mail is due again at that time; without it
    /// the mail has failed, and its content is deleted. A mail that another sender has sent stays
    /// sent.
    pub async fn mark_failed(
        &mut self,
        id: MailId,
        retry_at: Option<Timestamp>,
        error: &str,
    ) -> Result<(), Error> {
        let error = Value::from(one_line(error));
        match retry_at {
            Some(at) => {
                let sql = "UPDATE mails SET next_at = ?2, leased_until = NULL, last_error = ?3 \
                           WHERE id = ?1 AND state = 'queued'";
                self.tx.execute(sql, &[id.into(), at.into(), error]).await.map(drop)
            }
            None => {
                let sql = "UPDATE mails SET state = 'failed', letter = NULL, last_error = ?2 \
                           WHERE id = ?1 AND state = 'queued'";
                self.tx.execute(sql, &[id.into(), error]).await.map(drop)
            }
        }
    }
}

impl LeasedMail {
    fn from_row(row: &Row) -> Result<LeasedMail, Error> {
        Ok(LeasedMail {
            id: row.id("id")?.into(),
            attempts: row.int("attempts")?,
            created_at: row.time("created_at")?,
            workspace: row.optional("workspace_id", Row::id)?.map(WorkspaceId),
            content: content(row),
        })
    }
}

fn content(row: &Row) -> Result<(Email, MailTemplate), Error> {
    let recipient = row.parsed("recipient", Email::stored)?;
    Ok((recipient, row.json("letter")?))
}

impl Delivery {
    fn from_row(row: &Row) -> Result<Delivery, Error> {
        let last_error = row.optional("last_error", Row::text)?.map(str::to_owned);
        Ok(Delivery { state: row.parsed("state", MailState::parse)?, last_error })
    }
}

/// A mail server can write anything into its error.
fn one_line(text: &str) -> String {
    let shown = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(shown).take(MAX_ERROR).collect()
}
