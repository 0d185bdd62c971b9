//! Pages of lists.

use std::collections::HashMap;

use hallpass_domain::id::RecordId;
use hallpass_domain::record::Record;
use hallpass_domain::search::Words;

use super::counter::Visible;
use super::query::{ListQuery, Narrowing, Reach, RecordPage, RecordPosition, SortOrder, Total};
use super::records::Records;
use super::row::from_row;
use super::source::{Group, Source};
use super::statement;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::part::Room;
use crate::record::sum::{SumKey, SumMap, Sums};
use crate::value::Value;

impl<A> Records<'_, A> {
    /// Lists a page of records.
    pub async fn list(&mut self, query: &ListQuery) -> Result<RecordPage, Error> {
        let reach = query.reach.narrowed(query.owner);
        let (records, next, is_incomplete) = (Vec::new(), None, false);
        if reach.is_nothing() {
            let total = Total::Exact(0);
            return Ok(RecordPage { records, next, total, is_incomplete });
        }
        let words = query.text.as_deref().and_then(Words::parse);
        let visible = self.visible_for(&query.entity, &reach, words.as_ref()).await?;
        if visible.n > 0 && query.sorting.is_some() {
            return self.list_sorted(query, words, visible).await;
        }
        if let Some(group) = query.group_alone().filter(|_| visible.n > 0) {
            return self.list_group(query, group, (&reach, visible)).await;
        }
        let is_filtered = query.stage.is_some() || query.narrowing.is_some();
        if visible.n > 0 && (words.is_some() || is_filtered) {
            return self.list_filtered(query, words, visible).await;
        }
        self.page(query, None, visible).await
    }

    /// Lists a page of the records of a group, which has an index and counters.
    async fn list_group(
        &mut self,
        query: &ListQuery,
        group: Group,
        (reach, visible): (&Reach, Visible),
    ) -> Result<RecordPage, Error> {
        let (entity, version) = (&query.entity, visible.version);
        let all = group.count(&*self.stage_sums(entity, None, version).await?);
        let n = match reach {
            Reach::Nothing => 0,
            Reach::All => all,
            Reach::Owners(owners) => {
                group.count(&*self.stage_sums(entity, Some(owners), version).await?)
            }
        };
        let visible = Visible { n, total: all, ..visible };
        self.page(query, Some(group), visible).await
    }

    /// A page of the visible records, of all or of a group, in order.
    async fn page(
        &mut self,
        query: &ListQuery,
        group: Option<Group>,
        visible: Visible,
    ) -> Result<RecordPage, Error> {
        let total = Total::Exact(visible.n);
        let limit = query.limit.max(1);
        // One more than the page holds shows whether there is another page.
        let after = query.after.clone();
        let source = Source::new(&query.entity, query.order, after, limit + 1, visible);
        let positions = source.of_group(group).next(self, limit + 1).await?;
        let page = positions.get(..limit).unwrap_or(&positions);
        let portion = self.portion(&query.entity, page, ("", &[]), Room::default()).await?;
        let has_more = portion.passed < positions.len();
        let records = portion.into_records();
        let next = records.last().filter(|_| has_more).map(RecordPosition::of);
        Ok(RecordPage { records, next, total, is_incomplete: false })
    }

    /// The first of the records at some positions for which there is room, in their order, without those that
    /// a filter excludes.
    pub(super) async fn portion(
        &mut self,
        entity: &str,
        positions: &[RecordPosition],
        filter: (&str, &[Value]),
        room: Room,
    ) -> Result<Portion, Error> {
        if let Some(portion) = self.rows(entity, positions, filter, room.clone()).await? {
            return Ok(portion);
        }
        // The rows come in no order, so that those for which there was room may be any: their sizes say how
        // many are first.
        let dialect = self.tx.dialect();
        let values = values(entity, positions, filter.1, dialect);
        let mut sizes: HashMap<RecordId, usize> = HashMap::with_capacity(positions.len());
        for row in &self.tx.query(&statement::sizes(dialect, filter.0), &values).await? {
            let bytes = usize::try_from(row.int("bytes")?).unwrap_or(usize::MAX);
            sizes.insert(row.id("id")?.into(), bytes.saturating_add(BESIDE));
        }
        let mut left = room;
        let fits = |position: &&RecordPosition| {
            sizes.get(&position.id).is_none_or(|bytes| left.take(*bytes))
        };
        let passed = positions.iter().take_while(fits).count();
        let first = positions.get(..passed).unwrap_or_default();
        let found = self.rows(entity, first, filter, Room::of(usize::MAX)).await?;
        found.ok_or_else(|| Error::unavailable("a part of a list has no end"))
    }

    /// The records at some positions; none when there is not room for all of them.
    async fn rows(
        &mut self,
        entity: &str,
        positions: &[RecordPosition],
        filter: (&str, &[Value]),
        room: Room,
    ) -> Result<Option<Portion>, Error> {
        if positions.is_empty() {
            return Ok(Some(Portion::default()));
        }
        let dialect = self.tx.dialect();
        let values = values(entity, positions, filter.1, dialect);
        let sql = statement::rows(dialect, filter.0);
        let (rows, is_cut) = self.tx.query_within(&sql, &values, room).await?;
        if is_cut {
            return Ok(None);
        }
        let mut found: HashMap<RecordId, (Record, usize)> =
            HashMap::with_capacity(positions.len());
        for row in rows {
            let record = from_row(&row)?;
            found.insert(record.id, (record, row.size()));
        }
        let records = positions.iter().filter_map(|position| found.remove(&position.id));
        Ok(Some(Portion { records: records.collect(), passed: positions.len() }))
    }
}

/// What a record takes beside its title and its fields, in bytes.
const BESIDE: usize = 512;

/// The first of some records.
#[derive(Default)]
pub(super) struct Portion {
    /// The records, each with its bytes.
    pub(super) records: Vec<(Record, usize)>,
    /// Of how many positions these are the records.
    pub(super) passed: usize,
}

impl Portion {
    pub(super) fn into_records(self) -> Vec<Record> {
        self.records.into_iter().map(|(record, _)| record).collect()
    }
}

fn values(
    entity: &str,
    positions: &[RecordPosition],
    filter: &[Value],
    dialect: Dialect,
) -> Vec<Value> {
    let ids = dialect.ids(positions.iter().map(|position| position.id.0));
    let mut values = vec![entity.into(), ids];
    values.extend(filter.iter().cloned());
    values
}

impl ListQuery {
    /// The group whose records it lists, beside what else it asks for.
    pub(super) fn group(&self) -> Option<Group> {
        match (&self.stage, self.narrowing.open) {
            (Some(stage), _) => Some(Group::Stage(stage.clone())),
            (None, Some(is_open)) => Some(Group::Open(is_open)),
            (None, None) => None,
        }
    }

    /// The same, where it asks for nothing else, in an order by age.
    fn group_alone(&self) -> Option<Group> {
        let open = self.narrowing.open.filter(|_| self.stage.is_none());
        let others = Narrowing { open, ..Narrowing::default() };
        let has_words = self.text.as_deref().is_some_and(|text| Words::parse(text).is_some());
        let is_by_age = match self.order {
            SortOrder::Rank | SortOrder::Newest | SortOrder::Oldest => self.sorting.is_none(),
            SortOrder::Title | SortOrder::TitleDown => false,
        };
        self.group().filter(|_| is_by_age && !has_words && self.narrowing == others)
    }
}

impl Group {
    /// How many records it has, by their sums.
    fn count(&self, sums: &SumMap) -> i64 {
        let count = |(key, sums): (&SumKey, &Sums)| match (self, key) {
            (Group::Stage(stage), SumKey::Stage(Some(key))) if stage == key => sums.n,
            (Group::Open(true), SumKey::Stage(_)) => sums.open,
            (Group::Open(false), SumKey::Stage(_)) => sums.n - sums.open,
            (_, SumKey::Stage(_) | SumKey::Month(_) | SumKey::Slot(_)) => 0,
        };
        sums.iter().map(count).sum()
    }
}
