//! The good tenant: a few people who work, and the time that each of their requests takes.

use std::time::Duration;

use super::client::Client;

/// The pause between two requests of a person.
const PAUSE: Duration = Duration::from_millis(30);

/// What the good tenant was answered.
#[derive(Default)]
pub(super) struct Times {
    all: Vec<Duration>,
    /// Requests that were not answered as they should have been: path and status.
    pub(super) wrong: Vec<(String, u16)>,
}

impl Times {
    pub(super) fn add(&mut self, others: Times) {
        self.all.extend(others.all);
        self.wrong.extend(others.wrong);
    }

    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    pub(super) fn slowest(&self) -> Duration {
        self.all.iter().max().copied().unwrap_or_default()
    }

    /// The time that 99 of 100 requests do not exceed.
    pub(super) fn p99(&self) -> Duration {
        let mut sorted = self.all.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() * 99 / 100).copied().unwrap_or_default()
    }

    async fn note(&mut self, expected: u16, path: &str, answer: super::client::Answer) {
        self.all.push(answer.took);
        if answer.status != expected {
            self.wrong.push((path.to_owned(), answer.status));
        }
        super::pause(PAUSE).await;
    }
}

/// How long a member works.
#[derive(Clone, Copy)]
pub(super) struct Shift {
    /// Each round has six requests.
    pub(super) rounds: usize,
    /// It ends then at the latest.
    pub(super) most: Duration,
}

/// Works.
pub(super) async fn work(client: &Client, shift: Shift) -> Times {
    let mut times = Times::default();
    let working = async {
        let base = "/api/v1/workspaces/acme";
        for _ in 0..shift.rounds {
            for path in ["/me", "/records/contacts?limit=20", "/members", "/dashboard"] {
                let answer = client.get(&format!("{base}{path}")).await;
                times.note(200, path, answer).await;
            }
            let body = r#"{"fields": {"name": "Zoe"}}"#;
            let answer = client.post(&format!("{base}/records/contacts"), body).await;
            times.note(201, "POST /records/contacts", answer).await;
            let body = r#"{"checks": [{"resource": "contacts", "action": "read"}]}"#;
            let answer = client.post(&format!("{base}/access/check"), body).await;
            times.note(200, "POST /access/check", answer).await;
        }
    };
    let _: Result<(), _> = tokio::time::timeout(shift.most, working).await;
    times
}
