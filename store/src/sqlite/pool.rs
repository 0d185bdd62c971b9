//! A pool of SQLite connections.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connection::{LogAtEnd, open_reader, set_log_at_end};
use super::watch::Watch;
use crate::error::Error;

/// Connections that are used by one transaction at a time. The transaction that has waited longest
/// gets the next. Where there is a choice it is the connection that the same thread used last, since
/// what it has read is in that processor's cache.
///
/// A transaction that reads much gives its permit back and keeps its connection: those that read little
/// go on with the others, and one more is opened where none is left.
pub(super) struct Pool {
    idle: Mutex<Vec<IdleConnection>>,
    permits: Arc<Semaphore>,
    /// How many are kept.
    size: usize,
    waiting: AtomicUsize,
    wait: Duration,
    /// Where more are opened; `None` where there is one connection only.
    source: Option<Arc<Source>>,
}

/// A connection and the watch over its statements.
pub(super) struct Watched {
    pub(super) connection: Connection,
    pub(super) watch: Arc<Watch>,
}

struct IdleConnection {
    connection: Watched,
    last_used_by: ThreadId,
}

/// A file from which connections that read are opened.
struct Source {
    location: String,
    /// What becomes of the log when the last of them is closed.
    log: Mutex<LogAtEnd>,
    /// How far a statement goes that reads little.
    few: u32,
}

impl Source {
    fn open(&self) -> Result<Watched, Error> {
        let connection = open_reader(&self.location)?;
        set_log_at_end(&connection, *self.log())?;
        Watched::new(connection, self.few)
    }

    fn log(&self) -> MutexGuard<'_, LogAtEnd> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    /// The connection, for what runs to its end.
    pub(super) fn unwatched(&self) -> &Connection {
        self.watch.allow_all();
        &self.connection
    }

    pub(super) fn new(connection: Connection, few: u32) -> Result<Watched, Error> {
        let mut connection = connection;
        let watch = Watch::over(&mut connection, few)?;
        Ok(Watched { connection, watch })
    }
}

impl Pool {
    /// A pool of one connection.
    pub(super) fn of_one(
        connection: Connection,
        (wait, few): (Duration, u32),
    ) -> Result<Arc<Pool>, Error> {
        Ok(Pool::new(vec![Watched::new(connection, few)?], wait, None))
    }

    /// A pool of connections that read.
    pub(super) fn of_readers(
        location: &str,
        size: usize,
        (wait, few): (Duration, u32),
        log: LogAtEnd,
    ) -> Result<Arc<Pool>, Error> {
        let source = Source { location: location.to_owned(), log: Mutex::new(log), few };
        let readers = (0..size).map(|_| source.open());
        let readers = readers.collect::<Result<Vec<Watched>, Error>>()?;
        Ok(Pool::new(readers, wait, Some(Arc::new(source))))
    }

    fn new(
        connections: Vec<Watched>,
        wait: Duration,
        source: Option<Arc<Source>>,
    ) -> Arc<Pool> {
        let size = connections.len();
        let permits = Arc::new(Semaphore::new(size));
        let last_used_by = thread::current().id();
        let idle = connections
            .into_iter()
            .map(|connection| IdleConnection { connection, last_used_by });
        let (idle, waiting) = (Mutex::new(idle.collect()), AtomicUsize::new(0));
        Arc::new(Pool { idle, permits, size, waiting, wait, source })
    }

    /// Waits for a connection.
    ///
    /// # Errors
    ///
    /// `Busy` when none is free in time.
    pub(super) async fn acquire(pool: &Arc<Pool>) -> Result<PooledConnection, Error> {
        let permit = match Arc::clone(&pool.permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => pool.wait_for_permit().await?,
        };
        let connection = match pool.pop() {
            Some(connection) => connection,
            None => pool.open().await?,
        };
        let pool = Arc::clone(pool);
        Ok(PooledConnection { connection: Some(connection), pool, permit: Some(permit) })
    }

    /// Says what becomes of the log when the last of these connections is closed.
    pub(super) fn set_log_at_end(&self, log: LogAtEnd) -> rusqlite::Result<()> {
        let Some(source) = &self.source else { return Ok(()) };
        // One that is opened or given back in the meantime takes the new one.
        *source.log() = log;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.iter().try_for_each(|one| set_log_at_end(&one.connection.connection, log))
    }

    /// How many transactions have a connection, and how many wait for one.
    pub(super) fn load(&self) -> (usize, usize) {
        let in_use = self.size.saturating_sub(self.permits.available_permits());
        (in_use, self.waiting.load(Ordering::Relaxed))
    }

    async fn wait_for_permit(&self) -> Result<OwnedSemaphorePermit, Error> {
        let _waiting = Waiting::new(&self.waiting);
        let permit = Arc::clone(&self.permits).acquire_owned();
        match tokio::time::timeout(self.wait, permit).await {
            Ok(permit) => permit.map_err(|_| Error::unavailable("it is closed")),
            Err(_) => Err(Error::Busy { retry_after: self.wait }),
        }
    }

    async fn open(&self) -> Result<Watched, Error> {
        let source = self.source.clone();
        let source = source.ok_or_else(|| Error::unavailable("a connection is lost"))?;
        // It reads the schema.
        tokio::task::spawn_blocking(move || source.open())
            .await
            .map_err(|error| Error::Unavailable(format!("opening it broke off: {error}")))?
    }

    fn pop(&self) -> Option<Watched> {
        let this_thread = thread::current().id();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let own = idle.iter().rposition(|one| one.last_used_by == this_thread);
        let last = idle.len().checked_sub(1)?;
        Some(idle.swap_remove(own.unwrap_or(last)).connection)
    }

    fn push(&self, connection: Watched) {
        let last_used_by = thread::current().id();
        if let Some(source) = &self.source {
            // It cannot fail: the option exists.
            let _ = set_log_at_end(&connection.connection, *source.log());
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.size {
            idle.push(IdleConnection { connection, last_used_by });
        }
    }
}

/// Counts one that waits.
struct Waiting<'w>(&'w AtomicUsize);

impl Waiting<'_> {
    fn new(waiting: &AtomicUsize) -> Waiting<'_> {
        waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection that is rolled back and returned to its pool when it is dropped.
pub(super) struct PooledConnection {
    connection: Option<Watched>,
    pool: Arc<Pool>,
    /// Dropped last, when the connection is back in the pool.
    permit: Option<OwnedSemaphorePermit>,
}

impl PooledConnection {
    pub(super) fn get(&self) -> rusqlite::Result<&Watched> {
        // It is there until the drop.
        self.connection.as_ref().ok_or(rusqlite::Error::InvalidQuery)
    }

    /// Runs a statement of the transaction itself, whatever has ended the one before.
    pub(super) fn run_cached(&self, sql: &str) -> rusqlite::Result<()> {
        self.get()?.run_cached(sql)
    }

    /// Keeps the connection, and lets another transaction have the permit. A connection without
    /// others beside it keeps both.
    pub(super) fn give_permit_back(&mut self) {
        if self.pool.source.is_some() {
            self.permit = None;
        }
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !connection.connection.is_autocommit() {
            // If even this fails, the next BEGIN fails too and reports it.
            let _ = connection.run_cached("ROLLBACK");
        }
        self.pool.push(connection);
    }
}

impl Watched {
    fn run_cached(&self, sql: &str) -> rusqlite::Result<()> {
        self.watch.allow_all();
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.raw_query();
        while rows.next()?.is_some() {}
        Ok(())
    }
}
