//! What a request costs.

use std::fmt::{self, Display};
use std::time::{Duration, Instant};

use super::database::Database;
use super::request::Request;
use crate::server::{Connection, Server, processor_time};

/// Runs, of which the one with the least processor time counts: the machine is shared.
const RUNS: usize = 3;

/// The most runs, of which those do not count in which a connection to the database was opened or closed.
const MOST_RUNS: usize = 12;

/// How long a run takes at least, and how many requests it has at most and at least.
const RUN: Duration = Duration::from_millis(300);
const MOST: u32 = 300;
const LEAST: u32 = 3;

/// What measures requests.
pub(super) struct Meter<'m> {
    pub(super) server: &'m Server,
    /// The address of the server's figures.
    pub(super) metrics: &'m str,
    pub(super) database: &'m Database,
}

/// The costs of a request.
pub(super) struct Cost {
    what: String,
    at_most: Option<f64>,
    /// In milliseconds.
    processor: f64,
    wall: f64,
    bytes: usize,
    statements: f64,
}

impl Meter<'_> {
    pub(super) fn measure(&self, request: &Request) -> Result<Cost, String> {
        let mut connection = Connection::open(&self.server.address)?;
        let mut send = || -> Result<(Duration, usize), String> {
            let began = Instant::now();
            let (status, _, body) = connection.send(&request.text)?;
            let took = began.elapsed();
            if status != 200 || !body.contains(&request.contains) {
                let start: String = body.chars().take(300).collect();
                return Err(format!(
                    "{}: {status}, without {}: {start}",
                    request.what, request.contains
                ));
            }
            Ok((took, body.len()))
        };
        // The first ones read into memory what the others find there.
        let mut bytes = 0;
        for _ in 0..LEAST {
            bytes = send()?.1;
        }
        let mut times = Vec::new();
        let (mut processor, mut statements) = (f64::INFINITY, f64::INFINITY);
        let mut runs = 0;
        for _ in 0..MOST_RUNS {
            let processes = self.database.processes()?;
            let before = (self.processor_time(&processes)?, self.statements()?);
            let (began, mut n) = (Instant::now(), 0);
            while n < LEAST || (n < MOST && began.elapsed() < RUN) {
                times.push(send()?.0);
                n += 1;
            }
            let after = (self.processor_time(&processes)?, self.statements()?);
            // The time of a connection that was opened or closed in the meantime is not known.
            let (Some(before_run), Some(after_run)) = (before.0, after.0) else { continue };
            if self.database.processes()? != processes {
                continue;
            }
            processor = processor.min((after_run - before_run) / f64::from(n));
            // Counting them takes one.
            statements = statements.min((after.1 - before.1 - 1.0) / f64::from(n));
            runs += 1;
            if runs == RUNS {
                break;
            }
        }
        times.sort_unstable();
        let wall = times.get(times.len() / 2).copied().unwrap_or_default();
        Ok(Cost {
            what: request.what.to_owned(),
            at_most: request.at_most,
            processor: processor * 1e3,
            wall: wall.as_secs_f64() * 1e3,
            bytes,
            statements,
        })
    }

    /// That of the server, and of the connections to the database; none where one has ended, which the database may
    /// still list.
    fn processor_time(&self, processes: &[u32]) -> Result<Option<f64>, String> {
        let server = self.server.processor_time()?;
        let connections: Option<f64> =
            processes.iter().map(|process| processor_time(*process).ok()).sum();
        Ok(connections.map(|connections| server + connections))
    }

    fn statements(&self) -> Result<f64, String> {
        let request = format!("GET /metrics HTTP/1.1\r\nhost: {}\r\n\r\n", self.metrics);
        let (_, _, text) = Connection::open(self.metrics)?.send(&request)?;
        let line = "hallpass_database_statements_total ";
        let figure = text.lines().find_map(|text| text.strip_prefix(line)?.parse().ok());
        figure.ok_or_else(|| "the server has no figure of its statements".to_owned())
    }
}

impl Cost {
    pub(super) fn head() -> &'static str {
        "  request                                          CPU ms   at most   p50 ms     bytes  statements"
    }
}

impl Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost { what, at_most, processor, wall, bytes, statements } = self;
        let bound = at_most.map_or_else(|| "-".to_owned(), |bound| bound.to_string());
        let verdict =
            if at_most.is_some_and(|bound| *processor > bound) { "  OVER" } else { "" };
        write!(
            f,
            "  {what:<46} {processor:>8.3} {bound:>9} {wall:>8.2} {bytes:>9} {statements:>11.1}{verdict}"
        )
    }
}
