//! The database, and the transactions that it opens.

use std::sync::Arc;

use uuid::Uuid;

use crate::dialect::Dialect;
use crate::error::Error;
use crate::postgres::Postgres;
use crate::record::counter_cache::CounterCache;
use crate::sqlite::Sqlite;
use crate::tx::{EngineTx, Tx, WorkspaceTx};
use crate::{migration, tx};

/// How a database is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many transactions may be open at once. On SQLite that many read beside the one writer.
    pub connections: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { connections: 8 }
    }
}

/// An open database. A clone is the same database.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    counter_cache: Arc<CounterCache>,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens the database at a location and brings its schema up to date. A location is
    /// `postgres://…`, the path of an SQLite file, or `:memory:` for a database that ends with the
    /// `Db`; the last has one connection, so that its readers and its writer take turns.
    ///
    /// # Errors
    ///
    /// `Unavailable` with one line that says why, when it is out of reach, not a database, not
    /// ours, of a newer version, or changed where only a migration may.
    pub async fn open(location: &str, options: &Options) -> Result<Db, Error> {
        let is_server =
            ["postgres://", "postgresql://"].iter().any(|s| location.starts_with(s));
        let engine = if is_server {
            Engine::Postgres(Postgres::open(location, options).await?)
        } else {
            Engine::Sqlite(Sqlite::open(location, options).await?)
        };
        let db = Db { engine, counter_cache: Arc::default() };
        migration::run(&db).await?;
        Ok(db)
    }

    /// Which engine it is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match &self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Moves all that was written into the file itself, for the end of a process: nothing is lost
    /// without it, the next start only has less to do. Whoever else reads meanwhile keeps it from
    /// being whole, and that is no failure.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the engine fails.
    pub async fn checkpoint(&self) -> Result<(), Error> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.run_alone(self.dialect().checkpoint()).await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// A transaction that reads one snapshot, taken by its first statement.
    ///
    /// # Errors
    ///
    /// `Unavailable` when no connection comes free in ten seconds, or the engine fails.
    pub async fn read(&self) -> Result<Tx, Error> {
        let session = match &self.engine {
            Engine::Sqlite(sqlite) => EngineTx::Sqlite(sqlite.read().await?),
            Engine::Postgres(postgres) => EngineTx::Postgres(postgres.read().await?),
        };
        Ok(Tx::new(session, tx::Hold::Nothing, Arc::clone(&self.counter_cache)))
    }

    /// A transaction that writes. On SQLite it is the only one at a time.
    ///
    /// # Errors
    ///
    /// `Unavailable` when no connection comes free in ten seconds, or the engine fails.
    pub async fn write(&self) -> Result<Tx, Error> {
        let session = match &self.engine {
            Engine::Sqlite(sqlite) => EngineTx::Sqlite(sqlite.write().await?),
            Engine::Postgres(postgres) => EngineTx::Postgres(postgres.write().await?),
        };
        Ok(Tx::new(session, tx::Hold::Workspace, Arc::clone(&self.counter_cache)))
    }

    /// A transaction that reads one snapshot of one workspace; nothing when there is no such
    /// workspace or it is deleted.
    ///
    /// # Errors
    ///
    /// As for [`Db::read`].
    pub async fn read_in(&self, workspace: Uuid) -> Result<Option<WorkspaceTx>, Error> {
        self.read().await?.into_workspace(workspace).await
    }

    /// A transaction that writes in one workspace and holds its row, so that it is the only one
    /// there; nothing when there is no such workspace or it is deleted.
    ///
    /// # Errors
    ///
    /// As for [`Db::write`].
    pub async fn write_in(&self, workspace: Uuid) -> Result<Option<WorkspaceTx>, Error> {
        self.write().await?.into_workspace(workspace).await
    }
}
