//! Delivers what waits in the queue of mails, one round at a time.
//!
//! **Invariant:** a mail leaves the queue when a server has taken it, when a server says that it
//! never will, or after five days of trying; a server that fails loses none. A node that dies while
//! it sends leaves its mails to the next round after [`LEASE`], so a mail may come twice, never not.

use std::sync::Arc;
use std::time::Duration;

use hallpass_domain::time::{Span, Timestamp};
use hallpass_store::mail::LeasedMail;
use hallpass_store::{Db, Error};
use tokio::task::JoinSet;
use tracing::{error, info, warn};

use crate::mailer::{MailError, Mailer};

/// How many mails a round sends, all at once.
pub const BATCH: i64 = 8;

/// How long the mails of a round are nobody else's. A round is over long before.
pub const LEASE: Span = Span::minutes(10);

/// How long a server may take for one mail.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long a mail is tried.
const GIVE_UP_AFTER: Span = Span::days(5);

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryRound {
    /// Those that a server took.
    pub sent: usize,
    /// Those that are tried again.
    pub delayed: usize,
    /// Those that were given up.
    pub failed: usize,
}

impl DeliveryRound {
    /// Whether it took as many mails as it could, so that more may be due.
    #[must_use]
    pub fn is_full(self) -> bool {
        i64::try_from(self.sent + self.delayed + self.failed).is_ok_and(|all| all >= BATCH)
    }
}

/// Sends the mails that are due, and notes what became of each.
///
/// # Errors
///
/// When the store fails. What was sent and could not be noted is sent again later.
pub async fn deliver_due(
    db: &Db,
    mailer: &Arc<dyn Mailer>,
    now: Timestamp,
) -> Result<DeliveryRound, Error> {
    let mut tx = db.write().await?;
    let leased = tx.mails().lease_due(now, now + LEASE, BATCH).await?;
    if leased.is_empty() {
        return Ok(DeliveryRound::default());
    }
    tx.commit().await?;

    let mut sending = JoinSet::new();
    for mail in leased {
        sending.spawn(send(Arc::clone(mailer), mail));
    }
    let (mut round, mut outcome) = (DeliveryRound::default(), Ok(()));
    while let Some(ended) = sending.join_next().await {
        // One that broke off stays leased, and is tried again.
        match ended {
            Ok((mail, sent)) => {
                outcome = outcome.and(record_outcome(db, &mail, sent, now, &mut round).await);
            }
            Err(broken) => error!("sending a mail broke off: {broken}"),
        }
    }
    outcome.map(|()| round)
}

type Sent = Result<(), MailError>;

async fn send(mailer: Arc<dyn Mailer>, mail: LeasedMail) -> (LeasedMail, Sent) {
    let sent = match &mail.content {
        Ok((to, mail_template)) => {
            let seconds = PATIENCE.as_secs();
            tokio::time::timeout(PATIENCE, mailer.send(to, mail_template)).await.unwrap_or_else(
                |_| {
                    Err(MailError::temporary(format!(
                        "the mail server took more than {seconds} seconds"
                    )))
                },
            )
        }
        Err(unreadable) => Err(MailError::temporary(unreadable.to_string())),
    };
    (mail, sent)
}

async fn record_outcome(
    db: &Db,
    mail: &LeasedMail,
    sent: Sent,
    now: Timestamp,
    round: &mut DeliveryRound,
) -> Result<(), Error> {
    let id = mail.id;
    let mut tx = db.write().await?;
    match sent {
        Ok(()) => {
            tx.mails().mark_sent(id, now).await?;
            round.sent += 1;
            info!(mail.id = %id, "sent mail {id}");
        }
        Err(error) => {
            let again_at = if error.is_permanent { None } else { next_try(mail, now) };
            tx.mails().mark_failed(id, again_at, &error.message).await?;
            if let Some(at) = again_at {
                round.delayed += 1;
                warn!(mail.id = %id, "mail {id} did not go and is tried again at {at}: {error}");
            } else {
                round.failed += 1;
                error!(mail.id = %id, "gave up mail {id}: {error}");
            }
        }
    }
    tx.commit().await
}

/// When a mail that did not go is tried again; nothing when it has been tried for long enough.
fn next_try(mail: &LeasedMail, now: Timestamp) -> Option<Timestamp> {
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
