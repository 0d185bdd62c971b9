//! Medians of many runs.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The median time of one of `count` things that each run does, over so many runs.
pub(crate) fn median_of_each<T>(
    runs: usize,
    count: usize,
    mut work: impl FnMut(usize) -> T,
) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|run| {
            let start = Instant::now();
            black_box(work(run));
            start.elapsed()
        })
        .collect();
    median(&mut times) / u32::try_from(count.max(1)).unwrap_or(u32::MAX)
}

/// The median time of a run.
pub(crate) fn median_run<T>(runs: usize, work: impl FnMut(usize) -> T) -> Duration {
    median_of_each(runs, 1, work)
}

/// The middle of some times.
pub(crate) fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The middle of times for batches of questions, as nanoseconds of one question.
pub(crate) fn nanoseconds(times: &mut [Duration], batch: usize) -> f64 {
    median(times).as_secs_f64() * 1e9
        / f64::from(u32::try_from(batch.max(1)).unwrap_or(u32::MAX))
}
