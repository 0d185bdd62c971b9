//! The pace of bulk jobs in this process: how large a batch is, and how long others have the writer after it.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::error::Error;

/// The records of a batch at most.
const LARGEST: i64 = 1_000;

/// The records of a batch at least.
const SMALLEST: i64 = 25;

/// How long a batch is to take; a longer one makes the next one smaller.
const AIM: Duration = Duration::from_millis(80);

/// How long others have the writer after a batch at least.
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);

/// How long others have the writer after a batch at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How long the jobs of other processes are waited for.
const IDLE: Duration = Duration::from_secs(1);

/// The pace.
#[derive(Debug)]
pub(crate) struct BulkPace {
    size: AtomicI64,
    /// The pause after the last batch, in milliseconds.
    pause: AtomicU64,
    started: Notify,
}

impl Default for BulkPace {
    fn default() -> BulkPace {
        BulkPace {
            size: AtomicI64::new(LARGEST / 4),
            pause: AtomicU64::new(0),
            started: Notify::new(),
        }
    }
}

impl BulkPace {
    /// How many records the next batch has.
    pub(crate) fn size(&self) -> i64 {
        self.size.load(Ordering::Relaxed)
    }

    /// How long others have the writer after a batch that took so long.
    pub(crate) fn pause_after(took: Duration) -> Duration {
        took.clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
    }

    /// Notes how long a batch had the writer.
    pub(crate) fn note(&self, took: Duration) {
        let size = self.size();
        let next = if took > AIM {
            size / 2
        } else if took < AIM / 2 {
            size + size / 4 + 1
        } else {
            size
        };
        self.size.store(next.clamp(SMALLEST, LARGEST), Ordering::Relaxed);
        self.set_pause(BulkPace::pause_after(took));
    }

    /// Notes that a batch has failed; one that ran over its budget makes the next ones smaller.
    pub(crate) fn note_failure(&self, error: &Error) {
        if matches!(error, Error::TooSlow) {
            self.size.store((self.size() / 4).max(SMALLEST), Ordering::Relaxed);
        }
        self.set_pause(AIM);
    }

    fn set_pause(&self, pause: Duration) {
        self.pause.store(u64::try_from(pause.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }

    /// Notes that there is no batch to run.
    pub(crate) fn note_idle(&self) {
        self.pause.store(0, Ordering::Relaxed);
    }

    /// Notes that a job has started.
    pub(crate) fn note_start(&self) {
        self.started.notify_one();
    }

    /// Waits until the next batch may run.
    pub(crate) async fn wait(&self) {
        match self.pause.load(Ordering::Relaxed) {
            0 => {
                let _ = tokio::time::timeout(IDLE, self.started.notified()).await;
            }
            pause => tokio::time::sleep(Duration::from_millis(pause)).await,
        }
    }
}

#[cfg(test)]
mod tests;
