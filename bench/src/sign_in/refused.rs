//! The time of a refused sign-in, for addresses with and without an account: whether it tells which is which.
//!
//! Passwords are hashed at the lowest cost, so that the hash, which both have, hides nothing of the rest.

use std::time::Duration;

use hallpass_testkit::sign_in_times::compare;
use hallpass_testkit::{SignInTimes, TestServer};

/// The measured sign-ins.
const SAMPLES: usize = 10_000;

/// The addresses of each kind.
const ADDRESSES: usize = 100;

/// The sign-ins that fill caches, and do not count.
const FIRST: usize = 200;

/// The time below which a share of all is, in microseconds.
fn quantile(times: &[Duration], per_thousand: usize) -> f64 {
    let at = (times.len() * per_thousand / 1_000).min(times.len().saturating_sub(1));
    times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}

/// Measures and prints the distributions, and how often a guess from one time is right.
pub(super) fn measure() -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let SignInTimes { known, unknown } = runtime.block_on(async {
        let server = TestServer::in_memory().await;
        for n in 0..ADDRESSES {
            let _ = server.sign_up_unconfirmed(&format!("known{n}")).await;
        }
        SignInTimes::sample(&server, ADDRESSES, (FIRST, SAMPLES)).await
    });
    println!("refused sign-ins, {SAMPLES} in random order, in microseconds:");
    for (what, times) in [("an account", &known), ("no account", &unknown)] {
        println!(
            "  {what}: p10 {:.0}, median {:.0}, p90 {:.0}, p99 {:.0} ({} samples)",
            quantile(times, 100),
            quantile(times, 500),
            quantile(times, 900),
            quantile(times, 990),
            times.len()
        );
    }
    let (share, deviations) = compare(&known, &unknown);
    println!(
        "  an account takes longer in {:.2} % of all pairs (50 % tells nothing); Mann-Whitney z = \
         {deviations:.2}",
        share * 100.0
    );
    Ok(())
}
