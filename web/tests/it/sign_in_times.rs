//! The time of a refused sign-in at the default cost of a hash: it does not tell whether an address has an account.
//!
//! `HALLPASS_LONG=1` takes 10,000 samples, some ten minutes. `cargo xtask bench sign-in` measures the rest of the
//! request at the lowest cost.

use std::time::Duration;

use hallpass_app::hasher::HashCost;
use hallpass_domain::time::Span;
use hallpass_testkit::{Person, TestServer, test_size};
use serde_json::json;
use tokio::time::Instant;

/// The addresses of each kind.
const ADDRESSES: usize = 20;

/// The samples that fill caches, and do not count.
const FIRST: usize = 10;

/// By how many standard deviations the order of the times may differ from chance.
const NOISE: f64 = 5.0;

async fn refused(person: &Person, email: &str) -> Duration {
    let body = json!({"email": email, "password": "not the password of anyone"});
    let start = Instant::now();
    let answer = person.post("/api/v1/sessions", body).await;
    let time = start.elapsed();
    answer.refused(401, "bad_credentials");
    time
}

/// The share of pairs in which the first is longer than the second, and its standard deviation where both are alike
/// (Mann-Whitney).
fn compare(first: &[Duration], second: &[Duration]) -> (f64, f64) {
    let float = |n: usize| f64::from(u32::try_from(n).unwrap());
    let longer = |time: &Duration| {
        let below = second.iter().filter(|other| *other < time).count();
        let equal = second.iter().filter(|other| *other == time).count();
        float(below) + float(equal) / 2.0
    };
    let (n, m) = (float(first.len()), float(second.len()));
    let share = first.iter().map(longer).sum::<f64>() / (n * m);
    (share, ((n + m + 1.0) / (12.0 * n * m)).sqrt())
}

#[tokio::test]
async fn a_refused_sign_in_takes_as_long_for_every_address_at_the_default_cost() {
    let samples = test_size::either(80, 10_000);
    let server = TestServer::with_hash_cost(HashCost::USUAL).await;
    for n in 0..ADDRESSES {
        let _ = server.sign_up(&format!("known{n}")).await;
    }
    let person = server.anonymous();
    let mut times = [Vec::new(), Vec::new()];
    let mut random = 88_172_645_463_325_252_u64;
    for n in 0..samples + FIRST {
        // Attempts are counted by address: each waits for a day before the next.
        if n % ADDRESSES == 0 {
            server.clock.advance(Span::days(1));
        }
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let is_unknown = random >> 32 & 1 == 1;
        let kind = if is_unknown { "other" } else { "known" };
        let time = refused(&person, &format!("{kind}{}@example.com", n % ADDRESSES)).await;
        if n >= FIRST {
            times[usize::from(is_unknown)].push(time);
        }
    }

    let [mut known, mut unknown] = times;
    let (share, deviation) = compare(&known, &unknown);
    known.sort_unstable();
    unknown.sort_unstable();
    println!(
        "{samples} refused sign-ins: median {:?} with an account, {:?} without; longer with one in {:.2} % of pairs, \
         z = {:.2}",
        known[known.len() / 2],
        unknown[unknown.len() / 2],
        share * 100.0,
        (share - 0.5) / deviation,
    );
    assert!((share - 0.5).abs() < NOISE * deviation, "{share} in {samples} samples");
    // The control: one hash in place of two is told from the times of the same machine.
    let half: Vec<Duration> = known.iter().map(|time| *time / 2).collect();
    let (share, deviation) = compare(&half, &unknown);
    assert!((share - 0.5).abs() > NOISE * deviation, "{share}");
}
