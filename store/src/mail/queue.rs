//! The queue of mails as the operator sees it: what waits and what was given up, never what a mail says.
//!
//! **Invariant:** no statement here reads the content of a mail, which may hold the secret of a link.

use hallpass_domain::id::MailId;
use hallpass_domain::time::Timestamp;
use uuid::Uuid;

use super::Mails;
use crate::error::Error;
use crate::row::Row;

/// Which mails are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailFilter {
    /// Those that wait.
    #[default]
    Queued,
    /// Those of them that could not be sent yet.
    Retried,
    /// Those that were given up.
    Failed,
}

impl MailFilter {
    const fn condition(self) -> &'static str {
        match self {
            MailFilter::Queued => "m.state = 'queued'",
            MailFilter::Retried => "m.state = 'queued' AND m.last_error IS NOT NULL",
            MailFilter::Failed => "m.state = 'failed'",
        }
    }
}

/// A mail in the queue, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSummary {
    /// Its id.
    pub id: MailId,
    /// What sort of mail it is; none for one that an earlier version has queued.
    pub kind: Option<String>,
    /// The slug of the workspace that it is about, if any.
    pub workspace: Option<String>,
    /// The address that it is sent to.
    pub recipient: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is due.
    pub next_at: Timestamp,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Until when a sender has it, if one has.
    pub leased_until: Option<Timestamp>,
}

/// How many mails are in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailCounts {
    /// Those that wait.
    pub queued: i64,
    /// Those of them that could not be sent yet.
    pub retried: i64,
    /// Those that were given up.
    pub failed: i64,
    /// Since when the oldest one waits.
    pub oldest: Option<Timestamp>,
}

impl<A> Mails<'_, A> {
    /// Lists a page of mails, the latest first; with `below`, those with a lower id.
    pub async fn list(
        &mut self,
        filter: MailFilter,
        below: Option<MailId>,
        limit: i64,
    ) -> Result<Vec<MailSummary>, Error> {
        let sql = format!(
            "{SUMMARY} WHERE {} AND m.id < ?1 ORDER BY m.id DESC LIMIT ?2",
            filter.condition()
        );
        let below = below.unwrap_or(MailId(Uuid::max()));
        let rows = self.tx.query(&sql, &[below.into(), limit.into()]).await?;
        rows.iter().map(MailSummary::from_row).collect()
    }

    /// Counts the mails that wait, and those that were given up.
    pub async fn count(&mut self) -> Result<MailCounts, Error> {
        let sql = "SELECT count(*) AS queued, count(last_error) AS retried, \
                   min(created_at) AS oldest FROM mails WHERE state = 'queued'";
        let waiting = self.tx.query_one(sql, &[]).await?;
        let sql = "SELECT count(*) AS failed FROM mails WHERE state = 'failed'";
        let failed = self.tx.query_one(sql, &[]).await?.int("failed")?;
        Ok(MailCounts {
            queued: waiting.int("queued")?,
            retried: waiting.int("retried")?,
            failed,
            oldest: waiting.optional("oldest", Row::time)?,
        })
    }
}

impl Mails<'_> {
    /// Finds a mail that waits and that no sender has, and locks it.
    pub async fn find_waiting_for_update(
        &mut self,
        id: MailId,
        now: Timestamp,
    ) -> Result<Option<MailSummary>, Error> {
        let lock = format!(
            "SELECT id FROM mails WHERE id = ?1 AND state = 'queued' \
             AND (leased_until IS NULL OR leased_until <= ?2){}",
            self.tx.dialect().for_update()
        );
        if self.tx.find(&lock, &[id.into(), now.into()]).await?.is_none() {
            return Ok(None);
        }
        let row = self.tx.find(&format!("{SUMMARY} WHERE m.id = ?1"), &[id.into()]).await?;
        row.map(|row| MailSummary::from_row(&row)).transpose()
    }

    /// Makes a mail that waits due.
    pub async fn make_due(&mut self, id: MailId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE mails SET next_at = ?2 WHERE id = ?1 AND state = 'queued'";
        self.tx.execute(sql, &[id.into(), now.into()]).await.map(drop)
    }
}

const SUMMARY: &str = "SELECT m.id AS id, m.kind AS kind, w.slug AS slug, \
    m.recipient AS recipient, m.attempts AS attempts, m.next_at AS next_at, \
    m.last_error AS last_error, m.created_at AS created_at, m.leased_until AS leased_until \
    FROM mails m LEFT JOIN workspaces w ON w.id = m.workspace_id";

impl MailSummary {
    fn from_row(row: &Row) -> Result<MailSummary, Error> {
        let text = |column: &str| -> Result<Option<String>, Error> {
            Ok(row.optional(column, Row::text)?.map(str::to_owned))
        };
        Ok(MailSummary {
            id: row.id("id")?.into(),
            kind: text("kind")?,
            workspace: text("slug")?,
            recipient: row.text("recipient")?.to_owned(),
            attempts: row.int("attempts")?,
            next_at: row.time("next_at")?,
            last_error: text("last_error")?,
            created_at: row.time("created_at")?,
            leased_until: row.optional("leased_until", Row::time)?,
        })
    }
}
