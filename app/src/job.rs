//! Jobs: what the house does by itself, beside all requests.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, info};

use crate::app::App;
use crate::mail::deliver_due;
use crate::mailer::Mailer;

/// How often it looks for mail that is due again, or was queued by another node.
const MAIL: Duration = Duration::from_secs(1);

/// How often it sweeps and purges.
const SWEEP: Duration = Duration::from_hours(1);

/// Does every job until the end is told; one that is under way is finished first.
pub async fn run(app: App, mailer: Arc<dyn Mailer>, end: impl Future<Output = ()>) {
    let mut end = std::pin::pin!(end);
    let mut mail = interval(MAIL);
    let mut hourly = interval(SWEEP);
    mail.set_missed_tick_behavior(MissedTickBehavior::Delay);
    hourly.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = &mut end => return,
            () = app.mail_waits() => deliver(&app, &mailer).await,
            _ = mail.tick() => deliver(&app, &mailer).await,
            _ = hourly.tick() => sweep(&app).await,
        }
    }
}

/// Sends all that is due, a batch after the other.
async fn deliver(app: &App, mailer: &Arc<dyn Mailer>) {
    loop {
        match deliver_due(app.db(), mailer, app.now()).await {
            Ok(round) if round.is_full() => {}
            Ok(_) => return,
            Err(error) => {
                error!(error.why = %error, "the queue of mails cannot be worked: {error}");
                return;
            }
        }
    }
}

async fn sweep(app: &App) {
    if let Err(error) = app.sweep().await {
        error!(error.why = %error, "sweeping failed: {error}");
    }
    match app.purge_due().await {
        Ok(0) => {}
        Ok(n) => info!(purge.workspaces = n, "purged {n} workspaces"),
        Err(error) => error!(error.why = %error, "purging failed: {error}"),
    }
}
