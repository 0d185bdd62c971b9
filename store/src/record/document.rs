//! Documents: what the index of search knows of a record, kept with every change of it.
//!
//! **Invariant:** a record with a `doc` is in the index with the text of its row; one without is indexed
//! beside the service. The numbers of a type go up in the order in which records are created.

use hallpass_domain::record::Record;

use super::records::Records;
use crate::dialect::Dialect;
use crate::dialect::search::{SCOPE_SHIFT, SearchedPart, TITLE};
use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;

/// The next numbers of a type: so many.
const NEXT: &str = "UPDATE search_scopes SET last_doc = last_doc + ?3 \
    WHERE workspace_id = ?1 AND entity = ?2 RETURNING scope, last_doc";

/// Rows of the index that one statement inserts.
const ROWS: usize = 128;

/// The number of a type in the index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    pub(super) number: i64,
    /// Whether each of its records is in the index.
    pub(super) is_indexed: bool,
}

impl Scope {
    /// That of a row with the columns `scope` and `is_indexed`, which may be empty.
    pub(super) fn from_row(row: &Row) -> Result<Option<Scope>, Error> {
        let Some(number) = row.optional("scope", Row::int)? else { return Ok(None) };
        Ok(Some(Scope { number, is_indexed: row.bool("is_indexed")? }))
    }

    /// The numbers of its records: all of them are above the first and below the last.
    pub(super) const fn ends(self) -> (i64, i64) {
        let first = self.number << SCOPE_SHIFT;
        (first, first + TITLE)
    }

    /// The first and the last row that the index can have of a part of its records.
    pub(super) const fn rows(self, part: SearchedPart) -> [i64; 2] {
        let (low, high) = self.ends();
        let offset = part.offset();
        [low + 1 + offset, high - 1 + offset]
    }
}

/// The number of a record, by that of its type.
pub(super) const fn doc(scope: i64, number: i64) -> i64 {
    (scope << SCOPE_SHIFT) + number
}

impl<A> Records<'_, A> {
    /// Finds the number of a type; none where it never had a record.
    pub(super) async fn scope(&mut self, entity: &str) -> Result<Option<Scope>, Error> {
        let sql = "SELECT scope, is_indexed FROM search_scopes \
                   WHERE workspace_id = ?1 AND entity = ?2";
        let row = self.tx.find(sql, &[entity.into()]).await?;
        row.map_or(Ok(None), |row| Scope::from_row(&row))
    }
}

impl Records<'_> {
    /// The first of the numbers of so many new records; the others follow it.
    pub(super) async fn next_docs(&mut self, entity: &str, n: usize) -> Result<i64, Error> {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        if let Some(row) = self.tx.find(NEXT, &[entity.into(), n.into()]).await? {
            return Ok(doc(row.int("scope")?, row.int("last_doc")? - n + 1));
        }
        let sql = self.tx.dialect().next_search_scope();
        let scope = self.tx.global().query_one(sql, &[]).await?.int("n")?;
        let sql = "INSERT INTO search_scopes \
                   (workspace_id, entity, scope, last_doc, indexed_doc, is_indexed) \
                   VALUES (?1, ?2, ?3, ?4, 0, ?5)";
        let values = [entity.into(), scope.into(), n.into(), true.into()];
        self.tx.execute(sql, &values).await?;
        Ok(doc(scope, 1))
    }

    /// The number of a record and the text that is indexed, before a change.
    pub(super) async fn document(
        &mut self,
        record: &Record,
    ) -> Result<Option<(i64, String)>, Error> {
        let sql = "SELECT doc, search_text FROM records \
                   WHERE workspace_id = ?1 AND entity = ?2 AND id = ?3 AND doc IS NOT NULL";
        let values = [record.entity.as_str().into(), record.id.into()];
        let Some(row) = self.tx.find(sql, &values).await? else { return Ok(None) };
        Ok(Some((row.int("doc")?, row.text("search_text")?.to_owned())))
    }
}

/// Adds the text of a record to the index. PostgreSQL does so by itself.
pub(super) async fn index(tx: &mut Tx, doc: i64, text: &str) -> Result<(), Error> {
    index_all(tx, &[(doc, text)]).await
}

/// Adds the texts of records to the index.
pub(super) async fn index_all(tx: &mut Tx, documents: &[(i64, &str)]) -> Result<(), Error> {
    if tx.dialect() == Dialect::Postgres {
        return Ok(());
    }
    let titles = documents.iter().map(|(doc, text)| {
        let title = text.split('\n').next().unwrap_or_default();
        (doc + TITLE, title)
    });
    let mut rows: Vec<(i64, &str)> = documents.iter().copied().chain(titles).collect();
    // A row with a lower number than the one before it makes the index write what it holds.
    rows.sort_unstable_by_key(|(row, _)| *row);
    for some in rows.chunks(ROWS) {
        let parameters =
            (0..some.len()).map(|row| format!("(?{}, ?{})", 2 * row + 1, 2 * row + 2));
        let parameters: Vec<String> = parameters.collect();
        let sql =
            format!("INSERT INTO record_index (rowid, text) VALUES {}", parameters.join(", "));
        let values: Vec<Value> =
            some.iter().flat_map(|(row, text)| [(*row).into(), (*text).into()]).collect();
        tx.execute(&sql, &values).await?;
    }
    Ok(())
}

/// Takes a record out of the index. PostgreSQL does so by itself.
pub(crate) async fn remove(tx: &mut Tx, doc: i64) -> Result<(), Error> {
    remove_all(tx, &[doc]).await
}

/// Takes records out of the index.
pub(super) async fn remove_all(tx: &mut Tx, docs: &[i64]) -> Result<(), Error> {
    if tx.dialect() == Dialect::Postgres {
        return Ok(());
    }
    let mut rows: Vec<i64> = docs.iter().flat_map(|doc| [*doc, doc + TITLE]).collect();
    rows.sort_unstable();
    for some in rows.chunks(ROWS) {
        let parameters: Vec<String> = (1..=some.len()).map(|at| format!("?{at}")).collect();
        let sql =
            format!("DELETE FROM record_index WHERE rowid IN ({})", parameters.join(", "));
        let values: Vec<Value> = some.iter().map(|row| (*row).into()).collect();
        tx.execute(&sql, &values).await?;
    }
    Ok(())
}
