//! The size of random tests: `HALLPASS_LONG=1` runs the long variants, `HALLPASS_QUICK=1` a tenth of
//! the short ones, and `HALLPASS_SEED=n` other worlds.

use std::time::Duration;
use std::time::Instant;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment of the tests"
)]
fn setting(key: &str) -> Option<String> {
    std::env::var(key).ok()
}

fn is_on(key: &str) -> bool {
    setting(key).is_some_and(|value| value == "1")
}

/// The first number, or the second in a long run.
pub(crate) fn either(short: u64, long: u64) -> u64 {
    if is_on("HALLPASS_LONG") { long } else { short }
}

/// How many random cases are tried: like [`either`], and a tenth of the first in a quick run.
pub(crate) fn cases(short: u64, long: u64) -> u64 {
    if is_on("HALLPASS_QUICK") { short.div_ceil(10) } else { either(short, long) }
}

/// The seed of the first world of a test; the next worlds have the next seeds.
pub(crate) fn first_seed(of_test: u64) -> u64 {
    let chosen = setting("HALLPASS_SEED").and_then(|value| value.parse().ok());
    chosen.unwrap_or(0x4841_4c4c) ^ (of_test << 40)
}

/// Runs a property for some random cases, which shrink where it fails; the seed is that of the test.
pub(crate) fn property<S: Strategy>(
    of_test: u64,
    cases: u64,
    cases_of: S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config {
        cases: u32::try_from(cases).unwrap(),
        failure_persistence: None,
        ..Config::default()
    };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&first_seed(of_test).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let outcome = TestRunner::new_with_rng(config, rng).run(&cases_of, property);
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// Counts decisions and prints a summary at the end.
pub(crate) struct Totals {
    what: &'static str,
    seed: u64,
    began: Instant,
    pub(crate) questions: u64,
    pub(crate) yes: u64,
    pub(crate) worlds: u64,
}

#[expect(clippy::disallowed_methods, reason = "for the printed rate only")]
fn clock() -> Instant {
    Instant::now()
}

/// Measures how long something takes, for printing only.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = clock();
    let done = work();
    (done, clock() - began)
}

impl Totals {
    pub(crate) fn new(what: &'static str, seed: u64) -> Totals {
        Totals { what, seed, began: clock(), questions: 0, yes: 0, worlds: 0 }
    }

    pub(crate) fn add(&mut self, asked: Counts) {
        self.questions += asked.questions;
        self.yes += asked.yes;
    }

    pub(crate) fn print(&self) {
        let Totals { what, seed, questions, yes, worlds, .. } = self;
        let millis = (clock() - self.began).as_millis().max(1);
        let rate = u128::from(*questions) * 1_000 / millis;
        println!(
            "{what}: {questions} questions ({yes} yes) in {worlds} worlds, {millis} ms, \
             {rate} a second, seed {seed}"
        );
    }
}

/// The number of decisions, and of those that allow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) questions: u64,
    pub(crate) yes: u64,
}

impl Counts {
    pub(crate) fn count(&mut self, answer: bool) {
        self.questions += 1;
        self.yes += u64::from(answer);
    }
}
