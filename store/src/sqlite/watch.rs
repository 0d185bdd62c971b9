//! Watches the statement that a connection runs, and ends it: after so many steps, or when told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use rusqlite::Connection;
use tokio::time::Instant;

/// Instructions of SQLite's machine between two looks. Some twenty thousand take a millisecond.
const LOOK_EVERY: i32 = 1_000;

/// How long a statement runs at most on the thread that serves other requests too, in microseconds: pages
/// that are not in memory take longer than instructions.
const MICROS: u64 = 3_000;

const UNLIMITED: u32 = u32::MAX;

/// The watch over a connection. It looks between instructions, so that what it ends is ended cleanly.
pub(super) struct Watch {
    left: AtomicU32,
    is_stopped: AtomicBool,
    began: Instant,
    /// When the statement that may take few steps has to end, in microseconds.
    until: AtomicU64,
    /// How many looks are few.
    few: u32,
}

impl Watch {
    /// Begins to watch a new connection.
    pub(super) fn over(connection: &mut Connection, few: u32) -> rusqlite::Result<Arc<Watch>> {
        let watch = Arc::new(Watch {
            left: AtomicU32::new(UNLIMITED),
            is_stopped: AtomicBool::new(false),
            began: Instant::now(),
            until: AtomicU64::new(u64::MAX),
            few,
        });
        let looking = Arc::clone(&watch);
        connection.progress_handler(LOOK_EVERY, Some(move || looking.look()))?;
        Ok(watch)
    }

    /// Lets the next statement take a bounded number of steps, and a bounded time.
    pub(super) fn allow_few(&self) {
        let until = if self.few == UNLIMITED { u64::MAX } else { self.now() + MICROS };
        self.until.store(until, Ordering::Relaxed);
        self.allow(self.few);
    }

    /// Lets the next statement run to its end.
    pub(super) fn allow_all(&self) {
        self.allow(UNLIMITED);
    }

    /// Whether the last statement was ended since it took more than few steps.
    pub(super) fn is_exhausted(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    /// Whether the statement is to end.
    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Acquire)
    }

    /// Ends the statement that runs.
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Release);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn allow(&self, looks: u32) {
        self.is_stopped.store(false, Ordering::Release);
        self.left.store(looks, Ordering::Relaxed);
    }

    /// Whether the statement ends here. Only the thread that runs it looks.
    fn look(&self) -> bool {
        if self.is_stopped() {
            return true;
        }
        let left = self.left.load(Ordering::Relaxed);
        if left == UNLIMITED {
            return false;
        }
        let is_late = self.now() >= self.until.load(Ordering::Relaxed);
        let left = if is_late { 0 } else { left.saturating_sub(1) };
        self.left.store(left, Ordering::Relaxed);
        left == 0
    }
}

#[cfg(test)]
mod tests;
