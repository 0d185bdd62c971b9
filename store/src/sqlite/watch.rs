//! Watches the statement that a connection runs, and ends it: after so many steps, or when told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use rusqlite::Connection;

/// Instructions of SQLite's machine between two looks. Some twenty thousand take a millisecond.
const LOOK_EVERY: i32 = 1_000;

/// Looks after which a statement has read too much for the thread that serves other requests too.
const INLINE_LOOKS: u32 = 25;

const UNLIMITED: u32 = u32::MAX;

/// The watch over a connection. It looks between instructions, so that what it ends is ended cleanly.
pub(super) struct Watch {
    left: AtomicU32,
    is_stopped: AtomicBool,
}

impl Watch {
    /// Begins to watch a new connection.
    pub(super) fn over(connection: &mut Connection) -> rusqlite::Result<Arc<Watch>> {
        let watch = Arc::new(Watch {
            left: AtomicU32::new(UNLIMITED),
            is_stopped: AtomicBool::new(false),
        });
        let looking = Arc::clone(&watch);
        connection.progress_handler(LOOK_EVERY, Some(move || looking.look()))?;
        Ok(watch)
    }

    /// Lets the next statement take a bounded number of steps.
    pub(super) fn allow_few(&self) {
        self.allow(INLINE_LOOKS);
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
        let left = left.saturating_sub(1);
        self.left.store(left, Ordering::Relaxed);
        left == 0
    }
}
