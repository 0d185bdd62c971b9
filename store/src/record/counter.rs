//! Counters: how many records each owner has, exact, without counting.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use hallpass_domain::id::MemberId;
use hallpass_domain::record::{Owner, Record};
use hallpass_domain::search::Words;
use uuid::Uuid;

use super::document::Scope;
use super::query::{OwnerCounts, Reach};
use super::records::Records;
use crate::counter_cache::{CacheLookup, Counters, intersect, with_changed};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::query::parameters;
use crate::record::sum::{EVERY_OWNER, SumDelta, SumKey, Sums};
use crate::row::Row;

/// Rows that one statement changes.
const ROWS: usize = 32;

/// Adds to as many sums as one statement changes.
static ADD_TO_SUMS: LazyLock<String> = LazyLock::new(|| add_to_sums(ROWS));

/// For so few owners, reading the counters of all owners is never worth it.
pub(super) const FEW_OWNERS: usize = 16;

/// So many owners at most are looked up one by one, where the counters are not in memory.
const MAX_LOOKUPS: usize = 1_000;

/// What a reach covers of a record type.
#[derive(Clone)]
pub(super) struct Visible {
    /// How many records it covers.
    pub(super) n: i64,
    /// How many records the type has.
    pub(super) total: i64,
    /// The version of its counters.
    pub(super) version: i64,
    /// Where the index of search has its records, if that was asked for.
    pub(super) scope: Option<Scope>,
    /// The owners who may have records; `None` for all of them.
    pub(super) owners: Option<Vec<Uuid>>,
}

/// How many records a type has, and the version of its counters.
pub(super) const TOTAL: &str =
    "SELECT entity, n, version FROM record_totals WHERE workspace_id = ?1 AND entity = ?2";

/// The same, with the number of the type in the index of search.
pub(super) const TOTAL_AND_SCOPE: &str = "SELECT t.entity AS entity, t.n AS n, t.version AS version, \
    s.scope AS scope, s.is_indexed AS is_indexed FROM record_totals t \
    LEFT JOIN search_scopes s ON s.workspace_id = ?1 AND s.entity = t.entity \
    WHERE t.workspace_id = ?1 AND t.entity = ?2";

/// The counters of a type, by owner.
pub(super) const ALL: &str = "SELECT owner_id, n FROM record_counts \
    WHERE workspace_id = ?1 AND entity = ?2 AND n > 0";

/// The counters of a type that have changed since a version.
pub(super) const CHANGED: &str = "SELECT owner_id, n FROM record_counts \
    WHERE workspace_id = ?1 AND (entity || '') = ?2 AND version > ?3";

/// The next version of the counters of a type.
pub(super) const NEXT_VERSION: &str = "(SELECT coalesce(max(version), 0) + 1 FROM record_totals \
    WHERE workspace_id = ?1 AND entity = ?2)";

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
    let columns = "entity, owner_id, n, open_n";
    let (types, members) = (("record_totals", "entity"), ("owner_id", "?2"));
    let counts = dialect.lookup_under(columns, "record_counts", types, members);
    format!("{counts} AND n > 0 ORDER BY entity, owner_id")
}

/// Records that are there or gone, as far as counters know them.
pub(super) struct RecordChange {
    owner: Owner,
    keys: Vec<SumKey>,
    sums: Sums,
}

impl RecordChange {
    /// A record more.
    pub(super) fn added(record: &Record) -> RecordChange {
        let keys = SumKey::each(record.stage.clone(), record.created_at);
        RecordChange { owner: record.owner, keys, sums: Sums::of(record) }
    }

    /// A record less.
    pub(super) fn removed(record: &Record) -> RecordChange {
        let added = RecordChange::added(record);
        RecordChange { sums: added.sums.negated(), ..added }
    }

    /// Records of an owner that are another's.
    pub(super) fn moved(
        (from, to): (Owner, Owner),
        keys: Vec<SumKey>,
        sums: Sums,
    ) -> [RecordChange; 2] {
        [
            RecordChange { owner: from, keys: keys.clone(), sums: sums.negated() },
            RecordChange { owner: to, keys, sums },
        ]
    }
}

/// Changes of the counters and sums of a type, added up.
#[derive(Default)]
pub(super) struct CounterChanges {
    owners: BTreeMap<Uuid, Sums>,
    grouped: BTreeMap<(Uuid, SumKey), Sums>,
    total: i64,
}

impl CounterChanges {
    /// Adds one more.
    pub(super) fn add(&mut self, change: RecordChange) {
        let RecordChange { owner, keys, sums } = change;
        // A change of many records says only once how many they are.
        let counts = keys.iter().any(|key| matches!(key, SumKey::Stage(_)));
        if counts {
            self.owners.entry(owner.key()).or_default().add(sums);
            self.total += sums.n;
        }
        for key in keys {
            for owner in [owner.key(), EVERY_OWNER] {
                self.grouped.entry((owner, key.clone())).or_default().add(sums);
            }
        }
    }

    /// How many sums they change.
    pub(super) fn len(&self) -> usize {
        self.grouped.len()
    }
}

impl<A> Records<'_, A> {
    /// Counts the records of a type that a reach covers, exactly.
    pub async fn total(&mut self, entity: &str, reach: &Reach) -> Result<i64, Error> {
        Ok(self.visible(entity, reach).await?.n)
    }

    async fn visible(&mut self, entity: &str, reach: &Reach) -> Result<Visible, Error> {
        self.visible_for(entity, reach, None).await
    }

    /// What a reach covers, with where the index of search has it when there are words.
    pub(super) async fn visible_for(
        &mut self,
        entity: &str,
        reach: &Reach,
        words: Option<&Words>,
    ) -> Result<Visible, Error> {
        let is_searched = words.is_some();
        let none =
            || Visible { n: 0, total: 0, version: 0, scope: None, owners: Some(Vec::new()) };
        if *reach == Reach::Nothing {
            return Ok(none());
        }
        let sql = if is_searched { TOTAL_AND_SCOPE } else { TOTAL };
        let Some(row) = self.tx.find(sql, &[entity.into()]).await? else {
            return Ok(none());
        };
        let (total, version) = (row.int("n")?, row.int("version")?);
        let scope = if is_searched { Scope::from_row(&row)? } else { None };
        let Reach::Owners(owners) = reach else {
            return Ok(Visible { n: total, total, version, scope, owners: None });
        };
        let can_look_up = owners.len() <= MAX_LOOKUPS;
        // All counters are read neither for few owners nor where they could not be stored.
        let is_wasted = owners.len() <= FEW_OWNERS || self.tx.is_writing();
        let counters = match self.tx.cached_counters(entity, version) {
            CacheLookup::Hit(counters) => counters,
            CacheLookup::Behind(counters, from) => {
                let counters = self.updated(entity, (from, total), &counters).await?;
                self.tx.cache_counters(entity, version, &counters);
                counters
            }
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
        Ok(Visible { n, total, version, scope, owners: Some(present) })
    }

    /// The counters of all owners, of which those of an earlier version are known, and how many records there are.
    async fn updated(
        &mut self,
        entity: &str,
        (from, total): (i64, i64),
        counters: &Counters,
    ) -> Result<Arc<Counters>, Error> {
        let rows = self.tx.query(CHANGED, &[entity.into(), from.into()]).await?;
        let changed = rows.iter().map(|row| Ok((row.id("owner_id")?, row.int("n")?)));
        let counters = with_changed(counters, changed.collect::<Result<Counters, Error>>()?);
        if counters.iter().map(|(_, n)| n).sum::<i64>() != total {
            // An earlier release, which notes no version, has changed some.
            return self.counters(entity, None).await;
        }
        Ok(Arc::new(counters))
    }

    /// The counters of some owners, or of all, in order.
    pub(super) async fn counters(
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
    /// Changes the counters and sums of a type, its total and its version.
    pub(super) async fn change_counters(
        &mut self,
        entity: &str,
        changes: impl IntoIterator<Item = RecordChange>,
    ) -> Result<(), Error> {
        let mut added = CounterChanges::default();
        for change in changes {
            added.add(change);
        }
        self.write_counters(entity, added).await
    }

    /// Writes changes of the counters and sums of a type that were added up.
    pub(super) async fn write_counters(
        &mut self,
        entity: &str,
        changes: CounterChanges,
    ) -> Result<(), Error> {
        let CounterChanges { mut owners, mut grouped, total } = changes;
        owners.retain(|_, sums| *sums != Sums::default());
        grouped.retain(|_, sums| *sums != Sums::default());
        if owners.is_empty() && grouped.is_empty() {
            return Ok(());
        }
        let more_owners = self.add_to_counts(entity, &owners).await?;
        self.add_to_sums(entity, &grouped).await?;
        let sql = "INSERT INTO record_totals (workspace_id, entity, n, owners, version) \
                   VALUES (?1, ?2, ?3, ?4, 1) \
                   ON CONFLICT (workspace_id, entity) DO UPDATE SET \
                   n = record_totals.n + excluded.n, \
                   owners = record_totals.owners + excluded.owners, version = record_totals.version + 1 \
                   RETURNING version";
        let values = [entity.into(), total.into(), more_owners.into()];
        let row = self.tx.query_one(sql, &values).await?;
        let counts = owners.into_iter().map(|(owner, sums)| (owner, sums.n));
        let sums = grouped.into_iter();
        let sums = sums.map(|((owner, key), sums)| SumDelta { owner, key, sums });
        self.tx.note_delta(entity, row.int("version")?, counts, sums.collect());
        Ok(())
    }

    /// Changes the counters of owners. Returns how many more owners have records, or fewer.
    async fn add_to_counts(
        &mut self,
        entity: &str,
        changes: &BTreeMap<Uuid, Sums>,
    ) -> Result<i64, Error> {
        let mut more = 0;
        let owners: Vec<(&Uuid, &Sums)> = changes.iter().collect();
        for some in owners.chunks(ROWS) {
            let mut values = vec![entity.into()];
            for (owner, sums) in some {
                values.push((**owner).into());
                values.extend(sums.values());
            }
            for row in &self.tx.query(&add_to_counts(some.len()), &values).await? {
                let n = row.int("n")?;
                let change = changes.get(&row.id("owner_id")?).map_or(0, |sums| sums.n);
                more += i64::from(n > 0) - i64::from(n - change > 0);
            }
        }
        Ok(more)
    }

    async fn add_to_sums(
        &mut self,
        entity: &str,
        grouped: &BTreeMap<(Uuid, SumKey), Sums>,
    ) -> Result<(), Error> {
        let grouped: Vec<_> = grouped.iter().collect();
        for some in grouped.chunks(ROWS) {
            let mut values = vec![entity.into()];
            for ((owner, key), sums) in some {
                let (grouped_by, grouped) = key.columns();
                values.extend([grouped_by.into(), (*owner).into(), grouped.into()]);
                values.extend(sums.values());
            }
            match some.len() {
                ROWS => self.tx.execute(&ADD_TO_SUMS, &values).await?,
                fewer => self.tx.execute(&add_to_sums(fewer), &values).await?,
            };
        }
        Ok(())
    }
}

/// Adds to the counters of so many owners. It takes the record type, and for each owner the id and sums.
fn add_to_counts(owners: usize) -> String {
    let rows = (0..owners)
        .map(|number| format!("(?1, ?2, {}, {NEXT_VERSION})", parameters(3 + 5 * number, 5)));
    format!(
        "INSERT INTO record_counts \
         (workspace_id, entity, owner_id, n, open_n, amount_high, amount_low, version) VALUES {} \
         ON CONFLICT (workspace_id, entity, owner_id) DO UPDATE SET {}, version = excluded.version \
         RETURNING owner_id, n",
        rows.collect::<Vec<_>>().join(", "),
        added_up("record_counts")
    )
}

/// Adds to so many sums. It takes the record type, and for each what it is grouped by, the owner, the group,
/// and sums.
pub(super) fn add_to_sums(groups: usize) -> String {
    let rows = (0..groups).map(|number| format!("(?1, ?2, {})", parameters(3 + 7 * number, 7)));
    format!(
        "INSERT INTO record_sums (workspace_id, entity, grouped_by, owner_id, grouped, \
         n, open_n, amount_high, amount_low) VALUES {} \
         ON CONFLICT (workspace_id, owner_id, entity, grouped_by, grouped) DO UPDATE SET {}",
        rows.collect::<Vec<_>>().join(", "),
        added_up("record_sums")
    )
}

fn added_up(table: &str) -> String {
    let columns = ["n", "open_n", "amount_high", "amount_low"];
    let added =
        columns.map(|column| format!("{column} = {table}.{column} + excluded.{column}"));
    added.join(", ")
}

fn owner_counts(row: &Row) -> Result<OwnerCounts, Error> {
    Ok(OwnerCounts {
        entity: row.text("entity")?.to_owned(),
        owner: Owner::of_key(row.id("owner_id")?),
        n: row.int("n")?,
        open_n: row.int("open_n")?,
    })
}
