//! How much is asked in one run, and how much was: `HALLPASS_LONG=1` asks for the long variants,
//! `HALLPASS_SEED=n` for other worlds.

use std::time::Duration;
use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "the one place of the tests that is configured")]
fn setting(key: &str) -> Option<String> {
    std::env::var(key).ok()
}

/// The short figure, or the long one where the long variants are asked for.
pub(crate) fn either(short: u64, long: u64) -> u64 {
    if setting("HALLPASS_LONG").is_some_and(|value| value == "1") { long } else { short }
}

/// The seed of the first world of a test; the others count on from it.
pub(crate) fn first_seed(of_test: u64) -> u64 {
    let chosen = setting("HALLPASS_SEED").and_then(|value| value.parse().ok());
    chosen.unwrap_or(0x4841_4c4c) ^ (of_test << 40)
}

/// Counts what was asked, and tells it at the end.
pub(crate) struct Tally {
    what: &'static str,
    seed: u64,
    began: Instant,
    pub(crate) questions: u64,
    pub(crate) yes: u64,
    pub(crate) worlds: u64,
}

#[expect(clippy::disallowed_methods, reason = "the rate is told, nothing depends on it")]
fn clock() -> Instant {
    Instant::now()
}

/// How long something takes; only ever told, nothing depends on it.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = clock();
    let done = work();
    (done, clock() - began)
}

impl Tally {
    pub(crate) fn new(what: &'static str, seed: u64) -> Tally {
        Tally { what, seed, began: clock(), questions: 0, yes: 0, worlds: 0 }
    }

    pub(crate) fn add(&mut self, asked: Asked) {
        self.questions += asked.questions;
        self.yes += asked.yes;
    }

    pub(crate) fn tell(&self) {
        let Tally { what, seed, questions, yes, worlds, .. } = self;
        let millis = (clock() - self.began).as_millis().max(1);
        let rate = u128::from(*questions) * 1_000 / millis;
        println!(
            "{what}: {questions} questions ({yes} yes) in {worlds} worlds, {millis} ms, \
             {rate} a second, seed {seed}"
        );
    }
}

/// How many questions were asked, and how many of them were answered with yes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) questions: u64,
    pub(crate) yes: u64,
}

impl Asked {
    pub(crate) fn count(&mut self, answer: bool) {
        self.questions += 1;
        self.yes += u64::from(answer);
    }
}
