//! The times of refused sign-ins, for addresses with and without an account in random order.

use std::time::Duration;

use hallpass_domain::time::Span;
use serde_json::json;
use tokio::time::Instant;

use crate::{Person, TestServer};

/// The times of each kind of address, each in ascending order.
pub struct SignInTimes {
    /// Of addresses with an account.
    pub known: Vec<Duration>,
    /// Of addresses without one.
    pub unknown: Vec<Duration>,
}

impl SignInTimes {
    /// Measures so many sign-ins at a server, where the first addresses have accounts; after some that fill caches.
    pub async fn sample(
        server: &TestServer,
        addresses: usize,
        (first, n): (usize, usize),
    ) -> Self {
        let person = server.anonymous();
        let mut times = SignInTimes { known: Vec::new(), unknown: Vec::new() };
        let mut random = 88_172_645_463_325_252_u64;
        for number in 0..first + n {
            // Attempts are counted by address: each waits for a day before the next.
            if number % addresses == 0 {
                server.clock.advance(Span::days(1));
            }
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let (kind, kept) = if random >> 32 & 1 == 1 {
                ("other", &mut times.unknown)
            } else {
                ("known", &mut times.known)
            };
            let email = format!("{kind}{}@example.com", number % addresses);
            let time = refused(&person, &email).await;
            if number >= first {
                kept.push(time);
            }
        }
        times.known.sort_unstable();
        times.unknown.sort_unstable();
        times
    }
}

async fn refused(person: &Person, email: &str) -> Duration {
    let body = json!({"email": email, "password": "not the password of anyone"});
    let start = Instant::now();
    let answer = person.post("/api/v1/sessions", body).await;
    let time = start.elapsed();
    answer.refused(401, "bad_credentials");
    time
}

/// The share of pairs in which the first is longer than the second, and by how many standard deviations that differs
/// from where both are alike (Mann-Whitney). Both are in ascending order.
#[must_use]
pub fn compare(first: &[Duration], second: &[Duration]) -> (f64, f64) {
    let longer = |time: &Duration| {
        let below = second.partition_point(|other| other < time);
        let equal = second.partition_point(|other| other <= time) - below;
        to_float(below) + to_float(equal) / 2.0
    };
    let (n, m) = (to_float(first.len()), to_float(second.len()));
    let share = first.iter().map(longer).sum::<f64>() / (n * m);
    (share, (share - 0.5) / ((n + m + 1.0) / (12.0 * n * m)).sqrt())
}

/// A number of samples, exactly.
fn to_float(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::INFINITY, f64::from)
}
