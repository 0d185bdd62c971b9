//! Records: kept, listed by whoever reaches them, counted, given to others.
//!
//! **Invariant:** a counter of an owner and the total of a record type change in the transaction
//! that changes the records; they are exact whenever somebody reads them. Each change of how many
//! records an owner has gives the counters of the type another version.

mod counter;
pub(crate) mod counter_cache;
mod list;
mod query;
mod row;
mod source;
mod statement;
mod summary;

pub use query::{
    GroupBy, GroupKey, GroupSum, ListQuery, OwnerChange, OwnerCounts, Reach, RecordPage,
    RecordPosition, SortOrder,
};
pub use statement::statements;

use hallpass_domain::id::{EventId, RecordId};
use hallpass_domain::record::{Event, Record};

use counter::CounterDelta;

use crate::error::Error;
use crate::tx::WorkspaceTx;
use crate::value::Value;

/// The records of a workspace.
pub struct Records<'t> {
    tx: &'t mut WorkspaceTx,
}

impl WorkspaceTx {
    /// Its records.
    pub fn records(&mut self) -> Records<'_> {
        Records { tx: self }
    }
}

/// Entries that are written into timelines by one statement, where there are so many.
const AT_A_TIME: usize = 100;

const INSERT: &str = "INSERT INTO records (workspace_id, entity, id, created_month, created_at, \
    created_by, owner_id, title_key, stage, is_open, amount, updated_at, title, fields, \
    search_text, version) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

/// Whoever has read the record before it was changed writes nothing.
const UPDATE: &str = "UPDATE records SET owner_id = ?7, title_key = ?8, stage = ?9, is_open = ?10, \
    amount = ?11, updated_at = ?12, title = ?13, fields = ?14, search_text = ?15, \
    version = version + 1 \
    WHERE workspace_id = ?1 AND entity = ?2 AND id = ?3 AND version = ?4 AND owner_id = ?5 \
    AND is_open = ?6";

impl Records<'_> {
    /// Keeps a new record, as it is.
    ///
    /// # Errors
    ///
    /// `Conflict` when its id is taken in its type; else those of the engine, as for all that
    /// follow.
    pub async fn insert(&mut self, record: &Record) -> Result<(), Error> {
        let mut values = row::fixed(record);
        values.extend(row::changing(record));
        values.push(record.version.into());
        self.tx.execute(INSERT, &values).await?;
        let open = i64::from(record.open);
        self.turn(&record.entity, &[CounterDelta { owner: record.owner, n: 1, open }]).await
    }

    /// The record of a type with an id.
    ///
    /// # Errors
    ///
    /// `Corrupt` when what is kept does not parse.
    pub async fn find(&mut self, entity: &str, id: RecordId) -> Result<Option<Record>, Error> {
        let dialect = self.tx.dialect();
        let values = [entity.into(), dialect.ids([id.0])];
        let found = self.tx.find(&statement::rows(dialect, ""), &values).await?;
        found.as_ref().map(row::from_row).transpose()
    }

    /// The record with an id, of whatever type.
    ///
    /// # Errors
    ///
    /// `Corrupt` when what is kept does not parse.
    pub async fn find_any(&mut self, id: RecordId) -> Result<Option<Record>, Error> {
        // A look for each type that there is: an index of its own would cost more.
        let found = self.tx.find(&statement::any(), &[id.0.into()]).await?;
        found.as_ref().map(row::from_row).transpose()
    }

    /// Keeps what has become of a record, with the next version. False, and nothing is changed,
    /// when it has another version by now than it had before, or is gone.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn update(&mut self, before: &Record, after: &Record) -> Result<bool, Error> {
        let mut values = before_values(before);
        values.extend(row::changing(after));
        if self.tx.execute(UPDATE, &values).await? == 0 {
            return Ok(false);
        }
        if (before.owner, before.open) != (after.owner, after.open) {
            let deltas = [
                CounterDelta { owner: before.owner, n: -1, open: -i64::from(before.open) },
                CounterDelta { owner: after.owner, n: 1, open: i64::from(after.open) },
            ];
            self.turn(&before.entity, &deltas).await?;
        }
        Ok(true)
    }

    /// Deletes a record and its timeline. False when it has another version by now, or is gone.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn delete(&mut self, record: &Record) -> Result<bool, Error> {
        let sql = "DELETE FROM records WHERE workspace_id = ?1 AND entity = ?2 AND id = ?3 \
                   AND version = ?4 AND owner_id = ?5 AND is_open = ?6";
        if self.tx.execute(sql, &before_values(record)).await? == 0 {
            return Ok(false);
        }
        let sql = "DELETE FROM timeline WHERE workspace_id = ?1 AND record_id = ?2";
        self.tx.execute(sql, &[record.id.0.into()]).await?;
        let open = -i64::from(record.open);
        self.turn(&record.entity, &[CounterDelta { owner: record.owner, n: -1, open }]).await?;
        Ok(true)
    }

    /// Whether any record of a type holds a value in a field.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn any_has_field(&mut self, entity: &str, field: &str) -> Result<bool, Error> {
        // A quotation mark inside a value is escaped, so this stands for nothing but the key.
        let key = field.replace('\\', "\\\\").replace('_', "\\_").replace('%', "\\%");
        let sql = "SELECT 1 FROM records WHERE workspace_id = ?1 AND entity = ?2 \
                   AND fields LIKE ?3 ESCAPE '\\' LIMIT 1";
        let values = [entity.into(), format!("%\"{key}\":%").into()];
        Ok(self.tx.find(sql, &values).await?.is_some())
    }

    /// Writes something into a record's timeline.
    ///
    /// # Errors
    ///
    /// `Conflict` when the entry is there already.
    pub async fn insert_event(&mut self, event: &Event) -> Result<(), Error> {
        self.insert_events(std::slice::from_ref(event)).await
    }

    /// Writes into the timelines of many records.
    ///
    /// # Errors
    ///
    /// As for [`Records::insert_event`].
    pub async fn insert_events(&mut self, events: &[Event]) -> Result<(), Error> {
        let full = events.chunks_exact(AT_A_TIME);
        let rest = full.remainder().chunks(1);
        for some in full.chain(rest) {
            let values: Vec<Value> = some.iter().flat_map(row::of_event).collect();
            self.tx.execute(&statement::noting(some.len()), &values).await?;
        }
        Ok(())
    }

    /// What happened to a record, the latest first, from before an entry.
    ///
    /// # Errors
    ///
    /// `Corrupt` when what is kept does not parse.
    pub async fn list_events(
        &mut self,
        record: RecordId,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Vec<Event>, Error> {
        let sql = statement::timeline();
        let before = before.map_or(uuid::Uuid::max(), |event| event.0);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [record.0.into(), before.into(), limit.into()];
        self.tx.query(&sql, &values).await?.iter().map(row::event).collect()
    }
}

/// What a record was when it was read.
fn before_values(record: &Record) -> Vec<Value> {
    vec![
        record.entity.as_str().into(),
        record.id.0.into(),
        record.version.into(),
        record.owner.key().into(),
        record.open.into(),
    ]
}
