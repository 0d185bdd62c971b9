//! The outside world as the use cases see it: the time and chance.

use std::sync::Mutex;

use hallpass_domain::time::Timestamp;
use ring::rand::SecureRandom as _;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that everybody else is told"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let micros = since.map_or(0, |since| since.as_micros());
        Timestamp(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

/// Makes what nobody can guess.
pub trait RandomSource: Send + Sync {
    /// Fills a place with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The random numbers of the machine.
pub struct SystemRandom(ring::rand::SystemRandom);

impl Default for SystemRandom {
    fn default() -> SystemRandom {
        SystemRandom(ring::rand::SystemRandom::new())
    }
}

impl RandomSource for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // The kernel gives them since it has booted; a process without them must not go on.
        if self.0.fill(bytes).is_err() {
            std::process::abort();
        }
    }
}

/// Makes ids, `UUIDv7`, each higher than those before it.
#[derive(Default)]
pub(crate) struct Ids {
    last: Mutex<u128>,
}

impl Ids {
    pub(crate) fn next(&self, now: Timestamp, random: &dyn RandomSource) -> Uuid {
        let mut bytes = [0_u8; 10];
        random.fill(&mut bytes);
        let millis = u64::try_from(now.0 / 1_000).unwrap_or(0);
        let fresh = uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid();
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Of two ids of one millisecond the later is the higher. The step stays within the random
        // part: 2^62 ids would have to come before the clock moves on.
        let id = if fresh.as_u128() > *last { fresh.as_u128() } else { *last + 1 };
        *last = id;
        Uuid::from_u128(id)
    }
}
