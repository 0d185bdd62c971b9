//! A transaction: statements that take effect together or not at all.
//!
//! **Invariant:** a transaction in which a statement failed or was cancelled does nothing more.
//! PostgreSQL has it that way for statements that fail; here it holds for both engines, because a
//! COMMIT after a failure is answered by PostgreSQL as if it had worked.

use std::sync::Arc;

use uuid::Uuid;

use crate::dialect::Dialect;
use crate::error::Error;
use crate::record::counter_cache::{CounterCache, CounterDeltas, Known, Owners};
use crate::value::{Row, Value};
use crate::{postgres, sqlite};

/// A transaction about what belongs to no workspace. It is undone unless it is committed.
pub struct Tx {
    session: EngineTx,
    state: StatementState,
    writes: bool,
    counter_cache: Arc<CounterCache>,
    /// What it has done to counters.
    deltas: CounterDeltas,
}

pub(crate) enum EngineTx {
    Sqlite(sqlite::SqliteTx),
    Postgres(postgres::PostgresTx),
}

/// What became of the last statement.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum StatementState {
    /// It is done.
    Ready,
    /// It has begun and has not answered, which lasts when its caller has gone away.
    Running,
    /// It failed.
    Failed,
}

impl Tx {
    /// Whether it writes.
    pub(crate) fn is_writing(&self) -> bool {
        self.writes
    }

    pub(crate) fn new(session: EngineTx, hold: Hold, counter_cache: Arc<CounterCache>) -> Tx {
        let (state, writes) = (StatementState::Ready, hold == Hold::Workspace);
        Tx { session, state, writes, counter_cache, deltas: CounterDeltas::default() }
    }

    /// Which engine it runs on.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match &self.session {
            EngineTx::Sqlite(_) => Dialect::Sqlite,
            EngineTx::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The rows that a statement answers with: a SELECT, or a change with RETURNING.
    ///
    /// # Errors
    ///
    /// `Conflict` when a constraint forbids it, or a text holds the character NUL, which
    /// PostgreSQL cannot keep; `Unavailable` when the engine fails. Either way nothing more can be
    /// done in this transaction.
    pub async fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        self.rows(sql, None, values).await
    }

    /// The row that a statement answers with, or none.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], and `Corrupt` when there are several.
    pub async fn find(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        at_most_one(self.query(sql, values).await?)
    }

    /// The one row that a statement answers with.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], and `Corrupt` when there is none or there are several.
    pub async fn query_one(&mut self, sql: &str, values: &[Value]) -> Result<Row, Error> {
        exactly_one(self.query(sql, values).await?)
    }

    /// How many rows a statement without RETURNING has changed.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`].
    pub async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        self.change(sql, None, values).await
    }

    /// Ends the transaction; what it wrote stays, whatever happens then. It runs to its end even
    /// if the caller goes away.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`]; then nothing was written, unless the connection to a server broke
    /// before its answer came.
    pub async fn commit(self) -> Result<(), Error> {
        self.check()?;
        match self.session {
            EngineTx::Sqlite(session) => session.commit().await?,
            EngineTx::Postgres(session) => {
                let committed = tokio::spawn(session.commit()).await;
                let broke = |error| Error::Unavailable(format!("a commit broke off: {error}"));
                committed.map_err(broke)??;
            }
        }
        self.counter_cache.follow(self.deltas);
        Ok(())
    }

    /// Goes on in one workspace; nothing when there is no such workspace or it is deleted, and then
    /// the transaction is undone. One that writes holds the workspace's row: whoever enters several
    /// does it in the order of their ids, so that no two wait for each other.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`].
    pub async fn into_workspace(self, workspace: Uuid) -> Result<Option<WorkspaceTx>, Error> {
        enter(self, "id", workspace.into()).await
    }

    /// As [`Tx::into_workspace`], by the workspace's slug.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn into_workspace_by_slug(
        self,
        slug: &str,
    ) -> Result<Option<WorkspaceTx>, Error> {
        enter(self, "slug", slug.into()).await
    }

    /// Runs statements that have no parameters, with `;` between them.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.begin_statement(&[])?;
        let outcome = match &mut self.session {
            EngineTx::Sqlite(session) => session.run(sql),
            EngineTx::Postgres(session) => session.run(sql).await,
        };
        self.end_statement(outcome)
    }

    async fn rows(
        &mut self,
        sql: &str,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<Vec<Row>, Error> {
        self.begin_statement(values)?;
        let outcome = match &mut self.session {
            EngineTx::Sqlite(session) => session.query(sql, workspace, values),
            EngineTx::Postgres(session) => session.query(sql, workspace, values).await,
        };
        self.end_statement(outcome)
    }

    async fn change(
        &mut self,
        sql: &str,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<u64, Error> {
        self.begin_statement(values)?;
        let outcome = match &mut self.session {
            EngineTx::Sqlite(session) => session.execute(sql, workspace, values),
            EngineTx::Postgres(session) => session.execute(sql, workspace, values).await,
        };
        self.end_statement(outcome)
    }

    fn check(&self) -> Result<(), Error> {
        match self.state {
            StatementState::Ready => Ok(()),
            StatementState::Running | StatementState::Failed => {
                let why = "the transaction ended with a statement that failed or was cancelled";
                Err(Error::unavailable(why))
            }
        }
    }

    fn begin_statement(&mut self, values: &[Value]) -> Result<(), Error> {
        self.check()?;
        if values.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0')))
        {
            self.state = StatementState::Failed;
            return Err(Error::Conflict("a text holds the character NUL".to_owned()));
        }
        self.mark(StatementState::Running);
        Ok(())
    }

    fn end_statement<T>(&mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        self.mark(if outcome.is_ok() { StatementState::Ready } else { StatementState::Failed });
        outcome
    }

    /// A server is told when its session is dropped in the middle of a statement.
    fn mark(&mut self, state: StatementState) {
        self.state = state;
        if let EngineTx::Postgres(session) = &mut self.session {
            session.is_busy = state == StatementState::Running;
        }
    }
}

fn at_most_one(rows: Vec<Row>) -> Result<Option<Row>, Error> {
    let mut rows = rows.into_iter();
    match (rows.next(), rows.next()) {
        (found, None) => Ok(found),
        (_, Some(_)) => Err(wrong_count("more than one row")),
    }
}

fn exactly_one(rows: Vec<Row>) -> Result<Row, Error> {
    at_most_one(rows)?.ok_or_else(|| wrong_count("no row"))
}

fn wrong_count(what: &str) -> Error {
    Error::Corrupt { table: "an answer".to_owned(), column: what.to_owned() }
}

/// A transaction in one workspace. It is undone unless it is committed.
///
/// **Invariant:** `?1` is the workspace's id in each of its statements, and a statement that does
/// not say `?1` is refused. What the caller binds begins at `?2`.
pub struct WorkspaceTx {
    tx: Tx,
    workspace: Uuid,
    id: Value,
    revision: i64,
}

/// What a transaction holds in its workspace.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Hold {
    Nothing,
    Workspace,
}

/// Enters the workspace of which a column says something. The names of columns are ours.
async fn enter(tx: Tx, column: &str, value: Value) -> Result<Option<WorkspaceTx>, Error> {
    let mut tx = tx;
    let hold = if tx.writes { tx.dialect().for_update() } else { "" };
    let sql = format!(
        "SELECT id, revision FROM workspaces WHERE {column} = ?1 AND deleted_at IS NULL{hold}"
    );
    let Some(row) = at_most_one(tx.rows(&sql, None, &[value]).await?)? else { return Ok(None) };
    let (workspace, revision) = (row.id(0)?, row.int(1)?);
    Ok(Some(WorkspaceTx::inside(tx, workspace, revision)))
}

impl WorkspaceTx {
    /// A transaction that has found the workspace there, at a revision.
    pub(crate) fn inside(tx: Tx, workspace: Uuid, revision: i64) -> WorkspaceTx {
        WorkspaceTx { tx, workspace, id: workspace.into(), revision }
    }

    /// The workspace that it is about.
    #[must_use]
    pub fn workspace(&self) -> Uuid {
        self.workspace
    }

    /// The workspace's revision, as this transaction sees it.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// Which engine it runs on.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.tx.dialect()
    }

    /// Gives the workspace its next revision. A change of access does this once.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`]; a transaction that reads cannot.
    pub async fn bump_revision(&mut self) -> Result<i64, Error> {
        let sql =
            "UPDATE workspaces SET revision = revision + 1 WHERE id = ?1 RETURNING revision";
        self.revision = self.query_one(sql, &[]).await?.int(0)?;
        Ok(self.revision)
    }

    /// As [`Tx::query`], in the workspace `?1`.
    ///
    /// # Errors
    ///
    /// As there, and `Unavailable` for a statement that does not name the workspace.
    pub async fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        names_the_workspace(sql)?;
        self.tx.rows(sql, Some(&self.id), values).await
    }

    /// As [`Tx::find`], in the workspace `?1`.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], and `Corrupt` when there are several rows.
    pub async fn find(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        at_most_one(self.query(sql, values).await?)
    }

    /// As [`Tx::query_one`], in the workspace `?1`.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], and `Corrupt` when there is no row or there are several.
    pub async fn query_one(&mut self, sql: &str, values: &[Value]) -> Result<Row, Error> {
        exactly_one(self.query(sql, values).await?)
    }

    /// As [`Tx::execute`], in the workspace `?1`.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`].
    pub async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        names_the_workspace(sql)?;
        self.tx.change(sql, Some(&self.id), values).await
    }

    /// What is known in memory of a version of the counters of a record type.
    pub(crate) fn counter_cache(&self, entity: &str, version: i64) -> Known {
        self.tx.counter_cache.find(self.workspace, entity, version)
    }

    /// Whether it writes: then it keeps nothing in memory of what it reads.
    pub(crate) fn writes(&self) -> bool {
        self.tx.writes
    }

    /// Keeps in memory what was read of the counters, unless some of it is the transaction's own and
    /// may yet be undone.
    pub(crate) fn store_counters(&self, entity: &str, version: i64, owners: &Arc<Owners>) {
        if !self.writes() {
            self.tx.counter_cache.keep(self.workspace, entity, version, owners);
        }
    }

    /// Notes that counters have a new version, to be followed in memory when the transaction has
    /// committed.
    pub(crate) fn apply_delta(
        &mut self,
        entity: &str,
        version: i64,
        moved: impl IntoIterator<Item = (Uuid, i64)>,
    ) {
        self.tx.deltas.note(self.workspace, entity, version, moved);
    }

    /// The transaction itself, for what belongs to no workspace: accounts, sessions, mails.
    pub fn global(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Leaves the workspace; what was done there stays part of the transaction.
    #[must_use]
    pub fn into_tx(self) -> Tx {
        self.tx
    }

    /// As [`Tx::commit`].
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await
    }
}

fn names_the_workspace(sql: &str) -> Result<(), Error> {
    let names = |(at, mark): (usize, &str)| {
        !sql.as_bytes().get(at + mark.len()).is_some_and(u8::is_ascii_digit)
    };
    if sql.match_indices("?1").any(names) {
        return Ok(());
    }
    Err(Error::Unavailable(format!("a statement does not name its workspace as `?1`: {sql}")))
}
