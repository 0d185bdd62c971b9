//! Counters: how many records each owner has, exact, without counting.

use hallpass_domain::id::{MemberId, RecordId};
use hallpass_domain::record::Owner;
use uuid::Uuid;

use super::Records;
use super::query::{Count, Move, Reach, keys};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::value::{Row, Value};

/// Up to so many owners are looked up one by one.
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

pub(super) const TOTAL: &str =
    "SELECT n FROM record_totals WHERE workspace_id = ?1 AND entity = ?2";

/// The counters of the owners in `?3`, each beside the total.
pub(super) fn of_owners(dialect: Dialect) -> String {
    let owners = dialect.seek_ids("?3");
    format!(
        "SELECT owner_id, n, ({TOTAL}) FROM record_counts \
         WHERE workspace_id = ?1 AND entity = ?2 AND owner_id {owners} AND n > 0"
    )
}

/// Gives the records of an owner to another.
pub(super) const GIVE: &str = "UPDATE records SET owner_id = ?4, updated_at = ?5, \
    version = version + 1 WHERE workspace_id = ?1 AND entity = ?2 AND owner_id = ?3";

/// The same for those of them that are named.
pub(super) fn giving(dialect: Dialect) -> String {
    format!("{GIVE} AND id {}", dialect.in_ids("?6"))
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
        match reach {
            Reach::Nothing => Ok(Visible { n: 0, total: 0, owners: Some(Vec::new()) }),
            Reach::All => {
                let row = self.tx.find(TOTAL, &[entity.into()]).await?;
                let n = row.map_or(Ok(0), |row| row.int(0))?;
                Ok(Visible { n, total: n, owners: None })
            }
            Reach::Owners(owners) if owners.len() <= FEW => self.few(entity, owners).await,
            Reach::Owners(owners) => self.many(entity, owners).await,
        }
    }

    async fn few(&mut self, entity: &str, owners: &[Uuid]) -> Result<Visible, Error> {
        let dialect = self.tx.dialect();
        let values = [entity.into(), dialect.ids(owners.iter().copied())];
        let mut visible = Visible { n: 0, total: 0, owners: None };
        let mut present = Vec::new();
        for row in self.tx.query(&of_owners(dialect), &values).await? {
            present.push(row.id(0)?);
            visible.n += row.int(1)?;
            visible.total = row.int(2)?;
        }
        present.sort_unstable();
        visible.owners = Some(present);
        Ok(visible)
    }

    /// Reads the counters of all owners: that is less work than to look for so many.
    async fn many(&mut self, entity: &str, owners: &[Uuid]) -> Result<Visible, Error> {
        let sql = "SELECT owner_id, n FROM record_counts \
                   WHERE workspace_id = ?1 AND entity = ?2 AND n > 0";
        let mut visible = Visible { n: 0, total: 0, owners: None };
        let mut present = Vec::new();
        for row in self.tx.query(sql, &[entity.into()]).await? {
            let (owner, n) = (row.id(0)?, row.int(1)?);
            visible.total += n;
            if owners.binary_search(&owner).is_ok() {
                visible.n += n;
                present.push(owner);
            }
        }
        present.sort_unstable();
        visible.owners = Some(present);
        Ok(visible)
    }

    /// The counters of the workspace, by type and owner.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn counts(&mut self) -> Result<Vec<Count>, Error> {
        let sql = "SELECT entity, owner_id, n, open_n FROM record_counts \
                   WHERE workspace_id = ?1 AND n > 0 ORDER BY entity, owner_id";
        self.tx.query(sql, &[]).await?.iter().map(count).collect()
    }

    /// The counters of some members, by type and owner.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn counts_of(&mut self, members: &[MemberId]) -> Result<Vec<Count>, Error> {
        let dialect = self.tx.dialect();
        let rows = self.tx.query(&of_members(dialect), &[dialect.ids(keys(members))]).await?;
        rows.iter().map(count).collect()
    }

    /// Gives the records of one owner to another: how many of each type, in the order asked.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn reassign(&mut self, change: &Move) -> Result<Vec<(String, i64)>, Error> {
        let mut moved = Vec::new();
        for (entity, reach) in &change.entities {
            let (n, open) = self.movable(change, entity, reach).await?;
            if n > 0 {
                self.give(change, entity, n).await?;
                self.add(entity, change.from, (-n, -open)).await?;
                self.add(entity, change.to, (n, open)).await?;
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
    pub async fn dry_run(&mut self, change: &Move) -> Result<Vec<(String, i64)>, Error> {
        let mut moved: Vec<(String, i64)> = Vec::new();
        for (entity, reach) in &change.entities {
            // A type that is named twice has nothing left the second time.
            let is_again = moved.iter().any(|(named, n)| named == entity && *n > 0);
            let n = if is_again { 0 } else { self.movable(change, entity, reach).await?.0 };
            moved.push((entity.clone(), n));
        }
        Ok(moved)
    }

    /// How many records would change hands, and how many of them are open.
    async fn movable(
        &mut self,
        change: &Move,
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

    async fn give(&mut self, change: &Move, entity: &str, n: i64) -> Result<(), Error> {
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

    pub(super) async fn add(
        &mut self,
        entity: &str,
        owner: Owner,
        (n, open): (i64, i64),
    ) -> Result<(), Error> {
        let sql = "INSERT INTO record_counts (workspace_id, entity, owner_id, n, open_n) \
                   VALUES (?1, ?2, ?3, ?4, ?5) \
                   ON CONFLICT (workspace_id, entity, owner_id) DO UPDATE SET \
                   n = record_counts.n + excluded.n, \
                   open_n = record_counts.open_n + excluded.open_n";
        let values = [entity.into(), owner.key().into(), n.into(), open.into()];
        self.tx.execute(sql, &values).await?;
        Ok(())
    }

    pub(super) async fn add_total(&mut self, entity: &str, n: i64) -> Result<(), Error> {
        let sql = "INSERT INTO record_totals (workspace_id, entity, n) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (workspace_id, entity) DO UPDATE SET \
                   n = record_totals.n + excluded.n";
        self.tx.execute(sql, &[entity.into(), n.into()]).await?;
        Ok(())
    }
}

fn ids(dialect: Dialect, records: &[RecordId]) -> Value {
    dialect.ids(records.iter().map(|record| record.0))
}

fn count(row: &Row) -> Result<Count, Error> {
    Ok(Count {
        entity: row.text(0)?.to_owned(),
        owner: Owner::of_key(row.id(1)?),
        n: row.int(2)?,
        open_n: row.int(3)?,
    })
}
