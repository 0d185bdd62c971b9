//! How much is run: `HALLPASS_LONG=1` asks for the long variants, `HALLPASS_SEED=n` for others.

#[expect(clippy::disallowed_methods, reason = "the one place of the tests that is configured")]
fn setting(key: &str) -> Option<String> {
    std::env::var(key).ok()
}

/// Whether the long variants are asked for.
#[must_use]
pub fn is_long() -> bool {
    setting("HALLPASS_LONG").is_some_and(|value| value == "1")
}

/// The short figure, or the long one where the long variants are asked for. `HALLPASS_ROUNDS`
/// bounds the long one.
#[must_use]
pub fn either(short: usize, long: usize) -> usize {
    if !is_long() {
        return short;
    }
    let most = setting("HALLPASS_ROUNDS").and_then(|value| value.parse().ok());
    long.min(most.unwrap_or(usize::MAX)).max(short)
}

/// The seed of a test, told from others by its number.
#[must_use]
pub fn first_seed(of_test: u64) -> u64 {
    let chosen = setting("HALLPASS_SEED").and_then(|value| value.parse().ok());
    chosen.unwrap_or(0x4841_4c4c) ^ (of_test << 40)
}
