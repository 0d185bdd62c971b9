//! The size of randomised tests: `HALLPASS_LONG=1` runs the long variants, `HALLPASS_SEED=n` other
//! inputs.

#[expect(clippy::disallowed_methods, reason = "the one place where tests are configured")]
fn setting(key: &str) -> Option<String> {
    std::env::var(key).ok()
}

/// Whether the long variants run.
#[must_use]
pub fn is_long() -> bool {
    setting("HALLPASS_LONG").is_some_and(|value| value == "1")
}

/// The size of the short variant, or of the long one if that runs. `HALLPASS_ROUNDS` bounds the long
/// one.
#[must_use]
pub fn either(short: usize, long: usize) -> usize {
    if !is_long() {
        return short;
    }
    let most = setting("HALLPASS_ROUNDS").and_then(|value| value.parse().ok());
    long.min(most.unwrap_or(usize::MAX)).max(short)
}

/// The first seed of a test, which differs by the number of the test.
#[must_use]
pub fn first_seed(of_test: u64) -> u64 {
    let chosen = setting("HALLPASS_SEED").and_then(|value| value.parse().ok());
    chosen.unwrap_or(0x4841_4c4c) ^ (of_test << 40)
}
