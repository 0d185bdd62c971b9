//! Runs a target for a number of inputs or seconds.

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use crate::mutation::Mutator;
use crate::targets::Target;

/// How long an input may take.
const LONGEST: Duration = Duration::from_secs(5);

/// When a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// After so many inputs.
    Iterations(u64),
    /// After so much time.
    Time(Duration),
}

/// An input for which a target does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Why.
    pub reason: String,
    /// The number of the input in the run.
    pub iteration: u64,
    /// The input.
    pub input: Vec<u8>,
}

/// Runs a target on inputs that are derived from a corpus, and returns how many there were.
///
/// # Errors
///
/// With the first input that makes the target panic or takes too long.
pub fn run(
    target: &Target,
    corpus: &[Vec<u8>],
    seed: u64,
    limit: Limit,
) -> Result<u64, Box<Failure>> {
    let corpus = corpus.iter().map(Vec::as_slice).collect();
    let mut mutator = Mutator::new(corpus, target.words, seed);
    let start = now();
    let mut iteration = 0;
    loop {
        let is_done = match limit {
            Limit::Iterations(most) => iteration >= most,
            Limit::Time(most) => start.elapsed() >= most,
        };
        if is_done {
            return Ok(iteration);
        }
        let input = mutator.next_input();
        check(target, &input)
            .map_err(|reason| Box::new(Failure { reason, iteration, input }))?;
        iteration += 1;
    }
}

/// Runs a target on one input.
///
/// # Errors
///
/// With the reason if the target panics or takes too long.
pub fn check(target: &Target, input: &[u8]) -> Result<(), String> {
    let start = now();
    let run = target.run;
    if catch_unwind(|| run(input)).is_err() {
        return Err("it panics".to_owned());
    }
    let took = start.elapsed();
    if took > LONGEST {
        return Err(format!("it takes {} s", took.as_secs()));
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a run is limited by time")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests;
