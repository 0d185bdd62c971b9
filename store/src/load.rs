//! What a database has to do at the moment, and what it has refused: figures for the operator.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

/// How often the log says that a workspace is throttled.
const NOTICE_EVERY: Duration = Duration::from_mins(1);

/// The most workspaces whose refusals are counted one by one.
const MOST_WORKSPACES: usize = 256;

/// The load of a database. Counters begin with the process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Connections that transactions have at the moment.
    pub connections_in_use: usize,
    /// Transactions that wait for a connection.
    pub connections_waiting: usize,
    /// Transactions that have a place for heavy reads.
    pub heavy_running: usize,
    /// Transactions that wait for a place for heavy reads.
    pub heavy_waiting: usize,
    /// How many transactions have turned out to read much.
    pub heavy_total: u64,
    /// How many were refused since no connection or place became free in time.
    pub refused_total: u64,
    /// How many statements have begun to run.
    pub statements_total: u64,
    /// How many statements were ended since they ran over their budget.
    pub too_slow_total: u64,
    /// How many statements were ended since their request had gone.
    pub abandoned_total: u64,
    /// How many times a writer waited for others, and for how long in all, in microseconds.
    pub writer_waits: (u64, u64),
    /// How many refusals each throttled workspace had; the nil id stands for what belongs to none.
    pub throttled: Vec<(Uuid, u64)>,
}

/// Counts what becomes a [`Load`].
#[derive(Default)]
pub(crate) struct Meter {
    heavy: AtomicU64,
    refused: AtomicU64,
    too_slow: AtomicU64,
    abandoned: AtomicU64,
    writer_waits: AtomicU64,
    writer_micros: AtomicU64,
    throttled: Mutex<HashMap<Uuid, Throttled>>,
}

struct Throttled {
    refused: u64,
    noticed: Instant,
}

impl Meter {
    pub(crate) fn count_heavy(&self) {
        self.heavy.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_too_slow(&self) {
        self.too_slow.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_abandoned(&self) {
        self.abandoned.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_writer_wait(&self, since: Instant) {
        let micros = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.writer_waits.fetch_add(1, Ordering::Relaxed);
        self.writer_micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// Counts a refusal, and tells the log the first one of a workspace in each period.
    pub(crate) fn count_refusal(&self, workspace: Uuid) {
        self.refused.fetch_add(1, Ordering::Relaxed);
        if !self.is_news(workspace) {
            return;
        }
        if workspace.is_nil() {
            tracing::warn!(
                "overload: requests that belong to no workspace are refused for now"
            );
        } else {
            tracing::warn!(
                workspace.id = %workspace,
                "overload: the workspace {workspace} asks for more at once than its share, and \
                 requests of it are refused for now"
            );
        }
    }

    fn is_news(&self, workspace: Uuid) -> bool {
        let mut throttled = self.throttled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = throttled.get_mut(&workspace) {
            known.refused += 1;
            let is_news = known.noticed.elapsed() >= NOTICE_EVERY;
            if is_news {
                known.noticed = Instant::now();
            }
            return is_news;
        }
        if throttled.len() >= MOST_WORKSPACES {
            throttled.retain(|_, known| known.noticed.elapsed() < NOTICE_EVERY);
        }
        let has_room = throttled.len() < MOST_WORKSPACES;
        if has_room {
            throttled.insert(workspace, Throttled { refused: 1, noticed: Instant::now() });
        }
        has_room
    }

    pub(crate) fn load(&self) -> Load {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let throttled = self.throttled.lock().unwrap_or_else(PoisonError::into_inner);
        let mut throttled: Vec<(Uuid, u64)> =
            throttled.iter().map(|(id, known)| (*id, known.refused)).collect();
        throttled.sort_unstable();
        Load {
            heavy_total: count(&self.heavy),
            refused_total: count(&self.refused),
            too_slow_total: count(&self.too_slow),
            abandoned_total: count(&self.abandoned),
            writer_waits: (count(&self.writer_waits), count(&self.writer_micros)),
            throttled,
            ..Load::default()
        }
    }
}
