//! The open connections: how many there may be, and which are closed because their client is waited for.
//!
//! **Invariant:** a connection on which the server works for its client is not closed to make room.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::AbortHandle;
use tracing::warn;

use super::activity::{Activity, Wait};

/// The part of all connections that is closed at once to make room, so that a flood does not have them
/// searched for each of its connections.
const PART: usize = 64;

/// How long a client may send or read nothing until its request is closed to make room.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// The time that clients have.
#[derive(Clone, Copy)]
pub(super) struct Timeouts {
    /// For the handshake of TLS.
    pub(super) handshake: Duration,
    /// For a head of a request, from its first byte on; for that of the first request, from the beginning of
    /// the connection.
    pub(super) head: Duration,
    /// Between two requests. It is longer than the minute for which proxies keep idle connections:
    /// otherwise a proxy would reuse a connection that is just being closed.
    pub(super) idle: Duration,
    /// For the next part of a body, and to read the next part of an answer.
    pub(super) stall: Duration,
}

/// The open connections, and those that are shaking hands.
pub(super) struct Connections {
    most: usize,
    timeouts: Timeouts,
    open: Vec<Connection>,
    /// Whether the log has said that there is no more room.
    is_full: bool,
}

struct Connection {
    activity: Arc<Activity>,
    task: AbortHandle,
}

impl Connections {
    pub(super) fn new(most: usize, timeouts: Timeouts) -> Connections {
        Connections { most: most.max(1), timeouts, open: Vec::new(), is_full: false }
    }

    pub(super) fn add(&mut self, activity: Arc<Activity>, task: AbortHandle) {
        self.open.push(Connection { activity, task });
    }

    /// Whether there is room for another; connections are closed that wait for their client, if that makes
    /// room.
    pub(super) fn make_room(&mut self) -> bool {
        if self.open.len() < self.most {
            return true;
        }
        self.forget_ended();
        if self.open.len() < self.most {
            return true;
        }
        if !self.is_full {
            self.is_full = true;
            warn!(
                server.connections = self.open.len(),
                "all {} connections are in use; those that wait for their client are closed",
                self.most
            );
        }
        self.close_waiting(self.most.div_ceil(PART));
        self.forget_ended();
        self.open.len() < self.most
    }

    /// Closes the connections whose client is late.
    pub(super) fn close_late(&mut self) {
        let Timeouts { head, idle, stall, .. } = self.timeouts;
        for connection in &self.open {
            let is_late = match connection.activity.wait() {
                Wait::None => false,
                // hyper closes those that it waits for, but not one whose last answer is not read.
                Wait::Request(active) => active >= 2 * idle && connection.activity.is_http1(),
                Wait::Head(began) => began >= head,
                Wait::Client(active) => active >= stall,
            };
            if is_late {
                connection.task.abort();
            }
        }
        self.forget_ended();
        if self.open.len() < self.most / 2 {
            self.is_full = false;
        }
    }

    /// Closes so many connections at most that wait for their client: of the addresses with the most of
    /// them, those that have waited longest.
    fn close_waiting(&mut self, count: usize) {
        let mut of_address: HashMap<IpAddr, usize> = HashMap::new();
        let mut waiting: Vec<(usize, IpAddr, Duration)> = Vec::new();
        for (place, connection) in self.open.iter().enumerate() {
            let waited = match connection.activity.wait() {
                Wait::None => continue,
                Wait::Request(waited) | Wait::Head(waited) => waited,
                Wait::Client(waited) if waited < PATIENCE => continue,
                Wait::Client(waited) => waited,
            };
            let address = connection.activity.address;
            *of_address.entry(address).or_default() += 1;
            waiting.push((place, address, waited));
        }
        waiting.sort_by_key(|(_, address, waited)| {
            let connections = of_address.get(address).copied().unwrap_or_default();
            std::cmp::Reverse((connections, *waited))
        });
        let mut closed: Vec<usize> =
            waiting.iter().take(count).map(|(place, ..)| *place).collect();
        closed.sort_unstable();
        for place in closed.into_iter().rev() {
            self.open.swap_remove(place).task.abort();
        }
    }

    fn forget_ended(&mut self) {
        self.open.retain(|connection| !connection.task.is_finished());
    }
}
