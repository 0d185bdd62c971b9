//! Times, as medians of many runs.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The median time of a run, in seconds, without the time to drop its result.
pub(crate) fn median_run<T>(runs: usize, work: impl FnMut() -> T) -> f64 {
    median_run_after(runs, || {}, work)
}

/// The median time of a run, in seconds, without the time of the work before each run.
pub(crate) fn median_run_after<T>(
    runs: usize,
    mut before: impl FnMut(),
    mut work: impl FnMut() -> T,
) -> f64 {
    let run = |_| {
        before();
        let start = Instant::now();
        let result = black_box(work());
        let elapsed = start.elapsed();
        drop(result);
        elapsed
    };
    median((0..runs).map(run).collect()).as_secs_f64()
}

/// The median time for one item, in seconds. The clock is read once per batch.
pub(crate) fn median_each<T>(items: &[T], batch: u32, mut work: impl FnMut(&T)) -> f64 {
    let batches = items.chunks_exact(batch as usize).map(|batch| {
        let start = Instant::now();
        batch.iter().for_each(&mut work);
        start.elapsed()
    });
    median(batches.collect()).as_secs_f64() / f64::from(batch)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
