//! Rate limits, by the address of the client.

pub(crate) mod layer;

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::{StateInformationMiddleware, StateSnapshot};
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

/// The requests per minute from one address.
const REQUESTS: u32 = 60;

/// The seconds in which so many come back.
const WINDOW: u32 = 60;

/// The addresses that are stored before those without recent requests are dropped.
const MOST_ADDRESSES: usize = 10_000;

type Limiter = RateLimiter<
    String,
    DefaultKeyedStateStore<String>,
    DefaultClock,
    StateInformationMiddleware,
>;

/// The counted requests of each address.
pub struct Limits {
    limiter: Limiter,
}

impl Default for Limits {
    fn default() -> Limits {
        let quota = Quota::per_minute(NonZeroU32::new(REQUESTS).unwrap_or(NonZeroU32::MIN));
        Limits { limiter: RateLimiter::keyed(quota).with_middleware() }
    }
}

impl Limits {
    /// Counts a request from an address. The error is the number of seconds to wait.
    fn count(&self, address: &str) -> Result<StateSnapshot, i64> {
        if self.limiter.len() > MOST_ADDRESSES {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&address.to_owned()).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            i64::try_from(wait.as_secs()).unwrap_or(i64::MAX).saturating_add(1)
        })
    }
}

#[cfg(test)]
mod tests;
