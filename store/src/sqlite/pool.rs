//! A pool of SQLite connections.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;

/// How long a transaction waits for a connection, or for another process to stop writing.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// Connections that are used by one transaction at a time. The transaction that has waited longest
/// gets the next. Where there is a choice it is the connection that the same thread used last, since
/// what it has read is in that processor's cache.
pub(super) struct Pool {
    idle: Mutex<Vec<IdleConnection>>,
    permits: Arc<Semaphore>,
}

struct IdleConnection {
    connection: Connection,
    last_used_by: ThreadId,
}

impl Pool {
    pub(super) fn new(connections: Vec<Connection>) -> Arc<Pool> {
        let permits = Arc::new(Semaphore::new(connections.len()));
        let last_used_by = thread::current().id();
        let idle = connections
            .into_iter()
            .map(|connection| IdleConnection { connection, last_used_by });
        Arc::new(Pool { idle: Mutex::new(idle.collect()), permits })
    }

    pub(super) async fn acquire(pool: &Arc<Pool>) -> Result<PooledConnection, Error> {
        let permit = tokio::time::timeout(TIMEOUT, Arc::clone(&pool.permits).acquire_owned())
            .await
            .map_err(|_| Error::unavailable("all its connections are in use"))?
            .map_err(|_| Error::unavailable("it is closed"))?;
        let connection =
            pool.pop().ok_or_else(|| Error::unavailable("a connection is lost"))?;
        Ok(PooledConnection {
            connection: Some(connection),
            pool: Arc::clone(pool),
            _permit: permit,
        })
    }

    fn pop(&self) -> Option<Connection> {
        let this_thread = thread::current().id();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let own = idle.iter().rposition(|one| one.last_used_by == this_thread);
        let last = idle.len().checked_sub(1)?;
        Some(idle.swap_remove(own.unwrap_or(last)).connection)
    }

    fn push(&self, connection: Connection) {
        let last_used_by = thread::current().id();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(IdleConnection { connection, last_used_by });
    }
}

/// A connection that is rolled back and returned to its pool when it is dropped.
pub(super) struct PooledConnection {
    connection: Option<Connection>,
    pool: Arc<Pool>,
    /// Dropped last, when the connection is back in the pool.
    _permit: OwnedSemaphorePermit,
}

impl PooledConnection {
    pub(super) fn get(&self) -> rusqlite::Result<&Connection> {
        // It is there until the drop.
        self.connection.as_ref().ok_or(rusqlite::Error::InvalidQuery)
    }

    pub(super) fn run_cached(&self, sql: &str) -> rusqlite::Result<()> {
        run_cached(self.get()?, sql)
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !connection.is_autocommit() {
            // If even this fails, the next BEGIN fails too and reports it.
            let _ = run_cached(&connection, "ROLLBACK");
        }
        self.pool.push(connection);
    }
}

fn run_cached(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    Ok(())
}
