//! The queue of mails: written in the transaction that causes them, sent afterwards.
//!
//! **Invariant:** a mail that waits is leased to one sender at a time, on however many nodes; and a
//! letter, which may hold the secret of a link, is not kept once nothing more will be sent of it.

use std::collections::BTreeMap;

use hallpass_domain::email::Email;
use hallpass_domain::id::{MailId, WorkspaceId};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::tx::Tx;
use crate::value::{Row, Value};

/// How much of what a server said is kept.
const LONGEST_ERROR: usize = 500;

/// A mail that is put into the queue.
#[derive(Clone, Debug)]
pub struct QueuedMail {
    /// Its id.
    pub id: MailId,
    /// The workspace that it is about, if any.
    pub workspace: Option<WorkspaceId>,
    /// The id of what it is about, in text: an invitation, an invoice.
    pub about: Option<String>,
    /// Where it goes.
    pub recipient: Email,
    /// What it says.
    pub mail_template: MailTemplate,
    /// When it was written; it is due at once.
    pub created_at: Timestamp,
}

/// A mail that is leased to the one who asked.
#[derive(Debug)]
pub struct LeasedMail {
    /// Its id.
    pub id: MailId,
    /// How often it was leased, this time included.
    pub attempts: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// Where it goes and what it says; a newer version may have written what this one cannot read.
    pub content: Result<(Email, MailTemplate), Error>,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// It waits, or is tried again.
    Queued,
    /// A server took it.
    Sent,
    /// It was given up.
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
}

/// How a delivery stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What became of it.
    pub state: MailState,
    /// Why it did not go the last time that it was tried.
    pub last_error: Option<String>,
}

/// The mails, in a transaction.
pub struct Mails<'t> {
    tx: &'t mut Tx,
}

impl Tx {
    /// The mails.
    pub fn mails(&mut self) -> Mails<'_> {
        Mails { tx: self }
    }
}

impl Mails<'_> {
    /// Puts a mail into the queue. It goes out when the transaction is committed, and not before.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`].
    pub async fn enqueue(&mut self, mail: &QueuedMail) -> Result<(), Error> {
        let mail_template =
            serde_json::to_string(&mail.mail_template).map_err(|_| corrupt("letter"))?;
        let values = [
            mail.id.0.into(),
            mail.workspace.map(|workspace| workspace.0).into(),
            mail.about.clone().into(),
            mail.recipient.as_str().into(),
            mail_template.into(),
            MailState::Queued.word().into(),
            mail.created_at.0.into(),
        ];
        let sql = "INSERT INTO mails (id, workspace_id, about, recipient, letter, state, attempts, \
                   next_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7)";
        self.tx.execute(sql, &values).await.map(drop)
    }

    /// Takes the mails that have been due longest, first; nobody else gets them until the lease ends; who
    /// does not say by then what became of them has failed, and they are due again.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`].
    pub async fn lease_due(
        &mut self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: i64,
    ) -> Result<Vec<LeasedMail>, Error> {
        // In two steps: PostgreSQL may run a subquery with a LIMIT more than once, and lease more.
        let sql = format!(
            "SELECT id, attempts + 1, created_at, recipient, letter FROM mails \
             WHERE state = 'queued' AND next_at <= ?1 ORDER BY next_at, id LIMIT ?2{}",
            self.tx.dialect().for_update()
        );
        let rows = self.tx.query(&sql, &[now.0.into(), limit.into()]).await?;
        let leased = rows.iter().map(LeasedMail::from_row).collect::<Result<Vec<_>, _>>()?;
        let sql = "UPDATE mails SET next_at = ?2, attempts = attempts + 1 WHERE id = ?1";
        for mail in &leased {
            self.tx.execute(sql, &[mail.id.0.into(), lease_until.0.into()]).await?;
        }
        Ok(leased)
    }

    /// Notes that a server took a mail, and forgets what it said.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`].
    pub async fn mark_sent(&mut self, id: MailId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE mails SET state = 'sent', sent_at = ?2, letter = NULL, \
                   last_error = NULL WHERE id = ?1";
        self.tx.execute(sql, &[id.0.into(), now.0.into()]).await.map(drop)
    }

    /// Notes that a mail did not go, and why: it is tried again at a time, or given up, and then
    /// what it said is forgotten. A mail that another has sent meanwhile stays sent.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`].
    pub async fn mark_failed(
        &mut self,
        id: MailId,
        again_at: Option<Timestamp>,
        error: &str,
    ) -> Result<(), Error> {
        let error = Value::from(one_line(error));
        match again_at {
            Some(at) => {
                let sql = "UPDATE mails SET next_at = ?2, last_error = ?3 \
                           WHERE id = ?1 AND state = 'queued'";
                self.tx.execute(sql, &[id.0.into(), at.0.into(), error]).await.map(drop)
            }
            None => {
                let sql = "UPDATE mails SET state = 'failed', letter = NULL, last_error = ?2 \
                           WHERE id = ?1 AND state = 'queued'";
                self.tx.execute(sql, &[id.0.into(), error]).await.map(drop)
            }
        }
    }

    /// How the newest mail about each of some things of a workspace stands. What no mail was
    /// written about is left out.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], and `Corrupt`.
    pub async fn find_deliveries(
        &mut self,
        workspace: WorkspaceId,
        about: &[&str],
    ) -> Result<BTreeMap<String, Delivery>, Error> {
        let mut states = BTreeMap::new();
        for some in about.chunks(100) {
            let marks: Vec<String> =
                (0..some.len()).map(|place| format!("?{}", place + 2)).collect();
            let sql = format!(
                "SELECT about, state, last_error FROM mails \
                 WHERE workspace_id = ?1 AND about IN ({}) ORDER BY about, id",
                marks.join(", ")
            );
            let mut values = vec![Value::from(workspace.0)];
            values.extend(some.iter().map(|about| Value::from(*about)));
            for row in &self.tx.query(&sql, &values).await? {
                states.insert(row.text(0)?.to_owned(), Delivery::from_row(row)?);
            }
        }
        Ok(states)
    }
}

impl LeasedMail {
    fn from_row(row: &Row) -> Result<LeasedMail, Error> {
        Ok(LeasedMail {
            id: row.id(0)?.into(),
            attempts: row.int(1)?,
            created_at: Timestamp(row.int(2)?),
            content: content(row),
        })
    }
}

fn content(row: &Row) -> Result<(Email, MailTemplate), Error> {
    let recipient = Email::parse(row.text(3)?).map_err(|_| corrupt("recipient"))?;
    let mail_template = serde_json::from_str(row.text(4)?).map_err(|_| corrupt("letter"))?;
    Ok((recipient, mail_template))
}

impl Delivery {
    fn from_row(row: &Row) -> Result<Delivery, Error> {
        let states = [MailState::Queued, MailState::Sent, MailState::Failed];
        let word = row.text(1)?;
        let state = states.into_iter().find(|state| state.word() == word);
        let last_error = row.optional(2, Row::text)?.map(str::to_owned);
        Ok(Delivery { state: state.ok_or_else(|| corrupt("state"))?, last_error })
    }
}

/// What a server says is anybody's text.
fn one_line(text: &str) -> String {
    let shown = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(shown).take(LONGEST_ERROR).collect()
}

fn corrupt(column: &str) -> Error {
    Error::Corrupt { table: "mails".to_owned(), column: column.to_owned() }
}
