//! A storm of sign-ins, each from another network, beside a client that works.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::server::{self, Connection, Server};
use crate::table::Gauge;

/// Sign-ins in a second.
const RATE: u32 = 200;

/// How long the storm lasts.
const LASTS: Duration = Duration::from_mins(1);

/// The clients that sign in: as many wait for an answer at most.
const CLIENTS: u32 = 400;

/// The pause between two requests of the client that works.
const PAUSE: Duration = Duration::from_millis(10);

/// Measures the requests of a member during a storm of sign-ins, half of which have the right password.
pub(super) fn measure(folder: &Path) -> Result<Vec<Gauge<'static>>, String> {
    let server = Server::start_with(folder, &["--trusted-proxies", "127.0.0.1/32"])?;
    let cookie = server::sign_up(&server)?;
    let (over, sent) = (AtomicBool::new(false), AtomicU64::new(0));
    let (times, answers) = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (server, over, sent) = (&server, &over, &sent);
                scope.spawn(move || storm(server, number, over, sent))
            })
            .collect();
        let times = work(&server, &cookie);
        over.store(true, Ordering::Relaxed);
        let answers = clients.into_iter().map(|client| {
            client.join().map_err(|_| "a client panicked".to_owned()).and_then(|found| found)
        });
        (times, answers.collect::<Result<Vec<_>, _>>())
    });
    let (mut times, answers) = (times?, answers?);
    times.sort_unstable();
    let at = |share: usize| {
        times.get(times.len() * share / 1_000).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    let of = |kind: usize| answers.iter().filter_map(|one| one.get(kind)).sum::<u64>();
    println!(
        "{} sign-ins in {} s: {} signed in, {} refused, {} told to try again; requests of another person: {}, \
         median {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
        sent.load(Ordering::Relaxed),
        LASTS.as_secs(),
        of(0),
        of(1),
        of(2),
        times.len(),
        at(500),
        at(990),
        at(1_000 - 1)
    );
    Ok(vec![Gauge::known("p99 of others in a storm of sign-ins", (50.0, "ms"), at(990))])
}

/// Signs in at the share of one client until it is over: how many signed in, were refused, and were told to try
/// again later.
fn storm(
    server: &Server,
    number: u32,
    over: &AtomicBool,
    sent: &AtomicU64,
) -> Result<[u64; 3], String> {
    let pause = Duration::from_secs(1) * CLIENTS / RATE;
    let mut next = Instant::now() + pause * number / CLIENTS;
    let (mut answers, mut attempt) = ([0; 3], 0_u32);
    while !over.load(Ordering::Relaxed) {
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
        next += pause;
        attempt += 1;
        let is_right = (number + attempt).is_multiple_of(2);
        let (email, password) = if is_right {
            ("anna@example.com".to_owned(), "correct horse battery")
        } else {
            (format!("unknown{number}x{attempt}@example.com"), "not the password of anyone")
        };
        let body = json!({"email": email, "password": password});
        let request = server.request("POST", "/api/v1/sessions", "", Some(&body));
        let ([.., a, b], [.., c]) = (number.to_be_bytes(), attempt.to_be_bytes());
        let forwarded = format!("\r\nx-forwarded-for: 11.{a}.{b}.{c}\r\ncookie: ");
        let request = request.replacen("\r\ncookie: ", &forwarded, 1);
        sent.fetch_add(1, Ordering::Relaxed);
        let (status, _, text) = Connection::open(&server.address)?.send(&request)?;
        match (status, is_right) {
            (200 | 201, true) => answers[0] += 1,
            (401 | 422, false) => answers[1] += 1,
            (503 | 429, _) => answers[2] += 1,
            _ => return Err(format!("signing in answered {status}: {text}")),
        }
    }
    Ok(answers)
}

/// What a member does during the storm: reads lists, asks, and writes; the time of each request.
fn work(server: &Server, cookie: &str) -> Result<Vec<Duration>, String> {
    let base = "/api/v1/workspaces/bench";
    let question = json!({"checks": [{"resource": "contacts", "action": "read"}]});
    let contact = json!({"fields": {"name": "A contact of the storm"}});
    let requests = [
        server.request("GET", &format!("{base}/records/contacts"), cookie, None),
        server.request("POST", &format!("{base}/access/check"), cookie, Some(&question)),
        server.request("GET", &format!("{base}/members"), cookie, None),
        server.request("POST", &format!("{base}/records/contacts"), cookie, Some(&contact)),
    ];
    let mut connection = Connection::open(&server.address)?;
    let (began, mut times) = (Instant::now(), Vec::new());
    for request in requests.iter().cycle() {
        if began.elapsed() > LASTS {
            break;
        }
        let start = Instant::now();
        let (status, _, text) = connection.send(request)?;
        times.push(start.elapsed());
        if !matches!(status, 200 | 201) {
            return Err(format!("a request of another person answered {status}: {text}"));
        }
        std::thread::sleep(PAUSE);
    }
    Ok(times)
}
