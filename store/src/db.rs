//! An open database, and the transactions that it begins.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::counter_cache::CounterCache;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::load::Load;
use crate::options::Options;
use crate::postgres::Postgres;
use crate::share::{ShareLimits, Shares};
use crate::sqlite::Sqlite;
use crate::statement::Statements;
use crate::tx::{EngineTx, Turn, Tx, TxMode};
use crate::workspace_tx::WorkspaceTx;

/// An open database. A clone is the same database.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    statements: Arc<Statements>,
    counter_cache: Arc<CounterCache>,
    budgets: Budgets,
    turns: Turns,
}

/// The places of workspaces, so that none has all writers or connections for itself.
#[derive(Clone)]
struct Turns {
    writing: Option<Arc<Shares<Uuid>>>,
    /// None where a quick statement keeps no connection from others.
    reading: Option<Arc<Shares<Uuid>>>,
}

impl Turns {
    /// Writers of a workspace wait for each other anyway. On a server one prepares while another commits.
    fn new(dialect: Dialect, options: &Options) -> Turns {
        let shares = |most| {
            let (waiting, wait) = (options.waiting_in_workspace?, options.wait);
            Some(Shares::new(ShareLimits { most, waiting, wait }))
        };
        match dialect {
            Dialect::Sqlite => Turns { writing: shares(1), reading: None },
            Dialect::Postgres => {
                Turns { writing: shares(2), reading: shares(options.connections.div_ceil(2)) }
            }
        }
    }
}

/// The state of a database at the time of a look: the same mark as at an earlier look means that nothing was
/// committed in between, by whatever process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeMark(i64);

/// Whether a workspace has a place for another transaction that reads.
pub enum ReadTurn {
    /// It has, and this is the place.
    Free(Turn),
    /// It has none. Give the connection back, and wait with [`Db::wait_to_read`].
    Taken,
}

/// How long a statement may run, by the kind of its transaction.
#[derive(Clone, Copy)]
struct Budgets {
    read: Option<Duration>,
    write: Option<Duration>,
}

#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Engine {
    fn dialect(&self) -> Dialect {
        match self {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }
}

impl Db {
    pub(crate) fn new(engine: Engine, options: &Options) -> Db {
        let statements = Arc::new(Statements::new(engine.dialect()));
        let budgets = Budgets { read: options.read_budget, write: options.write_budget };
        let turns = Turns::new(engine.dialect(), options);
        Db { engine, statements, counter_cache: Arc::default(), budgets, turns }
    }

    /// The same database, with statements that run as long as they take.
    pub(crate) fn without_budgets(&self) -> Db {
        Db { budgets: Budgets { read: None, write: None }, ..self.clone() }
    }

    /// What it has to do at the moment, and what it has refused.
    #[must_use]
    pub fn load(&self) -> Load {
        let load = match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.load(),
            Engine::Postgres(postgres) => postgres.load(),
        };
        Load { statements_total: self.statements.ran(), ..load }
    }

    /// The engine's dialect of SQL.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.engine.dialect()
    }

    /// Moves the write-ahead log into the database file. Nothing is lost without it, but the next
    /// start has less to do. Readers can keep it from moving everything; that is no error.
    pub async fn checkpoint(&self) -> Result<(), Error> {
        match &self.engine {
            Engine::Sqlite(sqlite) => {
                sqlite.run_outside_transaction(self.dialect().checkpoint()).await
            }
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Moves what is committed of the write-ahead log into the database file, as far as no reader needs
    /// it, and leaves the log where it is. A server does so from time to time.
    pub async fn merge_log(&self) -> Result<(), Error> {
        match &self.engine {
            Engine::Sqlite(sqlite) => {
                let sql = self.dialect().checkpoint_passively();
                sqlite.run_outside_transaction(sql).await
            }
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Marks the database as in use by this server, which has its [`ServerLock`](crate::ServerLock), and
    /// merges the log: from then on a copy of the file without its log is noticed. A small database that
    /// was not closed is checked first.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the database is damaged.
    pub async fn begin_service(&self) -> Result<(), Error> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.begin_service().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Marks the database as closed and merges the log: the file alone has everything then.
    pub async fn end_service(&self) -> Result<(), Error> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.end_service().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Writes something small: a commit that reaches the drive, and for a file as much beside it as a
    /// request writes.
    ///
    /// # Errors
    ///
    /// `Full` or `Failing` when nothing can be written.
    pub async fn try_write(&self) -> Result<(), Error> {
        let mut tx = self.write().await?;
        // SQLite counts each commit in the file; PostgreSQL writes when it has given a number.
        if let Some(sql) = self.dialect().number_transaction() {
            tx.query(sql, &[]).await?;
        }
        tx.commit().await?;
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.probe().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Looks whether anything was committed, without a transaction. What is read in a transaction that begins after
    /// this look is known as long as later looks find the same mark.
    ///
    /// `None` where only a transaction can tell: on PostgreSQL, in memory, and where the file cannot be
    /// looked at without waiting.
    #[must_use]
    pub fn look(&self) -> Option<ChangeMark> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.look().map(ChangeMark),
            Engine::Postgres(_) => None,
        }
    }

    /// Begins a transaction that reads one snapshot, which its first statement takes.
    ///
    /// # Errors
    ///
    /// `Busy` when no connection is free in time; `Unavailable` when the engine fails.
    pub async fn read(&self) -> Result<Tx, Error> {
        let budget = self.budgets.read;
        let engine_tx = match &self.engine {
            Engine::Sqlite(sqlite) => EngineTx::Sqlite(sqlite.read(budget).await?),
            Engine::Postgres(postgres) => EngineTx::Postgres(postgres.read(budget).await?),
        };
        Ok(self.tx(engine_tx, TxMode::Read))
    }

    /// Begins a transaction that writes. On SQLite it is the only one at a time.
    ///
    /// # Errors
    ///
    /// `Busy` when no connection is free in time; `Unavailable` when the engine fails.
    pub async fn write(&self) -> Result<Tx, Error> {
        let budget = self.budgets.write;
        let engine_tx = match &self.engine {
            Engine::Sqlite(sqlite) => EngineTx::Sqlite(sqlite.write(budget).await?),
            Engine::Postgres(postgres) => EngineTx::Postgres(postgres.write(budget).await?),
        };
        Ok(self.tx(engine_tx, TxMode::Write))
    }

    /// Begins a transaction that writes for a workspace, in its turn. Whatever another workspace writes,
    /// it waits for few of those.
    ///
    /// # Errors
    ///
    /// Those of [`Db::write`], and `Busy` when too many of the workspace wait already.
    pub async fn write_for(&self, workspace: Uuid) -> Result<Tx, Error> {
        let turn = self.enter(self.turns.writing.as_ref(), workspace).await?;
        Ok(self.write().await?.keeping(turn))
    }

    /// The place of a transaction that reads in a workspace and has a connection already.
    #[must_use]
    pub fn turn_to_read(&self, workspace: Uuid) -> ReadTurn {
        let Some(reading) = &self.turns.reading else { return ReadTurn::Free(Turn(None)) };
        match Shares::try_enter(reading, workspace) {
            Some(place) => ReadTurn::Free(Turn(Some(place))),
            None => ReadTurn::Taken,
        }
    }

    /// Waits for a place to read in a workspace, without a connection.
    ///
    /// # Errors
    ///
    /// `Busy` when too many of the workspace wait already, or none becomes free in time.
    pub async fn wait_to_read(&self, workspace: Uuid) -> Result<Turn, Error> {
        self.enter(self.turns.reading.as_ref(), workspace).await
    }

    async fn enter(
        &self,
        shares: Option<&Arc<Shares<Uuid>>>,
        workspace: Uuid,
    ) -> Result<Turn, Error> {
        let Some(shares) = shares else { return Ok(Turn(None)) };
        let entered = Shares::enter(shares, workspace).await;
        entered.map(|place| Turn(Some(place))).map_err(|full| {
            match &self.engine {
                Engine::Sqlite(sqlite) => sqlite.meter().count_refusal(workspace),
                Engine::Postgres(postgres) => postgres.meter().count_refusal(workspace),
            }
            Error::Busy { retry_after: full.retry_after }
        })
    }

    /// Begins a transaction that reads one snapshot of a workspace; `None` when the workspace does
    /// not exist or is deleted.
    pub async fn read_in(&self, workspace: Uuid) -> Result<Option<WorkspaceTx>, Error> {
        self.read().await?.into_workspace(workspace).await
    }

    /// Begins a transaction that writes in a workspace and locks its row, so that it is the only
    /// writer there; `None` when the workspace does not exist or is deleted.
    pub async fn write_in(&self, workspace: Uuid) -> Result<Option<WorkspaceTx>, Error> {
        self.write_for(workspace).await?.into_workspace(workspace).await
    }

    fn tx(&self, engine_tx: EngineTx, mode: TxMode) -> Tx {
        let (statements, counters) = (&self.statements, &self.counter_cache);
        Tx::new(engine_tx, mode, Arc::clone(statements), Arc::clone(counters))
    }
}
