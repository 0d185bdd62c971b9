//! Background jobs: deliver mail, delete what has expired, purge deleted workspaces.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, info};

use crate::app::App;
use crate::mailer::Mailer;

/// How often the queue is checked for retries and for mail that another process has queued.
const MAIL: Duration = Duration::from_secs(1);

/// How often expired data is deleted.
const CLEAN_UP: Duration = Duration::from_hours(1);

/// Runs all jobs until `end` resolves; a job that has begun is finished first.
pub async fn run(app: App, mailer: Arc<dyn Mailer>, end: impl Future<Output = ()>) {
    let mut end = std::pin::pin!(end);
    let mut mail = interval(MAIL);
    let mut hourly = interval(CLEAN_UP);
    mail.set_missed_tick_behavior(MissedTickBehavior::Delay);
    hourly.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mails = app.mails();
    loop {
        tokio::select! {
            () = &mut end => return,
            () = mails.wait() => deliver(&app, &mailer).await,
            _ = mail.tick() => deliver(&app, &mailer).await,
            _ = hourly.tick() => clean_up(&app).await,
        }
    }
}

/// Delivers batch after batch until no mail is due.
async fn deliver(app: &App, mailer: &Arc<dyn Mailer>) {
    loop {
        match app.mails().deliver_due(mailer).await {
            Ok(batch) if batch.is_full() => {}
            Ok(_) => return,
            Err(error) => {
                error!(error.why = %error, "cannot deliver mail: {error}");
                return;
            }
        }
    }
}

async fn clean_up(app: &App) {
    if let Err(error) = app.sessions().delete_expired().await {
        error!(error.why = %error, "cannot delete expired sessions: {error}");
    }
    if let Err(error) = app.idempotent_requests().delete_expired().await {
        error!(error.why = %error, "cannot delete expired idempotency keys: {error}");
    }
    match app.billing().process_held().await {
        Ok(0) => {}
        Ok(n) => info!(stripe.events = n, "processed {n} Stripe events that were held"),
        Err(error) => error!(error.why = %error, "cannot process Stripe events: {error}"),
    }
    if let Err(error) = app.billing().delete_expired().await {
        error!(error.why = %error, "cannot delete expired Stripe events: {error}");
    }
    if let Err(error) = app.workspaces().free_slugs().await {
        error!(error.why = %error, "cannot free slugs: {error}");
    }
    match app.workspaces().purge_due().await {
        Ok(0) => {}
        Ok(n) => info!(purge.workspaces = n, "purged {n} workspaces"),
        Err(error) => error!(error.why = %error, "cannot purge deleted workspaces: {error}"),
    }
}
