//! Inserting, updating and deleting records, with their counters.

use std::collections::BTreeMap;
use std::slice;
use std::sync::LazyLock;

use hallpass_domain::id::RecordId;
use hallpass_domain::record::Record;
use hallpass_domain::search::searched_text;

use super::counter::RecordChange;
use super::document;
use super::records::Records;
use super::row::{COLUMNS, changing_values, values};
use crate::error::Error;
use crate::row::Row;
use crate::value::Value;

/// Records that one statement inserts.
const ROWS: usize = 64;

/// Inserts as many records as one statement does.
static INSERT: LazyLock<String> = LazyLock::new(|| COLUMNS.insert_rows(ROWS));

/// Counters and sums depend on owner, openness, stage and amount, so the statement checks them beside the
/// version.
static UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "UPDATE records SET {}, version = version + 1 WHERE workspace_id = ?1 AND {AS_BEFORE}",
        COLUMNS.assignments(9)
    )
});

const AS_BEFORE: &str = "entity = ?2 AND id = ?3 AND version = ?4 \
    AND owner_id = ?5 AND is_open = ?6 AND stage IS NOT DISTINCT FROM ?7 \
    AND amount IS NOT DISTINCT FROM ?8";

impl Records<'_> {
    /// Inserts a record.
    ///
    /// # Errors
    ///
    /// `Conflict` when another record of its type has its id.
    pub async fn insert(&mut self, record: &Record) -> Result<(), Error> {
        self.insert_all(slice::from_ref(record)).await
    }

    /// Inserts records of any types, in few statements. Their ids are higher than those of the records that
    /// are there: the index of search has the order in which records were created.
    ///
    /// # Errors
    ///
    /// `Conflict` when another record of its type has the id of one; then end the transaction.
    pub async fn insert_all(&mut self, records: &[Record]) -> Result<(), Error> {
        let mut documents = Vec::with_capacity(records.len());
        for (entity, records) in by_type(records) {
            documents.extend(self.insert_rows(entity, &records).await?);
            let added = records.into_iter().map(RecordChange::added);
            self.change_counters(entity, added).await?;
        }
        let documents: Vec<(i64, &str)> =
            documents.iter().map(|(doc, text)| (*doc, text.as_str())).collect();
        document::index_all(self.tx.global(), &documents).await
    }

    /// Inserts the rows of records of a type, in the order of their ids, and nothing that depends on them.
    /// Returns their numbers in the index of search, with the texts.
    pub(super) async fn insert_rows(
        &mut self,
        entity: &str,
        records: &[&Record],
    ) -> Result<Vec<(i64, String)>, Error> {
        let first = self.next_docs(entity, records.len()).await?;
        let mut documents = Vec::with_capacity(records.len());
        let numbered: Vec<(i64, &Record)> = (first..).zip(records.iter().copied()).collect();
        for some in numbered.chunks(ROWS) {
            let mut rows = Vec::with_capacity(some.len() * 16);
            for (doc, record) in some {
                let text = searched_text(&record.title, &record.fields);
                rows.extend(values(record, *doc, &text));
                documents.push((*doc, text));
            }
            match some.len() {
                ROWS => self.tx.execute(&INSERT, &rows).await?,
                fewer => self.tx.execute(&COLUMNS.insert_rows(fewer), &rows).await?,
            };
        }
        Ok(documents)
    }

    /// Updates a record, which gets the next version. Returns whether the record still was as it was
    /// read before.
    pub async fn update(&mut self, before: &Record, after: &Record) -> Result<bool, Error> {
        let indexed = self.document(before).await?;
        let mut values = before_values(before).to_vec();
        let text = searched_text(&after.title, &after.fields);
        values.extend(changing_values(after, &text));
        if self.tx.execute(&UPDATE, &values).await? == 0 {
            return Ok(false);
        }
        if let Some((doc, _)) = indexed.filter(|(_, indexed)| *indexed != text) {
            document::remove(self.tx.global(), doc).await?;
            document::index(self.tx.global(), doc, &text).await?;
        }
        let changes = [RecordChange::removed(before), RecordChange::added(after)];
        self.change_counters(&before.entity, changes).await?;
        Ok(true)
    }

    /// Deletes a record and its timeline. Returns whether the record still was as it was read before.
    pub async fn delete(&mut self, record: &Record) -> Result<bool, Error> {
        let sql = format!(
            "DELETE FROM records WHERE workspace_id = ?1 AND {AS_BEFORE} RETURNING doc"
        );
        let Some(deleted) = self.tx.find(&sql, &before_values(record)).await? else {
            return Ok(false);
        };
        let doc = deleted.optional("doc", Row::int)?;
        self.forget(&record.entity, &[record], doc.as_slice()).await?;
        Ok(true)
    }

    /// Deletes records of a type and their timelines, by few statements, and returns which there were. The transaction
    /// has read them after it has locked the workspace, so that they are as they were.
    pub async fn delete_all(
        &mut self,
        entity: &str,
        records: &[Record],
    ) -> Result<Vec<RecordId>, Error> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let dialect = self.tx.dialect();
        let sql = format!(
            "DELETE FROM records WHERE workspace_id = ?1 AND entity = ?2 AND id {} \
             RETURNING id, doc",
            dialect.in_ids("?3")
        );
        let ids = dialect.ids(records.iter().map(|record| record.id.0));
        let (mut deleted, mut docs) = (Vec::new(), Vec::new());
        for row in &self.tx.query(&sql, &[entity.into(), ids]).await? {
            deleted.push(RecordId::from(row.id("id")?));
            docs.extend(row.optional("doc", Row::int)?);
        }
        let gone: Vec<&Record> =
            records.iter().filter(|record| deleted.contains(&record.id)).collect();
        self.forget(entity, &gone, &docs).await?;
        Ok(deleted)
    }

    /// Takes deleted records of a type out of the index, the timeline and the counters.
    async fn forget(
        &mut self,
        entity: &str,
        records: &[&Record],
        docs: &[i64],
    ) -> Result<(), Error> {
        document::remove_all(self.tx.global(), docs).await?;
        let dialect = self.tx.dialect();
        let sql = format!(
            "DELETE FROM timeline WHERE workspace_id = ?1 AND record_id {}",
            dialect.in_ids("?2")
        );
        let ids = dialect.ids(records.iter().map(|record| record.id.0));
        self.tx.execute(&sql, &[ids]).await?;
        let changes = records.iter().map(|record| RecordChange::removed(record));
        self.change_counters(entity, changes).await
    }
}

/// Records by their type, those of each in the order of their ids.
pub(super) fn by_type(records: &[Record]) -> BTreeMap<&str, Vec<&Record>> {
    let mut types: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in records {
        types.entry(&record.entity).or_default().push(record);
    }
    for records in types.values_mut() {
        records.sort_unstable_by_key(|record| record.id);
    }
    types
}

/// What [`AS_BEFORE`] takes.
fn before_values(record: &Record) -> [Value; 7] {
    [
        record.entity.as_str().into(),
        record.id.into(),
        record.version.into(),
        record.owner.key().into(),
        record.open.into(),
        record.stage.clone().into(),
        record.amount.into(),
    ]
}
