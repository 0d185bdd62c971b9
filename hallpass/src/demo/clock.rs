//! The clock of the demo, which is set to the dates at which things happened.

use std::sync::atomic::{AtomicI64, Ordering};

use hallpass_app::environment::Clock;
use hallpass_domain::time::Timestamp;

/// A clock that shows the time it was last set to.
pub(super) struct DemoClock(AtomicI64);

impl DemoClock {
    pub(super) fn new(now: Timestamp) -> DemoClock {
        DemoClock(AtomicI64::new(now.as_micros()))
    }

    pub(super) fn set(&self, now: Timestamp) {
        self.0.store(now.as_micros(), Ordering::Relaxed);
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}
