//! Reassigning the records of an owner to another.

use hallpass_domain::id::RecordId;
use hallpass_domain::record::Owner;

use super::counter::RecordChange;
use super::query::{OwnerChange, Reach};
use super::records::Records;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::record::sum::{SumKey, Sums};
use crate::row::Row;
use crate::value::Value;

/// How many records one statement reassigns, so that none runs over its budget.
const BATCH: i64 = 20_000;

/// Makes a record that of another owner.
const REASSIGN: &str = "UPDATE records SET owner_id = ?4, updated_at = ?5, version = version + 1 \
    WHERE workspace_id = ?1 AND entity = ?2";

/// Reassigns so many records of an owner as `?6` says. It looks them up by their ids: by the index that it
/// changes, an engine would not.
pub(super) fn reassign_some(dialect: Dialect) -> String {
    let some = format!(
        "SELECT id FROM records{} WHERE workspace_id = ?1 AND entity = ?2 AND owner_id = ?3 \
         ORDER BY id LIMIT ?6",
        dialect.by_index("records_owner")
    );
    format!("{REASSIGN} AND id {}", dialect.in_rows(&some))
}

/// Reassigns those records of an owner that `?6` names.
pub(super) fn reassign_named(dialect: Dialect) -> String {
    format!("{REASSIGN} AND owner_id = ?3 AND id {}", dialect.seek_ids("?6"))
}

/// The records of an owner; of those that a parameter names, where there is one.
pub(super) fn records_of(dialect: Dialect, named: &str) -> String {
    let by_index = dialect.by_index("records_owner");
    let named = if named.is_empty() {
        String::new()
    } else {
        format!(" AND id {}", dialect.seek_ids(named))
    };
    format!(
        "SELECT id FROM records{by_index} WHERE workspace_id = ?1 AND entity = ?2 \
         AND owner_id = ?3{named} ORDER BY id"
    )
}

/// So many records of an owner as `?6` says, after `?4` and up to `?5`.
pub(super) fn next_of(dialect: Dialect) -> String {
    format!(
        "SELECT id FROM records{} WHERE workspace_id = ?1 AND entity = ?2 AND owner_id = ?3 \
         AND id > ?4 AND id <= ?5 ORDER BY id LIMIT ?6",
        dialect.by_index("records_owner")
    )
}

/// The last record of an owner.
pub(super) fn last_of(dialect: Dialect) -> String {
    format!(
        "SELECT id FROM records{} WHERE workspace_id = ?1 AND entity = ?2 AND owner_id = ?3 \
         ORDER BY id DESC LIMIT 1",
        dialect.by_index("records_owner")
    )
}

/// The sums of an owner.
pub(super) const SUMS: &str = "SELECT grouped_by, grouped, n, open_n, amount_high, amount_low \
    FROM record_sums WHERE workspace_id = ?1 AND entity = ?2 \
    AND grouped_by IN ('stage', 'month', 'slot') AND owner_id = ?3 AND n > 0";

/// What counters know of the records that `?4` names and that are of an owner.
pub(super) fn summed_named(dialect: Dialect) -> String {
    format!(
        "SELECT stage, is_open, amount, created_at FROM records \
         WHERE workspace_id = ?1 AND entity = ?2 AND owner_id = ?3 AND id {}",
        dialect.seek_ids("?4")
    )
}

/// How many of the records that `?4` names are of an owner.
pub(super) fn count_named(dialect: Dialect) -> String {
    format!(
        "SELECT count(*) AS n FROM records WHERE workspace_id = ?1 AND entity = ?2 AND owner_id = ?3 AND id {}",
        dialect.seek_ids("?4")
    )
}

impl<A> Records<'_, A> {
    /// Counts the records of each type that [`Records::reassign`] would change.
    pub async fn preview_reassign(
        &mut self,
        change: &OwnerChange,
    ) -> Result<Vec<(String, i64)>, Error> {
        let mut moved: Vec<(String, i64)> = Vec::new();
        for (entity, reach) in &change.entities {
            // A type that is named twice has nothing left the second time.
            let is_again = moved.iter().any(|(named, n)| named == entity && *n > 0);
            let n =
                if is_again { 0 } else { self.count_movable(change, entity, reach).await? };
            moved.push((entity.clone(), n));
        }
        Ok(moved)
    }

    /// Lists the records that [`Records::reassign`] would change.
    pub async fn list_reassigned(
        &mut self,
        change: &OwnerChange,
    ) -> Result<Vec<RecordId>, Error> {
        let dialect = self.tx.dialect();
        let mut found = Vec::new();
        for (entity, reach) in &change.entities {
            if !moves(change, reach) {
                continue;
            }
            let mut values: Vec<Value> = vec![entity.as_str().into(), change.from.key().into()];
            let named = change.records.as_ref().map_or("", |records| {
                values.push(ids(dialect, records));
                "?4"
            });
            let rows = self.tx.query(&records_of(dialect, named), &values).await?;
            let id = rows.column("id")?;
            for row in &rows {
                found.push(row.id(id)?.into());
            }
        }
        Ok(found)
    }

    /// Lists the next records of an owner, in the order of their ids: after one and up to another.
    pub async fn list_next(
        &mut self,
        entity: &str,
        from: Owner,
        (after, last): (RecordId, RecordId),
        limit: i64,
    ) -> Result<Vec<RecordId>, Error> {
        let sql = next_of(self.tx.dialect());
        let values =
            [entity.into(), from.key().into(), after.into(), last.into(), limit.into()];
        let rows = self.tx.query(&sql, &values).await?;
        rows.iter().map(|row| Ok(row.id("id")?.into())).collect()
    }

    /// Finds the last record of an owner.
    pub async fn find_last(
        &mut self,
        entity: &str,
        from: Owner,
    ) -> Result<Option<RecordId>, Error> {
        let sql = last_of(self.tx.dialect());
        let found = self.tx.find(&sql, &[entity.into(), from.key().into()]).await?;
        found.map(|row| Ok(row.id("id")?.into())).transpose()
    }

    /// How many records of a type would change.
    async fn count_movable(
        &mut self,
        change: &OwnerChange,
        entity: &str,
        reach: &Reach,
    ) -> Result<i64, Error> {
        if !moves(change, reach) {
            return Ok(0);
        }
        let mut values = vec![entity.into(), change.from.key().into()];
        let row = match &change.records {
            None => {
                let sql = "SELECT owner_id, n FROM record_counts \
                           WHERE workspace_id = ?1 AND entity = ?2 AND owner_id = ?3";
                self.tx.find(sql, &values).await?
            }
            Some(records) => {
                let dialect = self.tx.dialect();
                values.push(ids(dialect, records));
                Some(self.tx.query_one(&count_named(dialect), &values).await?)
            }
        };
        row.map_or(Ok(0), |row| row.int("n"))
    }

    /// How the counters of a type change with it.
    async fn moved(
        &mut self,
        change: &OwnerChange,
        entity: &str,
    ) -> Result<Vec<RecordChange>, Error> {
        let mut values = vec![entity.into(), change.from.key().into()];
        let mut moved = Vec::new();
        let owners = (change.from, change.to);
        let Some(records) = &change.records else {
            for row in &self.tx.query(SUMS, &values).await? {
                let (key, sums) = (SumKey::from_row(row)?, Sums::from_row(row)?);
                moved.extend(RecordChange::moved(owners, vec![key], sums));
            }
            return Ok(moved);
        };
        let dialect = self.tx.dialect();
        values.push(ids(dialect, records));
        for row in &self.tx.query(&summed_named(dialect), &values).await? {
            let stage = row.optional("stage", Row::text)?.map(str::to_owned);
            let keys = SumKey::each(stage, row.time("created_at")?);
            let amount = row.optional("amount", Row::int)?;
            let sums = Sums::of_one(row.bool("is_open")?, amount);
            moved.extend(RecordChange::moved(owners, keys, sums));
        }
        Ok(moved)
    }
}

impl Records<'_> {
    /// Reassigns the records of an owner. Returns how many of each type, in the order of the change.
    pub async fn reassign(
        &mut self,
        change: &OwnerChange,
    ) -> Result<Vec<(String, i64)>, Error> {
        let mut moved = Vec::new();
        for (entity, reach) in &change.entities {
            let n = self.count_movable(change, entity, reach).await?;
            if n > 0 {
                let moved = self.moved(change, entity).await?;
                self.reassign_type(change, entity, n).await?;
                self.change_counters(entity, moved).await?;
            }
            moved.push((entity.clone(), n));
        }
        Ok(moved)
    }

    async fn reassign_type(
        &mut self,
        change: &OwnerChange,
        entity: &str,
        n: i64,
    ) -> Result<(), Error> {
        let dialect = self.tx.dialect();
        let (from, to) = (change.from.key(), change.to.key());
        let mut values: Vec<Value> =
            vec![entity.into(), from.into(), to.into(), change.at.into()];
        let mut all = 0;
        if let Some(records) = &change.records {
            values.push(ids(dialect, records));
            all = self.changed(&reassign_named(dialect), &values).await?;
        } else {
            values.push(BATCH.into());
            let sql = reassign_some(dialect);
            loop {
                let changed = self.changed(&sql, &values).await?;
                all += changed;
                if changed < BATCH {
                    break;
                }
            }
        }
        if all == n {
            return Ok(());
        }
        // The counter differs from the number of records.
        Err(Error::Corrupt {
            table: "record_counts".to_owned(),
            column: "n".to_owned(),
            row: Some(from.to_string()),
        })
    }

    /// Runs a statement, and returns how many records it has changed.
    async fn changed(&mut self, sql: &str, values: &[Value]) -> Result<i64, Error> {
        let changed = self.tx.execute(sql, values).await?;
        Ok(i64::try_from(changed).unwrap_or(i64::MAX))
    }
}

fn moves(change: &OwnerChange, reach: &Reach) -> bool {
    change.from != change.to && reach.covers(change.from)
}

fn ids(dialect: Dialect, records: &[RecordId]) -> Value {
    dialect.ids(records.iter().map(|record| record.0))
}
