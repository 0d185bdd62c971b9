//! How a database is opened.

use std::time::Duration;

/// Settings of a database.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many transactions can be open at once. SQLite has that many readers beside one writer.
    pub connections: usize,
    /// How long a statement of a transaction that reads may run; `None` for as long as it takes.
    pub read_budget: Option<Duration>,
    /// How long a statement of a transaction that writes may run; `None` for as long as it takes.
    pub write_budget: Option<Duration>,
    /// How long a transaction waits for a connection, or for other writers.
    pub wait: Duration,
    /// The bounds of heavy reads.
    pub heavy: HeavyReads,
    /// How many transactions of one workspace wait for their turn to write, and how many for a
    /// connection of its share; without it, workspaces take no turns and have no shares.
    pub waiting_in_workspace: Option<usize>,
    /// How many MiB of an SQLite file its writer keeps in memory; `None` for the little that SQLite keeps.
    pub page_cache: Option<u32>,
}

/// The bounds of heavy reads: statements that turn out to read much.
#[derive(Clone, Copy, Debug)]
pub struct HeavyReads {
    /// How many transactions run such statements at once. On PostgreSQL at most half of the
    /// connections.
    pub places: usize,
    /// How many more of them wait for a place, each with its connection. On PostgreSQL at most a
    /// quarter of the connections.
    pub waiting: usize,
    /// How long one waits for a place.
    pub wait: Duration,
    /// How far a statement of SQLite goes until it is one, in thousands of instructions, of which about
    /// twenty take a millisecond. So far it runs on the thread that serves other requests too.
    pub after_instructions: u32,
    /// How long a statement of PostgreSQL runs until it is one.
    pub after: Duration,
}

impl Options {
    /// The settings for a command of the operator, whose statements may take as long as they take.
    #[must_use]
    pub fn without_budgets(self) -> Options {
        Options { read_budget: None, write_budget: None, ..self }
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            connections: 8,
            read_budget: Some(Duration::from_secs(5)),
            write_budget: Some(Duration::from_secs(2)),
            wait: Duration::from_secs(5),
            heavy: HeavyReads::default(),
            waiting_in_workspace: Some(128),
            page_cache: None,
        }
    }
}

impl Default for HeavyReads {
    fn default() -> HeavyReads {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        HeavyReads {
            places: cores.max(4),
            waiting: 16,
            wait: Duration::from_secs(3),
            after_instructions: 25,
            after: Duration::from_millis(25),
        }
    }
}
