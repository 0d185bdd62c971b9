//! Counters: how many records each owner has, exact, without counting.

use std::sync::Arc;

use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;
use uuid::Uuid;

use super::query::{OwnerCounts, Reach};
use super::records::Records;
use crate::counter_cache::{CacheLookup, Counters, intersect};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::row::Row;

/// For so few owners, reading the counters of all owners is never worth it.
const FEW_OWNERS: usize = 16;

/// So many owners at most are looked up one by one, where the counters are not in memory.
const MAX_LOOKUPS: usize = 1_000;

/// What a reach covers of a record type.
#[derive(Clone)]
pub(super) struct Visible {
    /// How many records it covers.
    pub(super) n: i64,
    /// How many records the type has.
    pub(super) total: i64,
    /// The owners who may have records; `None` for all of them.
    pub(super) owners: Option<Vec<Uuid>>,
}

/// How many records a type has, and the version of its counters.
pub(super) const TOTAL: &str =
    "SELECT entity, n, version FROM record_totals WHERE workspace_id = ?1 AND entity = ?2";

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

/// The counters of the members in `?2`, of every record type.
pub(super) fn of_members(dialect: Dialect) -> String {
    format!(
        "SELECT entity, owner_id, n, open_n FROM record_counts WHERE workspace_id = ?1 \
         AND entity IN (SELECT entity FROM record_totals WHERE workspace_id = ?1) \
         AND owner_id {} AND n > 0 ORDER BY entity, owner_id",
        dialect.in_ids("?2")
    )
}

/// How the counters of an owner change.
pub(super) struct CounterDelta {
    pub(super) owner: Owner,
    /// How many records more, or fewer.
    pub(super) n: i64,
    /// How many open ones more, or fewer.
    pub(super) open: i64,
}

impl<A> Records<'_, A> {
    /// Counts the records of a type that a reach covers, exactly.
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
        let (total, version) = (row.int("n")?, row.int("version")?);
        let Reach::Owners(owners) = reach else {
            return Ok(Visible { n: total, total, owners: None });
        };
        let can_look_up = owners.len() <= MAX_LOOKUPS;
        // All counters are read neither for few owners nor where they could not be stored.
        let is_wasted = owners.len() <= FEW_OWNERS || self.tx.is_writing();
        let counters = match self.tx.cached_counters(entity, version) {
            CacheLookup::Hit(counters) => counters,
            CacheLookup::Load if can_look_up && is_wasted => {
                self.counters(entity, Some(owners)).await?
            }
            CacheLookup::Skip if can_look_up => self.counters(entity, Some(owners)).await?,
            CacheLookup::Load | CacheLookup::Skip => {
                let counters = self.counters(entity, None).await?;
                self.tx.cache_counters(entity, version, &counters);
                counters
            }
        };
        let (present, n) = intersect(&counters, owners);
        Ok(Visible { n, total, owners: Some(present) })
    }

    /// The counters of some owners, or of all, in order.
    async fn counters(
        &mut self,
        entity: &str,
        owners: Option<&[Uuid]>,
    ) -> Result<Arc<Counters>, Error> {
        let dialect = self.tx.dialect();
        let rows = match owners {
            Some(owners) => {
                let values = [entity.into(), dialect.ids(owners.iter().copied())];
                self.tx.query(&of_owners(dialect), &values).await?
            }
            None => self.tx.query(ALL, &[entity.into()]).await?,
        };
        let (owner, n) = (rows.column("owner_id")?, rows.column("n")?);
        let read = rows.iter().map(|row| Ok((row.id(owner)?, row.int(n)?)));
        let mut counters = read.collect::<Result<Counters, Error>>()?;
        counters.sort_unstable();
        Ok(Arc::new(counters))
    }

    /// Lists the counters of the workspace, by type and owner.
    pub async fn list_counts(&mut self) -> Result<Vec<OwnerCounts>, Error> {
        let sql = "SELECT entity, owner_id, n, open_n FROM record_counts \
                   WHERE workspace_id = ?1 AND n > 0 ORDER BY entity, owner_id";
        self.tx.query(sql, &[]).await?.iter().map(owner_counts).collect()
    }

    /// Lists the counters of some members, by type and owner.
    pub async fn list_counts_of(
        &mut self,
        members: &[MemberId],
    ) -> Result<Vec<OwnerCounts>, Error> {
        let dialect = self.tx.dialect();
        let ids = dialect.ids(members.iter().map(|member| member.0));
        let rows = self.tx.query(&of_members(dialect), &[ids]).await?;
        rows.iter().map(owner_counts).collect()
    }
}

impl Records<'_> {
    /// Changes counters of a type, its total and its version.
    pub(super) async fn change_counters(
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
        let total: i64 = deltas.iter().map(|delta| delta.n).sum();
        let row = self.tx.query_one(sql, &[entity.into(), total.into()]).await?;
        let changes = deltas.iter().map(|delta| (delta.owner.key(), delta.n));
        self.tx.note_delta(entity, row.int("version")?, changes);
        Ok(())
    }
}

fn owner_counts(row: &Row) -> Result<OwnerCounts, Error> {
    Ok(OwnerCounts {
        entity: row.text("entity")?.to_owned(),
        owner: Owner::of_key(row.id("owner_id")?),
        n: row.int("n")?,
        open_n: row.int("open_n")?,
    })
}
