//! Delivers queued mail, one batch at a time.
//!
//! **Invariant:** a mail leaves the queue when a server has accepted it, when a server has refused it
//! for good, or after five days of retries; a temporary failure loses none. After a crash during a
//! delivery, the mails of the batch are sent again, at the latest once [`LEASE`] is over: a mail may arrive
//! twice, but is never lost.

pub mod queue;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use hallpass_domain::email::Email;
use hallpass_domain::id::{MailId, WorkspaceId};
use hallpass_domain::mail_template::{MailStyle, MailTemplate};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::{Span, Timestamp};
use hallpass_store::mail::{LeasedMail, QueuedMail};
use hallpass_store::reader::Reader;
use hallpass_store::{Db, Dialect, Tx};
use metrics::counter;
use tokio::task::JoinSet;
use tracing::{error, info, warn};

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::mailer::{MailError, Mailer};

/// How many mails a batch has; they are sent at the same time.
pub const BATCH: i64 = 8;

/// How long the mails of a batch are reserved for one process; a batch takes at most a minute. A process that
/// stops gives them back; where a file has one server, its next start does so for one that was killed.
pub const LEASE: Span = Span::minutes(2);

/// How many mails a workspace may cause in a day.
pub const MOST_A_DAY: i64 = 1_000;

/// How long a server may take for one mail.
const SEND_TIMEOUT: Duration = Duration::from_mins(1);

/// How often the outcome of a mail is stored while the database is busy; each attempt waits for some seconds.
const ATTEMPTS: u32 = 10;

/// How long a mail is retried.
const GIVE_UP_AFTER: Span = Span::days(5);

/// The outcome of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchOutcome {
    /// How many mails a server accepted.
    pub sent: usize,
    /// How many will be retried.
    pub delayed: usize,
    /// How many were given up.
    pub failed: usize,
}

impl BatchOutcome {
    /// Whether the batch was full, so that more mails may be due.
    #[must_use]
    pub fn is_full(self) -> bool {
        i64::try_from(self.sent + self.delayed + self.failed).is_ok_and(|all| all >= BATCH)
    }
}

/// The mail queue.
pub struct Mails<'a>(pub(crate) &'a App);

impl Mails<'_> {
    /// Sends one batch of the mails that are due, and stores the outcome of each. A mail whose outcome
    /// cannot be stored is sent again later.
    #[boxed]
    pub async fn deliver_due(&self, mailer: &Arc<dyn Mailer>) -> Result<BatchOutcome, Error> {
        deliver_due(self.0, mailer, self.0.now()).await
    }

    /// Gives back the mails that this process has leased and not sent: it stops.
    #[boxed]
    pub async fn release(&self) -> Result<(), Error> {
        let leased = std::mem::take(&mut *self.0.leased_mails());
        if leased.is_empty() {
            return Ok(());
        }
        let (mut tx, now) = (self.0.db().write().await?, self.0.now());
        for id in leased {
            tx.mails().release(id, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Ends the leases of processes that were killed. Only one process sends the mails of an SQLite database;
    /// on a server others may be sending theirs, whose leases end by themselves.
    #[boxed]
    pub async fn release_all(&self) -> Result<(), Error> {
        if self.0.db().dialect() == Dialect::Postgres {
            return Ok(());
        }
        let mut tx = self.0.db().write().await?;
        if tx.mails().release_all(self.0.now()).await? > 0 {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Queues a mail; it is sent once the transaction is committed. What it is about is a noun of a
    /// workspace, by id.
    pub(crate) async fn queue(
        &self,
        tx: &mut Tx,
        to: &Email,
        mail_template: MailTemplate,
        about: Option<(WorkspaceId, String)>,
    ) -> Result<(), Error> {
        self.insert(tx, to, mail_template, about).await.map(drop)
    }

    /// Does the work of [`Mails::queue`], and queues nothing.
    pub(crate) async fn queue_nothing(
        &self,
        tx: &mut Tx,
        to: &Email,
        mail_template: MailTemplate,
    ) -> Result<(), Error> {
        let id = self.insert(tx, to, mail_template, None).await?;
        Ok(tx.mails().withdraw(id).await?)
    }

    async fn insert(
        &self,
        tx: &mut Tx,
        to: &Email,
        mail_template: MailTemplate,
        about: Option<(WorkspaceId, String)>,
    ) -> Result<MailId, Error> {
        let (workspace, about) = about.unzip();
        let mail = QueuedMail {
            id: self.0.id::<MailId>(),
            workspace,
            about,
            recipient: to.clone(),
            mail_template,
            created_at: self.0.now(),
        };
        tx.mails().enqueue(&mail).await?;
        self.0.mail_queued().notify_one();
        Ok(mail.id)
    }

    /// Checks that a workspace may cause some more mails today.
    pub(crate) async fn check_quota(
        &self,
        tx: Reader<'_>,
        workspace: WorkspaceId,
        more: usize,
    ) -> Result<(), Error> {
        let since = self.0.now() - Span::days(1);
        let sent = tx.mails().count_since(workspace, since).await?;
        let more = i64::try_from(more).unwrap_or(i64::MAX);
        if sent.saturating_add(more) > MOST_A_DAY {
            return Err(Refusal::TooManyMails { most: MOST_A_DAY }.into());
        }
        Ok(())
    }

    /// Waits until a mail has been queued; its transaction may still be open.
    pub(crate) async fn wait(&self) {
        self.0.mail_queued().notified().await;
    }
}

async fn deliver_due(
    app: &App,
    mailer: &Arc<dyn Mailer>,
    now: Timestamp,
) -> Result<BatchOutcome, Error> {
    let db = app.db();
    let mut tx = db.write().await?;
    let leased = tx.mails().lease_due(now, now + LEASE, BATCH).await?;
    if leased.is_empty() {
        return Ok(BatchOutcome::default());
    }
    let mut styles = HashMap::new();
    for mail in &leased {
        styles.insert(mail.id, style_of(&mut tx, mail).await?);
    }
    tx.commit().await?;
    app.leased_mails().extend(leased.iter().map(|mail| mail.id));

    let mut sending = JoinSet::new();
    for mail in leased {
        let style = styles.remove(&mail.id);
        sending.spawn(send(Arc::clone(mailer), mail, style.unwrap_or_default()));
    }
    let (mut batch, mut stored) = (BatchOutcome::default(), Ok(()));
    while let Some(ended) = sending.join_next().await {
        // A mail whose task was aborted stays leased, and is retried.
        match ended {
            Ok((mail, sent)) => {
                let recorded = record_patiently(db, &mail, sent, now, &mut batch).await;
                app.leased_mails().remove(&mail.id);
                stored = stored.and(recorded);
            }
            Err(broken) => error!("the delivery of a mail was aborted: {broken}"),
        }
    }
    for (outcome, mails) in
        [("sent", batch.sent), ("delayed", batch.delayed), ("given_up", batch.failed)]
    {
        let mails = u64::try_from(mails).unwrap_or(u64::MAX);
        counter!("hallpass_mails_total", "outcome" => outcome).increment(mails);
    }
    stored.map(|()| batch)
}

/// How a mail is written: as its workspace sets, in the language of the recipient's account; without an
/// account, in that of the workspace.
async fn style_of(tx: &mut Tx, mail: &LeasedMail) -> Result<MailStyle, Error> {
    let workspace = match mail.workspace {
        Some(id) => tx.workspaces().find(id).await?,
        None => None,
    };
    let style = workspace.map_or_else(MailStyle::default, |workspace| {
        MailStyle::of_workspace(workspace.name.as_str(), &workspace.settings)
    });
    let Ok((to, _)) = &mail.content else { return Ok(style) };
    let account = tx.accounts().find_by_email(to).await?;
    Ok(match account {
        Some(account) => style.in_language(&account.locale),
        None => style,
    })
}

type Sent = Result<(), MailError>;

async fn send(
    mailer: Arc<dyn Mailer>,
    mail: LeasedMail,
    style: MailStyle,
) -> (LeasedMail, Sent) {
    let sent = match &mail.content {
        Ok((to, mail_template)) => {
            let seconds = SEND_TIMEOUT.as_secs();
            tokio::time::timeout(SEND_TIMEOUT, mailer.send(to, mail_template, &style))
                .await
                .unwrap_or_else(|_| {
                    Err(MailError::temporary(format!(
                        "the mail server took more than {seconds} seconds"
                    )))
                })
        }
        Err(unreadable) => Err(MailError::temporary(unreadable.to_string())),
    };
    (mail, sent)
}

/// Stores the outcome of a mail, again and again while the database is busy: a mail that was sent and is not
/// known to be is sent twice.
async fn record_patiently(
    db: &Db,
    mail: &LeasedMail,
    sent: Sent,
    now: Timestamp,
    batch: &mut BatchOutcome,
) -> Result<(), Error> {
    let mut attempt = 1;
    loop {
        match record_outcome(db, mail, &sent, now, batch).await {
            Err(Error::Refused(Refusal::Busy { .. })) if attempt < ATTEMPTS => attempt += 1,
            outcome => return outcome,
        }
    }
}

async fn record_outcome(
    db: &Db,
    mail: &LeasedMail,
    sent: &Sent,
    now: Timestamp,
    batch: &mut BatchOutcome,
) -> Result<(), Error> {
    let id = mail.id;
    let mut tx = db.write().await?;
    match sent {
        Ok(()) => {
            tx.mails().mark_sent(id, now).await?;
            batch.sent += 1;
            info!(mail.id = %id, "sent mail {id}");
        }
        Err(error) => {
            let retry_at = if error.is_permanent { None } else { next_retry(mail, now) };
            tx.mails().mark_failed(id, retry_at, &error.message).await?;
            if let Some(at) = retry_at {
                batch.delayed += 1;
                warn!(mail.id = %id, "could not send mail {id}, retrying at {at}: {error}");
            } else {
                batch.failed += 1;
                error!(mail.id = %id, "gave up on mail {id}: {error}");
            }
        }
    }
    Ok(tx.commit().await?)
}

/// Returns when to retry a mail; none when it has been retried for long enough.
fn next_retry(mail: &LeasedMail, now: Timestamp) -> Option<Timestamp> {
    let wait = match mail.attempts {
        ..=1 => Span::seconds(10),
        2 => Span::minutes(1),
        3 => Span::minutes(5),
        4 => Span::minutes(30),
        5 => Span::hours(2),
        6.. => Span::hours(6),
    };
    let next = now + wait;
    (next - mail.created_at <= GIVE_UP_AFTER).then_some(next)
}

#[cfg(test)]
mod tests;
