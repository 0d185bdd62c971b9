//! Checks a peer's answers, then takes its time.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use serde::Serialize;

use crate::{Peer, Question};

/// Long enough for a steady median, short enough to wait for.
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
    /// Half of the decisions took no longer than this.
    pub median_ns: u64,
    /// All but one in a hundred took no longer than this.
    pub p99_ns: u64,
    /// How long it took to load the workload.
    pub load_ms: u128,
}

/// Asks a peer every question once, to check the answers, and then again and again to time it.
///
/// # Errors
/// When the peer cannot express a question.
pub fn measure(peer: &mut dyn Peer, questions: &[Question]) -> Result<Report, String> {
    peer.prepare(questions)?;
    let asked = questions.iter().enumerate();
    let wrong =
        asked.filter(|(index, question)| peer.decide(*index) != question.expect).count();
    let mut times = times(peer, questions.len());
    times.sort_unstable();
    Ok(Report {
        name: peer.name().to_owned(),
        version: peer.version().to_owned(),
        idiom: peer.idiom().to_owned(),
        questions: questions.len(),
        wrong,
        median_ns: percentile(&times, 50),
        p99_ns: percentile(&times, 99),
        load_ms: peer.loading().as_millis(),
    })
}

/// Each decision has a clock of its own, which adds some 30 ns to all of them alike.
fn times(peer: &mut dyn Peer, questions: usize) -> Vec<u64> {
    let start = now();
    let mut times = Vec::new();
    for index in (0..questions).cycle() {
        let before = now();
        black_box(peer.decide(black_box(index)));
        let after = now();
        times.push(u64::try_from((after - before).as_nanos()).unwrap_or(u64::MAX));
        if after - start > TIMED {
            break;
        }
    }
    times
}

fn percentile(sorted: &[u64], percent: usize) -> u64 {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or(0)
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this crate is for")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
