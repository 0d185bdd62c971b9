//! A transaction: statements that take effect together or not at all.
//!
//! **Invariant:** a transaction in which a statement failed or was cancelled does nothing more. It
//! holds for both engines, because PostgreSQL acknowledges a COMMIT after a failure although it
//! rolls back.

use std::sync::Arc;

use tracing::{Instrument, Span, debug_span};
use uuid::Uuid;

use crate::counter_cache::{CounterCache, CounterDeltas};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::part::{Collected, Part, Room, Sink, cut};
use crate::postgres::PostgresTx;
use crate::row::{Header, Row, Rows};
use crate::share::Place;
use crate::sqlite::SqliteTx;
use crate::statement::{Call, Statement, Statements};
use crate::value::Value;

/// A transaction outside of a workspace. It is rolled back unless it is committed.
pub struct Tx {
    engine_tx: EngineTx,
    state: StatementState,
    mode: TxMode,
    statements: Arc<Statements>,
    counter_cache: Arc<CounterCache>,
    /// What it has done to counters.
    deltas: CounterDeltas,
    /// Its place among those of its workspace; given back after its connection.
    #[expect(dead_code, reason = "it is held")]
    turn: Option<Turn>,
}

/// The place of a transaction among those of its workspace, until it is dropped.
pub struct Turn(#[expect(dead_code, reason = "it is held")] pub(crate) Option<Place<Uuid>>);

pub(crate) enum EngineTx {
    Sqlite(SqliteTx),
    Postgres(PostgresTx),
}

/// What a transaction is for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum TxMode {
    Read,
    /// In a workspace it locks the workspace's row.
    Write,
}

/// The state of the last statement.
#[derive(Clone, Copy, PartialEq)]
enum StatementState {
    Ready,
    /// It has begun and has not ended. It stays so when its future is dropped.
    Running,
    Failed,
}

impl Tx {
    pub(crate) fn new(
        engine_tx: EngineTx,
        mode: TxMode,
        statements: Arc<Statements>,
        counter_cache: Arc<CounterCache>,
    ) -> Tx {
        let (state, deltas) = (StatementState::Ready, CounterDeltas::default());
        Tx { engine_tx, state, mode, statements, counter_cache, deltas, turn: None }
    }

    /// The transaction, with its place among those of its workspace.
    #[must_use]
    pub fn keeping(self, turn: Turn) -> Tx {
        Tx { turn: Some(turn), ..self }
    }

    /// The engine's dialect of SQL.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match &self.engine_tx {
            EngineTx::Sqlite(_) => Dialect::Sqlite,
            EngineTx::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(crate) fn is_writing(&self) -> bool {
        self.mode == TxMode::Write
    }

    pub(crate) fn counter_cache(&self) -> &CounterCache {
        &self.counter_cache
    }

    pub(crate) fn deltas(&mut self) -> &mut CounterDeltas {
        &mut self.deltas
    }

    /// Runs a statement that returns rows: a SELECT, or a change with RETURNING.
    ///
    /// # Errors
    ///
    /// `Conflict` when a constraint forbids it, or a text contains the character NUL, which
    /// PostgreSQL cannot store; `TooSlow` when it runs over its budget; `Busy` when it reads much, and
    /// too much of that is asked for at once; `Unavailable` when the engine fails. Either way the
    /// transaction is over.
    pub async fn query(&mut self, sql: &str, values: &[Value]) -> Result<Rows, Error> {
        let statement = self.statements.find(sql);
        self.rows(&statement, None, values).await
    }

    /// Runs a statement that returns at most one row.
    ///
    /// # Errors
    ///
    /// Those of [`Tx::query`], and `Unavailable` when there are several rows.
    pub async fn find(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        self.query(sql, values).await?.at_most_one()
    }

    /// Runs a statement that may wait for others to end what they do in a workspace. It may do so as
    /// long as a transaction waits for a connection, whatever its budget.
    pub(crate) async fn find_locked(
        &mut self,
        sql: &str,
        values: &[Value],
    ) -> Result<Option<Row>, Error> {
        if let EngineTx::Postgres(engine_tx) = &self.engine_tx {
            engine_tx.begin_lock();
        }
        let found = self.find(sql, values).await;
        if let EngineTx::Postgres(engine_tx) = &self.engine_tx {
            engine_tx.end_lock();
            return found.map_err(|error| engine_tx.lock_error(error));
        }
        found
    }

    /// Runs a statement that returns exactly one row.
    ///
    /// # Errors
    ///
    /// Those of [`Tx::query`], and `Unavailable` when there is no row or there are several.
    pub async fn query_one(&mut self, sql: &str, values: &[Value]) -> Result<Row, Error> {
        self.query(sql, values).await?.exactly_one()
    }

    /// Runs a statement without RETURNING, and returns how many rows it changed.
    ///
    /// # Errors
    ///
    /// Those of [`Tx::query`].
    pub async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let statement = self.statements.find(sql);
        self.change(&statement, None, values).await
    }

    /// Lists a part of a list by a statement whose LIMIT is [`one_more`](crate::part::one_more) than the part has at most.
    pub(crate) async fn part<T>(
        &mut self,
        sql: &str,
        values: &[Value],
        limit: usize,
        from_row: impl Fn(&Row) -> Result<T, Error>,
    ) -> Result<Part<T>, Error> {
        let statement = self.statement(sql);
        self.part_within((&statement, None), values, (limit, Room::default()), from_row).await
    }

    /// Like [`Tx::part`], of a statement in a workspace or of all, with room of its own.
    pub(crate) async fn part_within<T>(
        &mut self,
        (statement, workspace): (&Arc<Statement>, Option<&Value>),
        values: &[Value],
        (limit, room): (usize, Room),
        from_row: impl Fn(&Row) -> Result<T, Error>,
    ) -> Result<Part<T>, Error> {
        let found = self.rows_into(statement, workspace, values, Collected::within(room));
        let (sink, header) = found.await?;
        cut(sink.into_rows(header), limit, from_row)
    }

    /// Commits the transaction. It runs to its end even when its future is dropped.
    ///
    /// # Errors
    ///
    /// Those of [`Tx::query`]; then nothing was written, unless the connection to a server broke
    /// before its answer arrived.
    pub async fn commit(self) -> Result<(), Error> {
        self.check_ready()?;
        match self.engine_tx {
            EngineTx::Sqlite(engine_tx) => engine_tx.commit().await?,
            EngineTx::Postgres(engine_tx) => {
                let committed = tokio::spawn(engine_tx.commit()).await;
                committed.map_err(|error| Error::Unconfirmed(error.to_string()))??;
            }
        }
        self.counter_cache.apply(self.deltas);
        Ok(())
    }

    /// Runs statements without parameters, separated by `;`.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.begin_statement(&[])?;
        let outcome = match &mut self.engine_tx {
            EngineTx::Sqlite(engine_tx) => engine_tx.run(sql).await,
            EngineTx::Postgres(engine_tx) => engine_tx.run(sql).await,
        };
        self.end_statement(outcome)
    }

    pub(crate) fn statement(&self, sql: &str) -> Arc<Statement> {
        self.statements.find(sql)
    }

    pub(crate) async fn rows(
        &mut self,
        statement: &Arc<Statement>,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<Rows, Error> {
        let found = self.rows_into(statement, workspace, values, Collected::all()).await?;
        let (sink, header) = found;
        Ok(sink.into_rows(header).0)
    }

    /// Runs a statement that returns rows, and gives them to a sink while they are read.
    pub(crate) async fn rows_into<S: Sink>(
        &mut self,
        statement: &Arc<Statement>,
        workspace: Option<&Value>,
        values: &[Value],
        sink: S,
    ) -> Result<(S, Arc<Header>), Error> {
        self.begin_statement(values)?;
        self.statements.count();
        let span = span(statement);
        let call = Call { statement, workspace, values };
        let outcome = match &mut self.engine_tx {
            EngineTx::Sqlite(engine_tx) => engine_tx.query(&call, sink).instrument(span).await,
            EngineTx::Postgres(engine_tx) => {
                engine_tx.query(&call, sink).instrument(span).await
            }
        };
        self.end_statement(outcome)
    }

    pub(crate) async fn change(
        &mut self,
        statement: &Arc<Statement>,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<u64, Error> {
        self.begin_statement(values)?;
        self.statements.count();
        let span = span(statement);
        let call = Call { statement, workspace, values };
        let outcome = match &mut self.engine_tx {
            EngineTx::Sqlite(engine_tx) => engine_tx.execute(&call).instrument(span).await,
            EngineTx::Postgres(engine_tx) => engine_tx.execute(&call).instrument(span).await,
        };
        self.end_statement(outcome)
    }

    fn check_ready(&self) -> Result<(), Error> {
        match self.state {
            StatementState::Ready => Ok(()),
            StatementState::Running | StatementState::Failed => {
                let why = "the transaction ended with a statement that failed or was cancelled";
                Err(Error::unavailable(why))
            }
        }
    }

    fn begin_statement(&mut self, values: &[Value]) -> Result<(), Error> {
        self.check_ready()?;
        if values.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0')))
        {
            self.state = StatementState::Failed;
            return Err(Error::Conflict("a text contains the character NUL".to_owned()));
        }
        self.set_state(StatementState::Running);
        Ok(())
    }

    fn end_statement<T>(&mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        let state =
            if outcome.is_ok() { StatementState::Ready } else { StatementState::Failed };
        self.set_state(state);
        outcome
    }

    /// PostgreSQL has to know it: a connection that is dropped during a statement is closed.
    fn set_state(&mut self, state: StatementState) {
        self.state = state;
        if let EngineTx::Postgres(engine_tx) = &mut self.engine_tx {
            engine_tx.is_running = state == StatementState::Running;
        }
    }
}

fn span(statement: &Statement) -> Span {
    debug_span!(
        "statement",
        db.operation.name = &*statement.operation,
        db.collection.name = &*statement.table
    )
}
