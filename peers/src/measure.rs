//! Checks the answers of a peer, then times it.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use serde::Serialize;

use crate::peer::{Peer, Question};

/// How long a peer is timed: long enough for a pass without other load on the machine.
const TIMED: Duration = Duration::from_secs(5);

/// The figures of a peer.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The name of the engine.
    pub name: String,
    /// The version of the engine.
    pub version: String,
    /// How the engine was used.
    pub idiom: String,
    /// The number of questions.
    pub questions: usize,
    /// The number of wrong answers.
    pub wrong: usize,
    /// The median time of a decision in the fastest pass.
    pub median_ns: f64,
    /// The 99th percentile of that pass.
    pub p99_ns: f64,
    /// The time to load the workload.
    pub load_ms: f64,
}

/// Asks a peer every question once, to check the answers, and then repeatedly, to time it.
pub fn measure(peer: &mut dyn Peer, questions: &[Question]) -> Result<Report, String> {
    if questions.is_empty() {
        return Err("no questions to ask".to_owned());
    }
    peer.prepare(questions)?;
    let answers = questions.iter().enumerate();
    let wrong =
        answers.filter(|(index, question)| peer.decide(*index) != question.expect).count();
    let (median, p99) = fastest_pass(peer, questions.len());
    Ok(Report {
        name: peer.name().to_owned(),
        version: peer.version().to_owned(),
        idiom: peer.idiom().to_owned(),
        questions: questions.len(),
        wrong,
        median_ns: (median.as_secs_f64() * 1e9).round(),
        p99_ns: (p99.as_secs_f64() * 1e9).round(),
        load_ms: (peer.loading().as_secs_f64() * 1e3).round(),
    })
}

/// The median and the 99th percentile of the pass with the lowest median, so that other load on the
/// machine does not make a peer look slow.
fn fastest_pass(peer: &mut dyn Peer, questions: usize) -> (Duration, Duration) {
    let start = now();
    let mut times = Vec::with_capacity(questions);
    let mut fastest = (Duration::MAX, Duration::MAX);
    while start.elapsed() < TIMED {
        times.clear();
        times.extend((0..questions).map(|index| time(peer, index)));
        times.sort_unstable();
        fastest = fastest.min((percentile(&times, 50), percentile(&times, 99)));
    }
    fastest
}

/// Each decision is timed alone, which adds about 30 ns to every one.
fn time(peer: &mut dyn Peer, index: usize) -> Duration {
    let start = now();
    black_box(peer.decide(black_box(index)));
    start.elapsed()
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this crate is for")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
