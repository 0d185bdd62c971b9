//! Times as medians: of the quietest of several passes, so that a busy machine does not count, for
//! the peers as for us.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Passes over the same work.
const PASSES: usize = 9;

/// The median time of a run, in the quietest of several passes of so many runs; dropping what a
/// run made is not counted.
pub(crate) fn median_run<T>(runs: usize, mut work: impl FnMut(usize) -> T) -> Duration {
    quietest(|| {
        let run = |run| {
            let start = Instant::now();
            let made = black_box(work(run));
            let elapsed = start.elapsed();
            drop(made);
            elapsed
        };
        (0..runs).map(run).collect()
    })
}

/// The median time of one thing among so many that are done between two looks at the clock, in the
/// quietest of several passes, in nanoseconds.
pub(crate) fn nanoseconds_each<T>(things: &[T], batch: usize, mut work: impl FnMut(&T)) -> f64 {
    let time = quietest(|| {
        let batches = things.chunks_exact(batch).map(|batch| {
            let start = Instant::now();
            batch.iter().for_each(&mut work);
            start.elapsed()
        });
        batches.collect()
    });
    time.as_secs_f64() * 1e9 / f64::from(u32::try_from(batch.max(1)).unwrap_or(u32::MAX))
}

fn quietest(mut pass: impl FnMut() -> Vec<Duration>) -> Duration {
    let medians = (0..PASSES).map(|_| median(pass()));
    medians.min().unwrap_or_default()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
