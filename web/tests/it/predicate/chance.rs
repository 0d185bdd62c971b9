//! Chance that can be repeated: `HALLPASS_SEED=n` begins with another number, `HALLPASS_LONG=1` asks
//! for more worlds.

/// A generator of numbers (`SplitMix64`).
pub(super) struct Chance(u64);

#[expect(
    clippy::disallowed_methods,
    reason = "the one place of these tests that is configured"
)]
fn setting(key: &str) -> Option<String> {
    std::env::var(key).ok()
}

/// The seed of the first world; the others count on from it.
pub(super) fn first_seed() -> u64 {
    let chosen = setting("HALLPASS_SEED").and_then(|value| value.parse().ok());
    chosen.unwrap_or(0x4841_4c4c)
}

/// The short figure, or the long one where the long variants are asked for.
pub(super) fn either(short: u64, long: u64) -> u64 {
    if setting("HALLPASS_LONG").is_some_and(|value| value == "1") { long } else { short }
}

impl Chance {
    pub(super) const fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below the bound; 0 for the bound 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from(self.number() % bound).unwrap()
    }

    /// True in so many cases of a hundred.
    pub(super) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Each entry in so many cases of a hundred, in order.
    pub(super) fn some<T: Clone>(&mut self, from: &[T], percent: usize) -> Vec<T> {
        from.iter().filter(|_| self.percent(percent)).cloned().collect()
    }
}
