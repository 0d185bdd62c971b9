//! A clock that tests move.

use std::sync::atomic::{AtomicI64, Ordering};

use hallpass_app::environment::Clock;
use hallpass_domain::time::{Span, Timestamp};

/// A clock that moves only by [`ManualClock::advance`]. It starts at noon on a day in March 2026.
pub struct ManualClock(AtomicI64);

impl Default for ManualClock {
    fn default() -> ManualClock {
        ManualClock(AtomicI64::new(1_773_576_000_000_000))
    }
}

impl ManualClock {
    /// Moves the clock.
    pub fn advance(&self, span: Span) {
        self.0.fetch_add(span.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}
