//! Counters: how many records each owner has, exact, without counting.

use std::sync::Arc;

use hallpass_domain::id::{MemberId, RecordId};
use hallpass_domain::record::Owner;
use uuid::Uuid;

use super::Records;
use super::counter_cache::{Known, Owners, meet};
use super::query::{OwnerChange, OwnerCounts, Reach, keys};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::value::{Row, Value};

/// For so few owners nobody reads the counters of all.
const A_HANDFUL: usize = 16;

/// Up to so many owners are looked up one by one, where their tally is not in memory.
const FEW: usize = 1_000;

/// What a reach shows of a record type.
pub(super) struct Visible {
    /// How many records.
    pub(super) n: i64,
    /// Of how many.
    pub(super) total: i64,
    /// Owners of whom there may be records; all of them where there are none.
    pub(super) owners: Option<Vec<Uuid>>,
}

/// How many records of a type there are, and the version of its counters.
pub(super) const TOTAL: &str =
    "SELECT n, version FROM record_totals WHERE workspace_id = ?1 AND entity = ?2";

/// The counters of a type, by owner.
pub(super) const ALL: &str = "SELECT owner_id, n FROM record_counts \
    WHERE workspace_id = ?1 AND entity = ?2 AND n > 0";

/// The counters of the owners in `?3`.
pub(super) fn of_owners(dialect: Dialect) -> String {
    let owners = dialect.seek_ids("?3");
    format!(
        "SELECT owner_id, n FROM record_counts \
         WHERE workspace_id = ?1 AND entity = ?2 AND owner_id {owners} AND n > 0"
    )
}

/// By how much the counters of an owner change.
pub(super) struct CounterDelta {
    pub(super) owner: Owner,
    /// How many records more, or fewer.
    pub(super) n: i64,
    /// How many of them are open.
    pub(super) open: i64,
}

/// Gives the records of an owner to another.
pub(super) const GIVE: &str = "UPDATE records SET owner_id = ?4, updated_at = ?5, \
    version = version + 1 WHERE workspace_id = ?1 AND entity = ?2 AND owner_id = ?3";

/// The same for those of them that are named.
pub(super) fn giving(dialect: Dialect) -> String {
    format!("{GIVE} AND id {}", dialect.in_ids("?6"))
}

/// The records of an owner; of those that a parameter names, where it names any.
pub(super) fn own(dialect: Dialect, named: &str) -> String {
    let by_index = dialect.by_index("records_owner");
    let named = if named.is_empty() {
        String::new()
    } else {
        format!(" AND id {}", dialect.in_ids(named))
    };
    format!(
        "SELECT id FROM records{by_index} WHERE workspace_id = ?1 AND entity = ?2 \
         AND owner_id = ?3{named} ORDER BY id"
    )
}

/// How many of the records that are named are an owner's, and how many of these are open.
pub(super) fn named(dialect: Dialect) -> String {
    format!(
        "SELECT count(*), CAST(coalesce(sum(CASE WHEN is_open THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM records WHERE workspace_id = ?1 AND entity = ?2 AND owner_id = ?3 AND id {}",
        dialect.in_ids("?4")
    )
}

/// The counters of the members in `?2`, of every record type.
pub(super) fn of_members(dialect: Dialect) -> String {
    format!(
        "SELECT entity, owner_id, n, open_n FROM record_counts WHERE workspace_id = ?1 \
         AND entity IN (SELECT entity FROM record_totals WHERE workspace_id = ?1) \
         AND owner_id {} AND n > 0 ORDER BY entity, owner_id",
        dialect.in_ids("?2")
    )
}

impl Records<'_> {
    /// How many records of a type a reach shows, exactly.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn total(&mut self, entity: &str, reach: &Reach) -> Result<i64, Error> {
        Ok(self.visible(entity, reach).await?.n)
    }

    pub(super) async fn visible(
        &mut self,
        entity: &str,
        reach: &Reach,
    ) -> Result<Visible, Error> {
        let none = |total| Visible { n: 0, total, owners: Some(Vec::new()) };
        if *reach == Reach::Nothing {
            return Ok(none(0));
        }
        let Some(row) = self.tx.find(TOTAL, &[entity.into()]).await? else {
            return Ok(none(0));
        };
        let (total, version) = (row.int(0)?, row.int(1)?);
        let Reach::Owners(owners) = reach else {
            return Ok(Visible { n: total, total, owners: None });
        };
        let is_few = owners.len() <= FEW;
        // Neither for a handful of owners nor where it could not be kept are all counters read.
        let is_wasted = owners.len() <= A_HANDFUL || self.tx.writes();
        let counter_cache = match self.tx.counter_cache(entity, version) {
            Known::Tally(counter_cache) => counter_cache,
            Known::Wanted if is_few && is_wasted => self.counters(entity, Some(owners)).await?,
            Known::Unwanted if is_few => self.counters(entity, Some(owners)).await?,
            Known::Wanted | Known::Unwanted => {
                let counter_cache = self.counters(entity, None).await?;
                self.tx.store_counters(entity, version, &counter_cache);
                counter_cache
            }
        };
        let (present, n) = meet(&counter_cache, owners);
        Ok(Visible { n, total, owners: Some(present) })
    }

    /// The counters of some owners, or of all, in order.
    async fn counters(
        &mut self,
        entity: &str,
        owners: Option<&[Uuid]>,
    ) -> Result<Arc<Owners>, Error> {
        let dialect = self.tx.dialect();
        let rows = match owners {
            Some(owners) => {
                let values = [entity.into(), dialect.ids(owners.iter().copied())];
                self.tx.query(&of_owners(dialect), &values).await?
            }
            None => self.tx.query(ALL, &[entity.into()]).await?,
        };
        let read = rows.iter().map(|row| Ok((row.id(0)?, row.int(1)?)));
        let mut counters = read.collect::<Result<Owners, Error>>()?;
        counters.sort_unstable();
        Ok(Arc::new(counters))
    }

    /// The counters of the workspace, by type and owner.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn list_counts(&mut self) -> Result<Vec<OwnerCounts>, Error> {
        let sql = "SELECT entity, owner_id, n, open_n FROM record_counts \
                   WHERE workspace_id = ?1 AND n > 0 ORDER BY entity, owner_id";
        self.tx.query(sql, &[]).await?.iter().map(count).collect()
    }

    /// The counters of some members, by type and owner.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn list_counts_of(
        &mut self,
        members: &[MemberId],
    ) -> Result<Vec<OwnerCounts>, Error> {
        let dialect = self.tx.dialect();
        let rows = self.tx.query(&of_members(dialect), &[dialect.ids(keys(members))]).await?;
        rows.iter().map(count).collect()
    }

    /// Gives the records of one owner to another: how many of each type, in the order asked.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn reassign(
        &mut self,
        change: &OwnerChange,
    ) -> Result<Vec<(String, i64)>, Error> {
        let mut moved = Vec::new();
        for (entity, reach) in &change.entities {
            let (n, open) = self.movable(change, entity, reach).await?;
            if n > 0 {
                self.give(change, entity, n).await?;
                let deltas = [
                    CounterDelta { owner: change.from, n: -n, open: -open },
                    CounterDelta { owner: change.to, n, open },
                ];
                self.turn(entity, &deltas).await?;
            }
            moved.push((entity.clone(), n));
        }
        Ok(moved)
    }

    /// How many records of each type [`Records::reassign`] would give away, changing nothing.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn preview_reassign(
        &mut self,
        change: &OwnerChange,
    ) -> Result<Vec<(String, i64)>, Error> {
        let mut moved: Vec<(String, i64)> = Vec::new();
        for (entity, reach) in &change.entities {
            // A type that is named twice has nothing left the second time.
            let is_again = moved.iter().any(|(named, n)| named == entity && *n > 0);
            let n = if is_again { 0 } else { self.movable(change, entity, reach).await?.0 };
            moved.push((entity.clone(), n));
        }
        Ok(moved)
    }

    /// Which records of each type [`Records::reassign`] would give away.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn list_reassigned(
        &mut self,
        change: &OwnerChange,
    ) -> Result<Vec<RecordId>, Error> {
        let dialect = self.tx.dialect();
        let mut moving = Vec::new();
        for (entity, reach) in &change.entities {
            if change.from == change.to || !reach.covers(change.from) {
                continue;
            }
            let mut values: Vec<Value> = vec![entity.as_str().into(), change.from.key().into()];
            let named = change.records.as_ref().map_or("", |records| {
                values.push(ids(dialect, records));
                "?4"
            });
            for row in self.tx.query(&own(dialect, named), &values).await? {
                moving.push(RecordId(row.id(0)?));
            }
        }
        Ok(moving)
    }

    /// How many records would change hands, and how many of them are open.
    async fn movable(
        &mut self,
        change: &OwnerChange,
        entity: &str,
        reach: &Reach,
    ) -> Result<(i64, i64), Error> {
        if change.from == change.to || !reach.covers(change.from) {
            return Ok((0, 0));
        }
        let mut values = vec![entity.into(), change.from.key().into()];
        let Some(records) = &change.records else {
            let sql = "SELECT n, open_n FROM record_counts \
                       WHERE workspace_id = ?1 AND entity = ?2 AND owner_id = ?3";
            let row = self.tx.find(sql, &values).await?;
            return row.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)));
        };
        let dialect = self.tx.dialect();
        values.push(ids(dialect, records));
        let row = self.tx.query_one(&named(dialect), &values).await?;
        Ok((row.int(0)?, row.int(1)?))
    }

    async fn give(&mut self, change: &OwnerChange, entity: &str, n: i64) -> Result<(), Error> {
        let dialect = self.tx.dialect();
        let (from, to) = (change.from.key(), change.to.key());
        let mut values: Vec<Value> =
            vec![entity.into(), from.into(), to.into(), change.at.0.into()];
        let mut sql = GIVE.to_owned();
        if let Some(records) = &change.records {
            sql = giving(dialect);
            values.push(ids(dialect, records));
        }
        let given = self.tx.execute(&sql, &values).await?;
        if i64::try_from(given) == Ok(n) {
            return Ok(());
        }
        // The counter says another number than the records are.
        Err(Error::Corrupt { table: "record_counts".to_owned(), column: "n".to_owned() })
    }

    /// Changes counters of a type, and with them its total and its version.
    pub(super) async fn turn(
        &mut self,
        entity: &str,
        deltas: &[CounterDelta],
    ) -> Result<(), Error> {
        let sql = "INSERT INTO record_counts (workspace_id, entity, owner_id, n, open_n) \
                   VALUES (?1, ?2, ?3, ?4, ?5) \
                   ON CONFLICT (workspace_id, entity, owner_id) DO UPDATE SET \
                   n = record_counts.n + excluded.n, \
                   open_n = record_counts.open_n + excluded.open_n";
        for CounterDelta { owner, n, open } in deltas {
            let values = [entity.into(), owner.key().into(), (*n).into(), (*open).into()];
            self.tx.execute(sql, &values).await?;
        }
        let sql = "INSERT INTO record_totals (workspace_id, entity, n, version) \
                   VALUES (?1, ?2, ?3, 1) \
                   ON CONFLICT (workspace_id, entity) DO UPDATE SET \
                   n = record_totals.n + excluded.n, version = record_totals.version + 1 \
                   RETURNING version";
        let total: i64 = deltas.iter().map(|turn| turn.n).sum();
        let version = self.tx.query_one(sql, &[entity.into(), total.into()]).await?.int(0)?;
        self.tx.apply_delta(
            entity,
            version,
            deltas.iter().map(|turn| (turn.owner.key(), turn.n)),
        );
        Ok(())
    }
}

fn ids(dialect: Dialect, records: &[RecordId]) -> Value {
    dialect.ids(records.iter().map(|record| record.0))
}

fn count(row: &Row) -> Result<OwnerCounts, Error> {
    Ok(OwnerCounts {
        entity: row.text(0)?.to_owned(),
        owner: Owner::of_key(row.id(1)?),
        n: row.int(2)?,
        open_n: row.int(3)?,
    })
}
