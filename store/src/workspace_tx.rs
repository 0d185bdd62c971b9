//! A transaction in one workspace.
//!
//! **Invariant:** `?1` is the workspace's id in each of its statements, and a statement without `?1`
//! is refused. What the caller binds begins at `?2`.

use std::sync::Arc;

use uuid::Uuid;

use crate::counter_cache::figure::ReachKey;
use crate::counter_cache::{CacheLookup, Counters};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::part::{Collected, Part, Room, Sink};
use crate::record::sum::{SumDelta, SumMap};
use crate::row::{Header, Row, Rows};
use crate::slug::by_slug;
use crate::statement::Statement;
use crate::tx::{Turn, Tx};
use crate::value::Value;

/// A transaction in one workspace. It is rolled back unless it is committed.
pub struct WorkspaceTx {
    tx: Tx,
    workspace: Uuid,
    id: Value,
    revision: i64,
}

impl Tx {
    /// Continues in a workspace; `None` when the workspace does not exist or is deleted, and then
    /// the transaction is rolled back. A transaction that writes locks the workspace's row. Lock
    /// several in the order of their ids, so that no two transactions wait for each other.
    pub async fn into_workspace(self, workspace: Uuid) -> Result<Option<WorkspaceTx>, Error> {
        find(self, "?1", workspace.into(), PRESENT).await
    }

    /// Continues in the workspace that has or had a slug, like [`Tx::into_workspace`].
    pub async fn into_workspace_by_slug(
        self,
        slug: &str,
    ) -> Result<Option<WorkspaceTx>, Error> {
        find(self, &by_slug("?1"), slug.into(), PRESENT).await
    }

    /// Continues in a workspace that is deleted and not purged yet, like [`Tx::into_workspace`].
    pub async fn into_deleted_workspace(
        self,
        workspace: Uuid,
    ) -> Result<Option<WorkspaceTx>, Error> {
        find(self, "?1", workspace.into(), DELETED).await
    }
}

const DELETED: &str = "deleted_at IS NOT NULL";
const PRESENT: &str = "deleted_at IS NULL";

async fn find(
    tx: Tx,
    id: &str,
    value: Value,
    state: &str,
) -> Result<Option<WorkspaceTx>, Error> {
    let mut tx = tx;
    let lock = if tx.is_writing() { tx.dialect().for_update() } else { "" };
    let sql = format!("SELECT id, revision FROM workspaces WHERE id = {id} AND {state}{lock}");
    let row = if tx.is_writing() {
        tx.find_locked(&sql, &[value]).await?
    } else {
        tx.find(&sql, &[value]).await?
    };
    let Some(row) = row else { return Ok(None) };
    Ok(Some(WorkspaceTx::new(tx, row.id("id")?, row.int("revision")?)))
}

impl WorkspaceTx {
    /// A transaction that has read that the workspace exists, at a revision.
    pub(crate) fn new(tx: Tx, workspace: Uuid, revision: i64) -> WorkspaceTx {
        WorkspaceTx { tx, workspace, id: workspace.into(), revision }
    }

    /// The workspace's id.
    #[must_use]
    pub fn workspace(&self) -> Uuid {
        self.workspace
    }

    /// The workspace's revision in this transaction.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// The engine's dialect of SQL.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.tx.dialect()
    }

    /// Gives the workspace its next revision. A change of access does this once.
    pub async fn bump_revision(&mut self) -> Result<i64, Error> {
        let sql =
            "UPDATE workspaces SET revision = revision + 1 WHERE id = ?1 RETURNING revision";
        self.revision = self.query_one(sql, &[]).await?.int("revision")?;
        Ok(self.revision)
    }

    /// Runs a statement that returns rows, like [`Tx::query`], in the workspace `?1`.
    ///
    /// # Errors
    ///
    /// Those of [`Tx::query`], and `Unavailable` for a statement that does not name the workspace.
    pub async fn query(&mut self, sql: &str, values: &[Value]) -> Result<Rows, Error> {
        let statement = self.statement(sql)?;
        self.tx.rows(&statement, Some(&self.id), values).await
    }

    /// Lists a part of a list in the workspace `?1`, like [`Tx::part`].
    pub(crate) async fn part<T>(
        &mut self,
        sql: &str,
        values: &[Value],
        limit: usize,
        from_row: impl Fn(&Row) -> Result<T, Error>,
    ) -> Result<Part<T>, Error> {
        self.part_of(sql, values, (limit, Room::default()), from_row).await
    }

    /// Like [`WorkspaceTx::part`], with room of its own.
    pub(crate) async fn part_of<T>(
        &mut self,
        sql: &str,
        values: &[Value],
        (limit, room): (usize, Room),
        from_row: impl Fn(&Row) -> Result<T, Error>,
    ) -> Result<Part<T>, Error> {
        let statement = self.statement(sql)?;
        self.tx.part_within((&statement, Some(&self.id)), values, (limit, room), from_row).await
    }

    /// Runs a statement that returns rows in the workspace `?1`, and reads as many as there is room for. Returns
    /// whether there are more.
    pub(crate) async fn query_within(
        &mut self,
        sql: &str,
        values: &[Value],
        room: Room,
    ) -> Result<(Rows, bool), Error> {
        let (sink, header) = self.query_into(sql, values, Collected::within(room)).await?;
        Ok(sink.into_rows(header))
    }

    /// Runs a statement that returns rows, in the workspace `?1`, and gives them to a sink while they are read.
    pub(crate) async fn query_into<S: Sink>(
        &mut self,
        sql: &str,
        values: &[Value],
        sink: S,
    ) -> Result<(S, Arc<Header>), Error> {
        let statement = self.statement(sql)?;
        self.tx.rows_into(&statement, Some(&self.id), values, sink).await
    }

    /// Runs a statement that returns at most one row, in the workspace `?1`.
    ///
    /// # Errors
    ///
    /// Those of [`WorkspaceTx::query`], and `Unavailable` when there are several rows.
    pub async fn find(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        self.query(sql, values).await?.at_most_one()
    }

    /// Runs a statement that returns exactly one row, in the workspace `?1`.
    ///
    /// # Errors
    ///
    /// Those of [`WorkspaceTx::query`], and `Unavailable` when there is no row or there are several.
    pub async fn query_one(&mut self, sql: &str, values: &[Value]) -> Result<Row, Error> {
        self.query(sql, values).await?.exactly_one()
    }

    /// Runs a statement without RETURNING in the workspace `?1`, and returns how many rows it
    /// changed.
    ///
    /// # Errors
    ///
    /// Those of [`WorkspaceTx::query`].
    pub async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let statement = self.statement(sql)?;
        self.tx.change(&statement, Some(&self.id), values).await
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

    /// Commits the transaction, like [`Tx::commit`].
    ///
    /// # Errors
    ///
    /// Those of [`Tx::commit`].
    pub async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await
    }

    /// Whether it writes.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.tx.is_writing()
    }

    /// The transaction, with its place among those of its workspace.
    #[must_use]
    pub fn keeping(self, turn: Turn) -> WorkspaceTx {
        WorkspaceTx { tx: self.tx.keeping(turn), ..self }
    }

    /// Looks up a version of the counters of a record type in memory.
    pub(crate) fn cached_counters(&self, entity: &str, version: i64) -> CacheLookup {
        self.tx.counter_cache().find(self.workspace, entity, version)
    }

    /// Stores counters in memory. A transaction that writes stores none: what it read may be its
    /// own change, which can still be rolled back.
    pub(crate) fn cache_counters(&self, entity: &str, version: i64, counters: &Arc<Counters>) {
        if !self.is_writing() {
            self.tx.counter_cache().insert(self.workspace, entity, version, counters);
        }
    }

    /// Notes a new version of the counters of a record type, for the cache after the commit.
    pub(crate) fn note_delta(
        &mut self,
        entity: &str,
        version: i64,
        changes: impl IntoIterator<Item = (Uuid, i64)>,
        sums: Vec<SumDelta>,
    ) {
        self.tx.deltas().insert(self.workspace, entity, version, changes, sums);
    }

    /// Looks up the sums of some owners of a record type in memory, at a version of its counters.
    pub(crate) fn cached_sums(
        &self,
        entity: &str,
        reach: (ReachKey, Option<&[Uuid]>),
        version: i64,
    ) -> Option<Arc<SumMap>> {
        let key = (self.workspace, entity.to_owned());
        self.tx.counter_cache().figures.find(&key, reach, version)
    }

    /// Stores sums in memory, like [`WorkspaceTx::cache_counters`].
    pub(crate) fn cache_sums(
        &self,
        entity: &str,
        reach: ReachKey,
        version: i64,
        sums: &Arc<SumMap>,
    ) {
        if !self.is_writing() {
            let key = (self.workspace, entity.to_owned());
            self.tx.counter_cache().figures.insert(&key, reach, version, sums);
        }
    }

    fn statement(&self, sql: &str) -> Result<Arc<Statement>, Error> {
        let statement = self.tx.statement(sql);
        if statement.names_workspace {
            return Ok(statement);
        }
        Err(Error::Unavailable(format!(
            "a statement does not name its workspace as `?1`: {sql}"
        )))
    }
}
