//! Random numbers from a seed, the same on every machine.

use std::sync::{Mutex, PoisonError};

use hallpass_app::environment::RandomSource;

/// A random source that repeats itself for the same seed.
pub struct SeededRandom(Mutex<Rng>);

impl SeededRandom {
    /// The random source of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> SeededRandom {
        SeededRandom(Mutex::new(Rng::new(seed)))
    }
}

impl RandomSource for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for part in bytes.chunks_mut(8) {
            let number = rng.number().to_le_bytes();
            part.copy_from_slice(&number[..part.len()]);
        }
    }
}

/// A generator of numbers (`SplitMix64`).
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// The generator of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, the bound; 0 if the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).expect("64 bits");
        usize::try_from(self.number() % bound).expect("below a usize")
    }

    /// True with a probability in percent.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A random item; none if there is none.
    pub fn one<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let at = self.below(from.len());
        from.get(at).cloned()
    }

    /// A random item of a list that is not empty.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Each item with a probability in percent, in order.
    pub fn some<T: Clone>(&mut self, from: &[T], percent: usize) -> Vec<T> {
        from.iter().filter(|_| self.percent(percent)).cloned().collect()
    }
}
