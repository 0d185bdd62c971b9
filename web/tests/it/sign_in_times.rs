//! The time of a refused sign-in at the default cost of a hash: it does not tell whether an address has an account.
//!
//! `HALLPASS_LONG=1` takes 10,000 samples, some ten minutes. `cargo xtask bench sign-in` measures the rest of the
//! request at the lowest cost.

use std::time::Duration;

use hallpass_app::hasher::HashCost;
use hallpass_testkit::sign_in_times::compare;
use hallpass_testkit::{SignInTimes, TestServer, test_size};

/// The addresses of each kind.
const ADDRESSES: usize = 20;

/// The samples that fill caches, and do not count.
const FIRST: usize = 10;

/// By how many standard deviations the order of the times may differ from chance.
const NOISE: f64 = 5.0;

#[tokio::test]
async fn a_refused_sign_in_takes_as_long_for_every_address_at_the_default_cost() {
    let samples = test_size::either(80, 10_000);
    let server = TestServer::with_hash_cost(HashCost::USUAL).await;
    for n in 0..ADDRESSES {
        let _ = server.sign_up(&format!("known{n}")).await;
    }
    let times = SignInTimes::sample(&server, ADDRESSES, (FIRST, samples)).await;

    let SignInTimes { known, unknown } = times;
    let (share, deviations) = compare(&known, &unknown);
    println!(
        "{samples} refused sign-ins: median {:?} with an account, {:?} without; longer with one in {:.2} % of pairs, \
         z = {:.2}",
        known[known.len() / 2],
        unknown[unknown.len() / 2],
        share * 100.0,
        deviations,
    );
    assert!(deviations.abs() < NOISE, "{share} in {samples} samples");
    // The control: one hash in place of two is told from the times of the same machine.
    let half: Vec<Duration> = known.iter().map(|time| *time / 2).collect();
    let (share, deviations) = compare(&half, &unknown);
    assert!(deviations.abs() > NOISE, "{share}");
}
