//! SQLite: one connection that writes, several that read.

mod change;
mod connection;
mod copy;
mod mark;
mod pool;
mod probe;
mod tx;
mod watch;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use self::change::ChangeCounter;
use self::connection::{
    LogAtEnd, RETRY_AFTER, is_busy, open_in_memory, open_writer, set_log_at_end,
};
pub(crate) use self::copy::{accept, copy_into, open_copy, release};
use self::pool::{Pool, PooledConnection};
use self::tx::AccessMode;
pub(crate) use self::tx::SqliteTx;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::file::{Header, IN_MEMORY};
use crate::load::{Load, Meter};
use crate::options::Options;
use crate::server_lock::check_unserved;
use crate::throttle::Throttle;

/// An open file, or a database in memory.
#[derive(Clone)]
pub(crate) struct Sqlite {
    writer: Arc<Pool>,
    /// `None` in memory, where the writer reads too.
    readers: Option<Arc<Pool>>,
    /// `None` in memory.
    changes: Option<Arc<ChangeCounter>>,
    /// None in memory.
    location: Option<Arc<str>>,
    throttle: Arc<Throttle>,
    meter: Arc<Meter>,
    wait: Duration,
}

impl Sqlite {
    pub(crate) async fn open(location: &str, options: &Options) -> Result<Sqlite, Error> {
        let (location, options) = (location.to_owned(), options.clone());
        // It reads and writes files, and waits for other processes.
        tokio::task::spawn_blocking(move || Sqlite::open_blocking(&location, &options))
            .await
            .map_err(|error| Error::Unavailable(format!("opening it broke off: {error}")))?
    }

    fn open_blocking(location: &str, options: &Options) -> Result<Sqlite, Error> {
        let (meter, wait) = (Arc::<Meter>::default(), options.wait);
        let throttle = Throttle::new(options.heavy, Arc::clone(&meter));
        let bounds = (wait, options.heavy.after_instructions);
        if location == IN_MEMORY {
            let writer = Pool::of_one(open_in_memory()?, bounds)?;
            let (readers, changes, location) = (None, None, None);
            return Ok(Sqlite { writer, readers, changes, location, throttle, meter, wait });
        }
        check_unserved(location)?;
        let header = Header::read(Path::new(location)).unwrap_or_default();
        let is_in_use = header.is_some_and(|header| header.mark.is_in_use());
        let log = if is_in_use { LogAtEnd::Stays } else { LogAtEnd::Merged };
        let writer = open_writer(location).map_err(|error| probe::explain(location, error))?;
        set_log_at_end(&writer, log)?;
        if let Some(mebibytes) = options.page_cache {
            // In KiB where it is negative.
            writer.pragma_update(None, "cache_size", -1_024 * i64::from(mebibytes))?;
        }
        let writer = Pool::of_one(writer, bounds)?;
        let readers = Pool::of_readers(location, options.connections.max(1), bounds, log)?;
        let changes = Some(Arc::new(ChangeCounter::open(location, log)?));
        let (readers, location) = (Some(readers), Some(location.into()));
        Ok(Sqlite { writer, readers, changes, location, throttle, meter, wait })
    }

    pub(crate) async fn read(&self, budget: Option<Duration>) -> Result<SqliteTx, Error> {
        let connection = self.acquire(self.readers.as_ref().unwrap_or(&self.writer)).await?;
        connection.run_cached(Dialect::Sqlite.begin_read())?;
        Ok(SqliteTx::new(connection, AccessMode::Read, budget, (&self.throttle, &self.meter)))
    }

    pub(crate) async fn write(&self, budget: Option<Duration>) -> Result<SqliteTx, Error> {
        let since = Instant::now();
        let connection = self.begin_write(self.acquire(&self.writer).await?).await?;
        self.meter.count_writer_wait(since);
        let mode =
            if self.readers.is_some() { AccessMode::Write } else { AccessMode::WriteInMemory };
        Ok(SqliteTx::new(connection, mode, budget, (&self.throttle, &self.meter)))
    }

    /// Marks the file as in use by a server, and merges the log.
    pub(crate) async fn begin_service(&self) -> Result<(), Error> {
        self.mark(true, Dialect::Sqlite.checkpoint_passively()).await
    }

    /// Marks the file as closed, and merges the log.
    pub(crate) async fn end_service(&self) -> Result<(), Error> {
        self.mark(false, Dialect::Sqlite.checkpoint()).await
    }

    /// Every connection then keeps the log of a file that is in use: any of them may be closed last, also
    /// by a start that fails.
    async fn mark(&self, is_in_use: bool, merge: &'static str) -> Result<(), Error> {
        let (Some(readers), Some(changes)) = (self.readers.clone(), self.changes.clone())
        else {
            return Ok(());
        };
        let log = if is_in_use { LogAtEnd::Stays } else { LogAtEnd::Merged };
        let connection = self.begin_write(self.acquire(&self.writer).await?).await?;
        tokio::task::spawn_blocking(move || {
            let writer = connection.get()?.unwatched();
            // The log stays until the file is marked as closed.
            if is_in_use {
                readers.set_log_at_end(log)?;
                changes.set_log_at_end(log)?;
                set_log_at_end(writer, log)?;
            }
            mark::set(writer, is_in_use)?;
            if !is_in_use {
                readers.set_log_at_end(log)?;
                changes.set_log_at_end(log)?;
                set_log_at_end(writer, log)?;
            }
            Ok(connection.run_cached(merge)?)
        })
        .await
        .map_err(|error| Error::Unavailable(format!("marking it broke off: {error}")))?
    }

    /// Writes a file beside the database, to see whether the drive has room.
    pub(crate) async fn probe(&self) -> Result<(), Error> {
        let Some(location) = self.location.clone() else { return Ok(()) };
        tokio::task::spawn_blocking(move || probe::probe(&location))
            .await
            .map_err(|error| Error::Unavailable(format!("writing a file broke off: {error}")))?
    }

    pub(crate) async fn run_outside_transaction(&self, sql: &'static str) -> Result<(), Error> {
        let connection = self.acquire(&self.writer).await?;
        tokio::task::spawn_blocking(move || connection.run_cached(sql))
            .await
            .map_err(|error| Error::Unavailable(format!("a statement broke off: {error}")))?
            .map_err(Error::from)
    }

    /// The counter of changes; `None` in memory, and where it cannot be read at once.
    pub(crate) fn look(&self) -> Option<i64> {
        self.changes.as_ref()?.look().ok()
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(crate) fn load(&self) -> Load {
        let (mut in_use, mut waiting) = self.writer.load();
        if let Some(readers) = &self.readers {
            let (reading, more) = readers.load();
            (in_use, waiting) = (in_use + reading, waiting + more);
        }
        Load {
            connections_in_use: in_use,
            connections_waiting: waiting,
            ..self.throttle.load()
        }
    }

    async fn acquire(&self, pool: &Arc<Pool>) -> Result<PooledConnection, Error> {
        let acquired = Pool::acquire(pool).await;
        if let Err(Error::Busy { .. }) = acquired {
            self.meter.count_refusal(uuid::Uuid::nil());
        }
        acquired
    }

    /// Only another process can be in the way, and no thread is blocked while waiting for it.
    async fn begin_write(
        &self,
        connection: PooledConnection,
    ) -> Result<PooledConnection, Error> {
        for _ in 0..self.wait.as_millis().div_ceil(RETRY_AFTER.as_millis()) {
            match connection.run_cached(Dialect::Sqlite.begin_write()) {
                Err(error) if is_busy(&error) => tokio::time::sleep(RETRY_AFTER).await,
                outcome => return outcome.map(|()| connection).map_err(Error::from),
            }
        }
        // Another process writes, and nothing of it is known here.
        Err(Error::Busy { retry_after: self.wait })
    }
}
