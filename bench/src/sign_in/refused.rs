//! The time of a refused sign-in, for addresses with and without an account: whether it tells which is which.
//!
//! Passwords are hashed at the lowest cost, so that the hash, which both have, hides nothing of the rest.

use std::time::{Duration, Instant};

use hallpass_domain::time::Span;
use hallpass_testkit::{Person, TestServer};
use serde_json::json;

/// The measured sign-ins.
const SAMPLES: usize = 10_000;

/// The addresses of each kind.
const ADDRESSES: usize = 100;

/// The times of one kind of address.
#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    /// The time below which a share of all is, in microseconds.
    fn quantile(&self, per_thousand: usize) -> f64 {
        let at = (self.0.len() * per_thousand / 1_000).min(self.0.len().saturating_sub(1));
        self.0.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e6)
    }
}

/// Measures and prints the distributions, and how often a guess from one time is right.
pub(super) fn measure() -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let [mut known, mut unknown] = runtime.block_on(sample())?;
    for times in [&mut known, &mut unknown] {
        times.0.sort_unstable();
    }
    println!("refused sign-ins, {SAMPLES} in random order, in microseconds:");
    for (what, times) in [("an account", &known), ("no account", &unknown)] {
        println!(
            "  {what}: p10 {:.0}, median {:.0}, p90 {:.0}, p99 {:.0} ({} samples)",
            times.quantile(100),
            times.quantile(500),
            times.quantile(900),
            times.quantile(990),
            times.0.len()
        );
    }
    let (share, deviations) = compare(&known.0, &unknown.0);
    println!(
        "  an account takes longer in {:.2} % of all pairs (50 % tells nothing); Mann-Whitney z = \
         {deviations:.2}",
        share * 100.0
    );
    Ok(())
}

async fn sample() -> Result<[Times; 2], String> {
    let server = TestServer::in_memory().await;
    for n in 0..ADDRESSES {
        let _ = server.sign_up_unconfirmed(&format!("known{n:03}")).await;
    }
    let person = server.anonymous();
    let mut times = [Times::default(), Times::default()];
    let mut random = 88_172_645_463_325_252_u64;
    // The first ones fill caches, and do not count.
    for n in 0..SAMPLES + 200 {
        // Attempts are counted by address: each waits for a day before the next.
        if n % ADDRESSES == 0 {
            server.clock.advance(Span::days(1));
        }
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let is_unknown = random >> 32 & 1 == 1;
        let kind = if is_unknown { "other" } else { "known" };
        let time = refused(&person, &format!("{kind}{:03}@example.com", n % ADDRESSES)).await?;
        if n >= 200
            && let Some(times) = times.get_mut(usize::from(is_unknown))
        {
            times.0.push(time);
        }
    }
    Ok(times)
}

async fn refused(person: &Person, email: &str) -> Result<Duration, String> {
    let body = json!({"email": email, "password": "not the password of anyone"});
    let start = Instant::now();
    let answer = person.post("/api/v1/sessions", body).await;
    let time = start.elapsed();
    if answer.code() == "bad_credentials" { Ok(time) } else { Err(answer.text) }
}

/// How often a time of the first is longer than one of the second, as a share of all pairs, and by how many
/// standard deviations the number differs from one half. Both are sorted.
fn compare(first: &[Duration], second: &[Duration]) -> (f64, f64) {
    let longer = |time: &Duration| {
        let below = second.partition_point(|other| other < time);
        let equal = second.partition_point(|other| other <= time) - below;
        to_float(below) + to_float(equal) / 2.0
    };
    let wins: f64 = first.iter().map(longer).sum();
    let (n, m) = (to_float(first.len()), to_float(second.len()));
    let deviation = (n * m * (n + m + 1.0) / 12.0).sqrt();
    (wins / (n * m), (wins - n * m / 2.0) / deviation)
}

/// A number of samples, exactly.
fn to_float(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::INFINITY, f64::from)
}
