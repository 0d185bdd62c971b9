//! Presence: when sessions, API keys and members were last seen. A request notes it in memory, and one task
//! stores the notes in batches.
//!
//! **Invariant:** a request that reads waits for no write, and none fails because a note cannot be stored.
//! Until it is stored, requests of this process go by the note.

pub(crate) mod log;

use std::time::Duration;

use hallpass_domain::id::WorkspaceId;
use hallpass_store::{Dialect, Tx};
use tracing::{info, warn};

use crate::app::App;
use crate::boxed;
use crate::error::Error;

/// How long notes are collected before they are stored together.
const COLLECT: Duration = Duration::from_secs(1);

/// How many notes one transaction stores, so that others write in between.
const AT_ONCE: usize = 100;

/// How long to wait after notes could not be stored.
const RETRY: Duration = Duration::from_secs(10);

/// How long the last notes may take when the server stops.
const LAST: Duration = Duration::from_secs(1);

/// Stores when sessions, API keys and members were last seen.
pub struct Presence<'a>(pub(crate) &'a App);

impl Presence<'_> {
    /// Stores the notes that wait, and returns how many. When it fails, they go on waiting.
    #[boxed]
    pub async fn store(&self) -> Result<usize, Error> {
        let notes = self.0.presence_log().list();
        if notes.count() == 0 {
            return Ok(0);
        }
        let mut batch = Batch { app: self.0, tx: None, notes: 0 };
        for session in notes.sessions.values() {
            batch.tx().await?.sessions().update_use(session).await?;
            batch.end_note().await?;
        }
        for ((workspace, _, _), (key, secret)) in &notes.keys {
            let Some(mut tx) = batch.enter(*workspace).await? else { continue };
            tx.api_keys().update_use(key, *secret).await?;
            batch.tx = Some(tx.into_tx());
            batch.end_note().await?;
        }
        for ((workspace, member), (account, at)) in &notes.members {
            let Some(mut tx) = batch.enter(*workspace).await? else { continue };
            tx.members().update_seen_at(*member, *at).await?;
            tx.global().accounts().record_visit(*account, *workspace, *at).await?;
            batch.tx = Some(tx.into_tx());
            batch.end_note().await?;
        }
        if let Some(tx) = batch.tx.take() {
            tx.commit().await?;
        }
        self.0.presence_log().remove(&notes);
        Ok(notes.count())
    }
}

/// The transaction of a batch. On a server each note has its own: one that holds several rows could wait for a
/// request that waits for it.
struct Batch<'a> {
    app: &'a App,
    tx: Option<Tx>,
    /// How many notes are in the transaction.
    notes: usize,
}

impl Batch<'_> {
    async fn tx(&mut self) -> Result<&mut Tx, Error> {
        let tx = match self.tx.take() {
            Some(tx) => tx,
            None => self.app.db().write().await?,
        };
        Ok(self.tx.insert(tx))
    }

    /// Enters a workspace; none where it does not exist any more.
    async fn enter(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Option<hallpass_store::WorkspaceTx>, Error> {
        let found = self.tx().await?.workspaces().find(workspace).await?;
        if found.is_none_or(|found| found.deleted_at.is_some()) {
            return Ok(None);
        }
        let Some(tx) = self.tx.take() else { return Ok(None) };
        Ok(tx.into_workspace(workspace.0).await?)
    }

    async fn end_note(&mut self) -> Result<(), Error> {
        self.notes += 1;
        let is_full = self.app.db().dialect() == Dialect::Postgres || self.notes >= AT_ONCE;
        if is_full && let Some(tx) = self.tx.take() {
            self.notes = 0;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Stores notes until `end` resolves, and then those that are left.
pub async fn run(app: App, end: impl Future<Output = ()>) {
    let mut end = std::pin::pin!(end);
    let mut is_failing = false;
    loop {
        tokio::select! {
            () = &mut end => break,
            () = app.presence_log().wait() => {}
        }
        let pause = if is_failing { RETRY } else { COLLECT };
        if tokio::time::timeout(pause, &mut end).await.is_ok() {
            break;
        }
        match app.presence().store().await {
            Ok(_) => {
                if std::mem::take(&mut is_failing) {
                    info!("storing when sessions and members were last seen again");
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut is_failing, true) {
                    warn!(error.message = %error, "cannot store when sessions and members were last seen: {error}");
                }
                app.presence_log().wake();
            }
        }
    }
    if !matches!(tokio::time::timeout(LAST, app.presence().store()).await, Ok(Ok(_))) {
        warn!("when sessions and members were last seen was not stored before the end");
    }
}
