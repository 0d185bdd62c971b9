//! Indexing the records of an earlier version, some at a time, while the service runs.
//!
//! **Invariant:** a batch and how far it came are one transaction, so an interrupted process continues
//! where it was.

use hallpass_domain::search::searched_text;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::document::{doc, index_all};
use crate::error::Error;
use crate::part::one_more;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;

/// How far the index is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexProgress {
    /// The workspace of the last batch.
    pub workspace: Uuid,
    /// Its record type.
    pub entity: String,
    /// How many records the batch has indexed.
    pub indexed: u64,
    /// Whether the type is done.
    pub is_done: bool,
}

/// A type that is not indexed.
struct Pending {
    workspace: Uuid,
    entity: String,
    scope: i64,
    indexed_doc: i64,
    indexed_id: Uuid,
}

impl Tx {
    /// Indexes some records that the index of search lacks, as many as there is room for; `None` when it lacks
    /// none. Commit each batch.
    pub async fn index_pending(&mut self, limit: i64) -> Result<Option<IndexProgress>, Error> {
        let Some(pending) = self.next_pending().await? else { return Ok(None) };
        let Pending { workspace, entity, scope, mut indexed_doc, mut indexed_id } = pending;
        let sql = "SELECT id, title, fields FROM records \
                   WHERE workspace_id = ?1 AND entity = ?2 AND id > ?3 AND doc IS NULL \
                   ORDER BY id LIMIT ?4";
        let key: [Value; 2] = [workspace.into(), entity.as_str().into()];
        let mut values = key.to_vec();
        let limit = usize::try_from(limit).unwrap_or(0);
        values.extend([indexed_id.into(), one_more(limit)]);
        let part = self.part(sql, &values, limit, unindexed).await?;
        let update = "UPDATE records SET doc = ?4, search_text = ?5 \
                      WHERE workspace_id = ?1 AND entity = ?2 AND id = ?3";
        let mut documents = Vec::with_capacity(part.items.len());
        for (id, text) in part.items {
            indexed_id = id;
            indexed_doc += 1;
            let number = doc(scope, indexed_doc);
            let mut values = key.to_vec();
            values.extend([indexed_id.into(), number.into(), text.as_str().into()]);
            self.execute(update, &values).await?;
            documents.push((number, text));
        }
        let documents: Vec<(i64, &str)> =
            documents.iter().map(|(number, text)| (*number, text.as_str())).collect();
        index_all(self, &documents).await?;
        let is_done = !part.has_more;
        let sql = "UPDATE search_scopes SET indexed_doc = ?3, indexed_id = ?4, is_indexed = ?5 \
                   WHERE workspace_id = ?1 AND entity = ?2";
        let mut values = key.to_vec();
        values.extend([indexed_doc.into(), indexed_id.into(), is_done.into()]);
        self.execute(sql, &values).await?;
        let indexed = u64::try_from(documents.len()).unwrap_or(u64::MAX);
        Ok(Some(IndexProgress { workspace, entity, indexed, is_done }))
    }

    /// Counts the record types that the index of search lacks records of.
    pub async fn count_pending(&mut self) -> Result<i64, Error> {
        let sql = "SELECT count(workspace_id) AS n FROM search_scopes WHERE is_indexed = ?1";
        self.query_one(sql, &[false.into()]).await?.int("n")
    }

    /// The next type, whose workspace is locked until the end of the transaction.
    async fn next_pending(&mut self) -> Result<Option<Pending>, Error> {
        let sql = "SELECT workspace_id FROM search_scopes WHERE is_indexed = ?1 \
                   ORDER BY scope LIMIT 1";
        let Some(found) = self.find(sql, &[false.into()]).await? else { return Ok(None) };
        let workspace = found.id("workspace_id")?;
        let lock =
            format!("SELECT id FROM workspaces WHERE id = ?1{}", self.dialect().for_update());
        self.find(&lock, &[workspace.into()]).await?;
        // Another process may have gone on until the lock.
        let sql = "SELECT entity, scope, indexed_doc, indexed_id FROM search_scopes \
                   WHERE workspace_id = ?1 AND is_indexed = ?2 ORDER BY scope LIMIT 1";
        let values = [workspace.into(), false.into()];
        let Some(row) = self.find(sql, &values).await? else { return Ok(None) };
        Ok(Some(Pending {
            workspace,
            entity: row.text("entity")?.to_owned(),
            scope: row.int("scope")?,
            indexed_doc: row.int("indexed_doc")?,
            indexed_id: row.optional("indexed_id", Row::id)?.unwrap_or_default(),
        }))
    }
}

/// The id of a record and what search finds it by.
fn unindexed(row: &Row) -> Result<(Uuid, String), Error> {
    let fields = row.json::<Map<String, Json>>("fields")?;
    Ok((row.id("id")?, searched_text(row.text("title")?, &fields)))
}
