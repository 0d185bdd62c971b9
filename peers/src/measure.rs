//! Checks a peer's answers, then takes its time.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use serde::Serialize;

use crate::{Peer, Question};

/// Long enough for a quiet pass, short enough to wait for.
const TIMED: Duration = Duration::from_secs(5);

/// What the bench says about a peer.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The engine's name.
    pub name: String,
    /// The engine's version.
    pub version: String,
    /// The form in which it was used.
    pub idiom: String,
    /// How many different questions it answered.
    pub questions: usize,
    /// How many of them it answered wrongly.
    pub wrong: usize,
    /// Half of the decisions of the quietest pass took no longer than this.
    pub median_ns: f64,
    /// All but one in a hundred decisions of that pass took no longer than this.
    pub p99_ns: f64,
    /// How long it took to load the workload.
    pub load_ms: f64,
}

/// Asks a peer every question once, to check the answers, and then again and again to time it.
///
/// # Errors
/// When there are no questions, or the peer cannot express one.
pub fn measure(peer: &mut dyn Peer, questions: &[Question]) -> Result<Report, String> {
    if questions.is_empty() {
        return Err("there are no questions".to_owned());
    }
    peer.prepare(questions)?;
    let asked = questions.iter().enumerate();
    let wrong =
        asked.filter(|(index, question)| peer.decide(*index) != question.expect).count();
    let (median, p99) = quietest_pass(peer, questions.len());
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

/// The median and the 99th percentile of the pass with the lowest median: a busy machine must
/// not make a peer look slow.
fn quietest_pass(peer: &mut dyn Peer, questions: usize) -> (Duration, Duration) {
    let start = now();
    let mut times = Vec::with_capacity(questions);
    let mut quietest = (Duration::MAX, Duration::MAX);
    while start.elapsed() < TIMED {
        times.clear();
        times.extend((0..questions).map(|index| time(peer, index)));
        times.sort_unstable();
        quietest = quietest.min((percentile(&times, 50), percentile(&times, 99)));
    }
    quietest
}

/// Each decision has a clock of its own, which adds some 30 ns to all of them alike.
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
