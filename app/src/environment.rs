//! The time and randomness that use cases depend on.

use std::sync::Mutex;

use hallpass_domain::time::Timestamp;
use ring::rand::SecureRandom as _;
use uuid::Uuid;

/// A source of the time.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "every other clock wraps this one")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let micros = since.map_or(0, |since| since.as_micros());
        Timestamp::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

/// A source of unpredictable bytes.
pub trait RandomSource: Send + Sync {
    /// Fills a buffer with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The random source of the operating system.
pub struct SystemRandom(ring::rand::SystemRandom);

impl Default for SystemRandom {
    fn default() -> SystemRandom {
        SystemRandom(ring::rand::SystemRandom::new())
    }
}

impl RandomSource for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // The kernel provides them from boot on; without them tokens could be guessed.
        if self.0.fill(bytes).is_err() {
            std::process::abort();
        }
    }
}

/// The lowest id that is made from a time on.
pub(crate) fn lowest_id(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.as_micros() / 1_000).unwrap_or(0);
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid();
    // Without the version and the variant, which are set in every id.
    Uuid::from_u128(id.as_u128() >> 80 << 80)
}

/// Makes ids: `UUIDv7`, each higher than the one before.
#[derive(Default)]
pub(crate) struct Ids {
    last: Mutex<u128>,
}

impl Ids {
    /// Goes on after an id, with some room for ids that were made after it. An id of another kind is ignored.
    pub(crate) fn continue_after(&self, id: Uuid) {
        /// A second, where an id has milliseconds.
        const ROOM: u128 = 1_000 << 80;
        if id.get_version_num() != 7 {
            return;
        }
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *last = (*last).max(id.as_u128().saturating_add(ROOM));
    }

    pub(crate) fn next(&self, now: Timestamp, random: &dyn RandomSource) -> Uuid {
        let mut bytes = [0_u8; 10];
        random.fill(&mut bytes);
        let millis = u64::try_from(now.as_micros() / 1_000).unwrap_or(0);
        let fresh = uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid();
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Within a millisecond, and while the clock is behind, the later id is the higher one. The increment stays in the random part:
        // it would take 2^62 ids in one millisecond to leave it.
        let id = if fresh.as_u128() > *last { fresh.as_u128() } else { *last + 1 };
        *last = id;
        Uuid::from_u128(id)
    }
}

#[cfg(test)]
mod tests;
