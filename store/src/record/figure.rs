//! Figures of many record types at once, from counters: in a few statements, however many records there are.

pub(in crate::record) mod statement;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use hallpass_domain::record::Owner;
use hallpass_domain::time::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::counter::FEW_OWNERS;
use super::query::{
    GroupBy, GroupKey, GroupSum, MonthStarts, Reach, RecordFigures, RecordTotal,
};
use super::records::Records;
use super::statement::OwnerFilter;
use crate::counter_cache::figure::{ReachKey, SumDetail};
use crate::counter_cache::{CacheLookup, Counters, intersect};
use crate::error::Error;
use crate::query;
use crate::record::sum::{EVERY_OWNER, SumKey, SumMap, Sums, start_of_slot};
use crate::row::Rows;
use crate::value::Value;
use statement::{OWNERS, counters, counters_of_owners, counts_of_pairs, largest, sums, totals};

/// A record type with the owners whose records count.
struct Part<'q> {
    entity: &'q str,
    /// The owners; `None` for all of them.
    owners: Option<&'q [Uuid]>,
    reach: ReachKey,
    version: i64,
    /// How many owners have records.
    present: i64,
    sums: Arc<SumMap>,
    largest: Vec<(Owner, Sums)>,
}

impl<A> Records<'_, A> {
    /// Returns the figures of record types, each with the records that its reach covers. `by` names the groups;
    /// a figure that it does not name is empty. Months begin as given.
    pub async fn figures(
        &mut self,
        of: &[(String, Reach)],
        by: &[GroupBy],
        months: &MonthStarts,
    ) -> Result<Vec<RecordFigures>, Error> {
        let detail = if months.is_empty() { SumDetail::Months } else { SumDetail::Slots };
        let mut parts = self.parts(of, detail).await?;
        self.read_sums(&mut parts).await?;
        if by.contains(&GroupBy::Owner) {
            self.read_largest(&mut parts).await?;
            self.read_largest_of_reach(&mut parts).await?;
        }
        let figures = |(entity, _): &(String, Reach)| {
            let part = parts.iter().find(|part| part.entity == entity);
            part.map_or_else(RecordFigures::default, |part| part.figures(by, months))
        };
        Ok(of.iter().map(figures).collect())
    }

    /// The types that have counters, and of which the reach covers something.
    async fn parts<'q>(
        &mut self,
        of: &'q [(String, Reach)],
        detail: SumDetail,
    ) -> Result<Vec<Part<'q>>, Error> {
        let dialect = self.tx.dialect();
        let types: Vec<&str> = of.iter().map(|(entity, _)| entity.as_str()).collect();
        let rows = self.tx.query(&totals(dialect), &[query::json(&types)]).await?;
        let mut parts: Vec<Part<'q>> = Vec::new();
        for (entity, reach) in of {
            let row = rows.iter().find(|row| row.text("entity").is_ok_and(|key| key == entity));
            let Some(row) = row else { continue };
            let owners = match reach {
                Reach::Nothing => continue,
                Reach::All => None,
                Reach::Owners(owners) => Some(owners.as_slice()),
            };
            // Types mostly have the same reach, whose digest is taken once.
            let known = parts.iter().find(|part| part.owners == owners).map(|part| part.reach);
            parts.push(Part {
                entity,
                owners,
                reach: known.unwrap_or_else(|| ReachKey::of(owners, detail)),
                version: row.int("version")?,
                present: row.int("owners")?,
                sums: Arc::default(),
                largest: Vec::new(),
            });
        }
        Ok(parts)
    }

    /// Reads the sums of each part: from memory, or in one statement for each reach.
    async fn read_sums(&mut self, parts: &mut [Part<'_>]) -> Result<(), Error> {
        let mut missing: Vec<&mut Part<'_>> = Vec::new();
        for part in parts {
            let reach = (part.reach, part.owners);
            match self.tx.cached_sums(part.entity, reach, part.version) {
                Some(sums) => part.sums = sums,
                None => missing.push(part),
            }
        }
        while let Some(first) = missing.first() {
            let (reach, owners) = (first.reach, first.owners);
            let (same, others): (Vec<_>, Vec<_>) =
                missing.into_iter().partition(|part| part.reach == reach);
            missing = others;
            let types: Vec<&str> = same.iter().map(|part| part.entity).collect();
            let mut read = self.sums_of(&types, owners, reach).await?;
            for part in same {
                part.sums = Arc::new(read.remove(part.entity).unwrap_or_default());
                self.tx.cache_sums(part.entity, part.reach, part.version, &part.sums);
            }
        }
        Ok(())
    }

    /// The sums by stage of some owners of a type, or of all, at a version of its counters.
    pub(super) async fn stage_sums(
        &mut self,
        entity: &str,
        owners: Option<&[Uuid]>,
        version: i64,
    ) -> Result<Arc<SumMap>, Error> {
        let reach = ReachKey::of(owners, SumDetail::Stages);
        if let Some(sums) = self.tx.cached_sums(entity, (reach, owners), version) {
            return Ok(sums);
        }
        let mut read = self.sums_of(&[entity], owners, reach).await?;
        let sums = Arc::new(read.remove(entity).unwrap_or_default());
        self.tx.cache_sums(entity, reach, version, &sums);
        Ok(sums)
    }

    async fn sums_of(
        &mut self,
        types: &[&str],
        owners: Option<&[Uuid]>,
        reach: ReachKey,
    ) -> Result<HashMap<String, SumMap>, Error> {
        let dialect = self.tx.dialect();
        let (filter, owners): (_, Value) = match owners {
            None => (OwnerFilter::All, EVERY_OWNER.into()),
            Some(owners) => (OwnerFilter::Owners, dialect.ids(owners.iter().copied())),
        };
        let sql = sums(dialect, filter, reach.detail());
        let mut read: HashMap<String, SumMap> = HashMap::new();
        for row in &self.tx.query(&sql, &[query::json(&types), owners]).await? {
            let of_type = read.entry(row.text("entity")?.to_owned()).or_default();
            of_type.insert(SumKey::from_row(row)?, Sums::from_row(row)?);
        }
        Ok(read)
    }

    /// Reads the largest owners of the parts that have every owner.
    async fn read_largest(&mut self, parts: &mut [Part<'_>]) -> Result<(), Error> {
        let mut whole: Vec<_> = parts.iter_mut().filter(|part| part.owners.is_none()).collect();
        if whole.is_empty() {
            return Ok(());
        }
        let values: Vec<Value> = whole.iter().map(|part| part.entity.into()).collect();
        let sql = largest(self.tx.dialect(), whole.len());
        let rows = self.tx.query(&sql, &values).await?;
        for part in &mut whole {
            part.take_owners(&rows)?;
        }
        Ok(())
    }

    /// Reads the largest owners of the parts that have some owners.
    async fn read_largest_of_reach(&mut self, parts: &mut [Part<'_>]) -> Result<(), Error> {
        let mut some: Vec<_> = parts.iter_mut().filter(|part| part.owners.is_some()).collect();
        let counters = self.counters_of(&some).await?;
        let mut pairs = Vec::new();
        for part in &mut some {
            part.present = 0;
            let Some(all) = counters.get(part.entity) else { continue };
            let (n, largest) = largest_of(all, part.owners.unwrap_or_default());
            part.present = n;
            let pair = |owner: &Uuid| json!([part.entity, owner.as_simple().to_string()]);
            pairs.extend(largest.iter().map(pair));
        }
        if pairs.is_empty() {
            return Ok(());
        }
        let sql = counts_of_pairs(self.tx.dialect());
        let rows = self.tx.query(&sql, &[query::json(&pairs)]).await?;
        for part in &mut some {
            part.take_owners(&rows)?;
        }
        Ok(())
    }

    /// How many records owners have, at least those of the reach of each part.
    async fn counters_of(
        &mut self,
        parts: &[&mut Part<'_>],
    ) -> Result<HashMap<String, Arc<Counters>>, Error> {
        let mut found: HashMap<String, Arc<Counters>> = HashMap::new();
        let (mut all, mut some) = (Vec::new(), Vec::new());
        for part in parts {
            let is_few = part.owners.is_some_and(|owners| owners.len() <= FEW_OWNERS);
            match self.tx.cached_counters(part.entity, part.version) {
                CacheLookup::Hit(counters) => {
                    found.insert(part.entity.to_owned(), counters);
                }
                // One statement reads those of all types, whichever version is known of each.
                CacheLookup::Load | CacheLookup::Behind(..)
                    if !is_few && !self.tx.is_writing() =>
                {
                    all.push(&**part);
                }
                CacheLookup::Load | CacheLookup::Behind(..) | CacheLookup::Skip => {
                    some.push(&**part);
                }
            }
        }
        let dialect = self.tx.dialect();
        if !all.is_empty() {
            let types: Vec<&str> = all.iter().map(|part| part.entity).collect();
            let rows = self.tx.query(&counters(dialect), &[query::json(&types)]).await?;
            let mut read = by_type(&rows)?;
            for part in all {
                let counters = Arc::new(read.remove(part.entity).unwrap_or_default());
                self.tx.cache_counters(part.entity, part.version, &counters);
                found.insert(part.entity.to_owned(), counters);
            }
        }
        while let Some(first) = some.first() {
            let (reach, owners) = (first.reach, first.owners.unwrap_or_default());
            let (same, others): (Vec<_>, Vec<_>) =
                some.into_iter().partition(|part| part.reach == reach);
            some = others;
            let types: Vec<&str> = same.iter().map(|part| part.entity).collect();
            let values = [query::json(&types), dialect.ids(owners.iter().copied())];
            let rows = self.tx.query(&counters_of_owners(dialect), &values).await?;
            let read = by_type(&rows)?.into_iter();
            found.extend(read.map(|(entity, counters)| (entity, Arc::new(counters))));
        }
        Ok(found)
    }
}

/// Counters by type, those of each in order.
fn by_type(rows: &Rows) -> Result<HashMap<String, Counters>, Error> {
    let (entity, owner, n) =
        (rows.column("entity")?, rows.column("owner_id")?, rows.column("n")?);
    let mut read: HashMap<String, Counters> = HashMap::new();
    for row in rows {
        let counter = (row.id(owner)?, row.int(n)?);
        match read.get_mut(row.text(entity)?) {
            Some(counters) => counters.push(counter),
            None => {
                read.insert(row.text(entity)?.to_owned(), vec![counter]);
            }
        }
    }
    for counters in read.values_mut() {
        counters.sort_unstable();
    }
    Ok(read)
}

/// How many of some owners have records, and those of them with the most.
fn largest_of(counters: &Counters, owners: &[Uuid]) -> (i64, Vec<Uuid>) {
    let (present, _) = intersect(counters, owners);
    let count = |owner: &Uuid| {
        let at = counters.binary_search_by_key(owner, |(known, _)| *known);
        at.ok().and_then(|at| counters.get(at)).map_or(0, |(_, n)| *n)
    };
    let mut ranked: Vec<(i64, Uuid)> =
        present.iter().map(|owner| (-count(owner), *owner)).collect();
    if ranked.len() > OWNERS {
        ranked.select_nth_unstable(OWNERS);
        ranked.truncate(OWNERS);
    }
    let n = i64::try_from(present.len()).unwrap_or(i64::MAX);
    (n, ranked.into_iter().map(|(_, owner)| owner).collect())
}

impl Part<'_> {
    /// Takes its owners from the rows of several types.
    fn take_owners(&mut self, rows: &Rows) -> Result<(), Error> {
        for row in rows {
            if row.text("entity")? == self.entity {
                let owner = Owner::of_key(row.id("owner_id")?);
                self.largest.push((owner, Sums::from_row(row)?));
            }
        }
        Ok(())
    }

    fn figures(&self, by: &[GroupBy], months: &MonthStarts) -> RecordFigures {
        let mut total = Sums::default();
        let mut stages = Vec::new();
        for (key, sums) in self.sums.iter() {
            if let SumKey::Stage(stage) = key {
                total.add(*sums);
                stages.push(group(GroupKey::Stage(stage.clone()), *sums));
            }
        }
        let owners = if by.contains(&GroupBy::Owner) {
            let present = usize::try_from(self.present).unwrap_or_default();
            ranked(self.largest.clone(), total, present, |sums| sums.n)
        } else {
            Vec::new()
        };
        let months =
            if by.contains(&GroupBy::Month) { self.months(months) } else { Vec::new() };
        if !by.contains(&GroupBy::Stage) {
            stages.clear();
        }
        let total = RecordTotal { n: total.n, open: total.open, amount: total.amount() };
        RecordFigures { total, stages, owners, months }
    }

    /// The months as they begin: a slot that is in another month than in UTC moves there.
    fn months(&self, starts: &MonthStarts) -> Vec<GroupSum> {
        let mut months: BTreeMap<i64, Sums> = BTreeMap::new();
        for (key, sums) in self.sums.iter() {
            match key {
                SumKey::Stage(_) => {}
                SumKey::Month(month) => months.entry(*month).or_default().add(*sums),
                SumKey::Slot(slot) => {
                    let at = start_of_slot(*slot);
                    let (utc, zoned) = (at.month(), month_of(starts, at));
                    if utc != zoned {
                        months.entry(utc).or_default().add(sums.negated());
                        months.entry(zoned).or_default().add(*sums);
                    }
                }
            }
        }
        let filled = months.into_iter().filter(|(_, sums)| sums.n != 0);
        filled.map(|(month, sums)| group(GroupKey::Month(month), sums)).collect()
    }
}

/// The month of a time: the last that has begun, or the one of UTC before the first.
fn month_of(starts: &MonthStarts, at: Timestamp) -> i64 {
    let begun = starts.partition_point(|(_, start)| *start <= at);
    let last = begun.checked_sub(1).and_then(|place| starts.get(place));
    last.map_or_else(|| at.month(), |(month, _)| *month)
}

pub(super) fn group(group: GroupKey, sums: Sums) -> GroupSum {
    GroupSum { group, n: sums.n, open: sums.open, amount: sums.amount() }
}

/// The owners with the most, and the others as one group. `total` and `present` are the sums and the number
/// of all owners, of whom the largest are given.
pub(super) fn ranked(
    mut owners: Vec<(Owner, Sums)>,
    total: Sums,
    present: usize,
    measure: impl Fn(Sums) -> i64,
) -> Vec<GroupSum> {
    owners.sort_by_cached_key(|(owner, sums)| (std::cmp::Reverse(measure(*sums)), owner.key()));
    owners.truncate(OWNERS);
    let mut rest = total;
    for (_, sums) in &owners {
        rest.add(sums.negated());
    }
    let others = present.saturating_sub(owners.len());
    let mut groups: Vec<GroupSum> =
        owners.into_iter().map(|(owner, sums)| group(GroupKey::Owner(owner), sums)).collect();
    if others > 0 {
        let others = i64::try_from(others).unwrap_or(i64::MAX);
        groups.push(group(GroupKey::OtherOwners(others), rest));
    }
    groups
}
