//! Filling a database without records with very many: what is sorted is made afterwards, in one pass.
//!
//! The indexes of the table are dropped and created again, and the index of search is written in the order of
//! its rows, so that no page is written more than once.
//!
//! **Invariant:** all of it is one transaction. A client sees either no record, or all of them with every
//! index and exact counters; so does the next process after one that was killed.

use std::collections::BTreeMap;

use hallpass_domain::record::Record;

use super::counter::{CounterChanges, RecordChange};
use super::statement::PRIMARY;
use super::write::by_type;
use crate::dialect::Dialect;
use crate::dialect::search::TITLE;
use crate::error::Error;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

/// So many sums are added up in memory, in some hundred MB.
const SUMS: usize = 1_000_000;

/// The bytes that the index of search collects until it writes them, while it is filled and otherwise.
const COLLECTED: i64 = 128 << 20;
const COLLECTED_OTHERWISE: i64 = 1 << 20;

/// A transaction that fills a workspace with records.
pub struct RecordFill {
    tx: WorkspaceTx,
    /// The statements that create the indexes.
    indexes: Vec<String>,
    changes: BTreeMap<String, CounterChanges>,
}

impl RecordFill {
    /// Begins to fill a workspace. `None` where the database has records or is a server, whose other
    /// transactions would wait; then nothing has happened.
    pub async fn begin(tx: WorkspaceTx) -> Result<Option<RecordFill>, Error> {
        let mut tx = tx;
        if tx.dialect() != Dialect::Sqlite {
            return Ok(None);
        }
        // In any workspace.
        let found =
            tx.global().find("SELECT workspace_id FROM records LIMIT 1", &[]).await?.is_some();
        if found {
            return Ok(None);
        }
        let sql = "SELECT name, sql FROM sqlite_schema \
                   WHERE type = 'index' AND tbl_name = 'records' AND sql IS NOT NULL ORDER BY rowid";
        let rows = tx.global().query(sql, &[]).await?;
        let mut indexes = Vec::new();
        for row in &rows {
            let (name, sql) = (row.text("name")?, row.text("sql")?);
            tx.global().run(&format!("DROP INDEX {name}")).await?;
            indexes.push(sql.to_owned());
        }
        Ok(Some(RecordFill { tx, indexes, changes: BTreeMap::new() }))
    }

    /// Inserts records. Their ids are higher than those of the records before.
    ///
    /// # Errors
    ///
    /// `Conflict` when another record of its type has the id of one; then end the transaction.
    pub async fn insert(&mut self, records: &[Record]) -> Result<(), Error> {
        for (entity, records) in by_type(records) {
            self.tx.records().insert_rows(entity, &records).await?;
            let mut changes = self.changes.remove(entity).unwrap_or_default();
            for record in records {
                changes.add(RecordChange::added(record));
            }
            if changes.len() > SUMS {
                self.tx.records().write_counters(entity, changes).await?;
                changes = CounterChanges::default();
            }
            self.changes.insert(entity.to_owned(), changes);
        }
        Ok(())
    }

    /// Creates what was left out, and commits the transaction.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::commit`].
    pub async fn commit(self) -> Result<(), Error> {
        let RecordFill { mut tx, indexes, changes } = self;
        let types: Vec<String> = changes.keys().cloned().collect();
        for (entity, changes) in changes {
            tx.records().write_counters(&entity, changes).await?;
        }
        index(&mut tx, &types).await?;
        for sql in indexes {
            tx.global().run(&sql).await?;
        }
        tx.commit().await
    }
}

/// Writes the index of search of some types.
async fn index(tx: &mut WorkspaceTx, types: &[String]) -> Result<(), Error> {
    if types.is_empty() {
        return Ok(());
    }
    let collect = "INSERT INTO record_index (record_index, rank) VALUES ('hashsize', ?1)";
    tx.global().execute(collect, &[COLLECTED.into()]).await?;
    let mut scopes = Vec::with_capacity(types.len());
    for entity in types {
        let scope = tx.records().scope(entity).await?;
        let scope =
            scope.ok_or_else(|| Error::unavailable("a record type without a number"))?;
        scopes.push((scope.number, entity));
    }
    // One statement, in the order of the rows: the index writes what it has collected at the beginning of each.
    scopes.sort_unstable();
    let title = tx.dialect().first_line("search_text");
    let parts = (2..).zip(&scopes).flat_map(|(number, _)| {
        [(0, "search_text"), (TITLE, title.as_str())].map(|(offset, text)| {
            format!(
                "SELECT * FROM (SELECT doc + {offset}, {text} FROM records INDEXED BY {PRIMARY} \
                 WHERE workspace_id = ?1 AND entity = ?{number} ORDER BY id)"
            )
        })
    });
    let parts = parts.collect::<Vec<_>>().join(" UNION ALL ");
    let values: Vec<Value> = scopes.iter().map(|(_, entity)| entity.as_str().into()).collect();
    tx.execute(&format!("INSERT INTO record_index (rowid, text) {parts}"), &values).await?;
    tx.global().execute(collect, &[COLLECTED_OTHERWISE.into()]).await.map(drop)
}
