//! Pages of lists.

use std::collections::HashMap;

use hallpass_domain::id::RecordId;
use hallpass_domain::record::Record;
use hallpass_domain::search::Words;

use super::query::{ListQuery, RecordPage, RecordPosition, Total};
use super::records::Records;
use super::row::from_row;
use super::source::Source;
use super::statement;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::part::Room;
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
        let visible = self.visible(&query.entity, &reach).await?;
        let words = query.text.as_deref().and_then(Words::parse);
        if visible.n > 0 && query.sorting.is_some() {
            return self.list_sorted(query, words, visible).await;
        }
        let is_filtered = query.stage.is_some() || query.narrowing.is_some();
        if visible.n > 0 && (words.is_some() || is_filtered) {
            return self.list_filtered(query, words, visible).await;
        }
        let total = Total::Exact(visible.n);
        let limit = query.limit.max(1);
        // One more than the page holds shows whether there is another page.
        let after = query.after.clone();
        let mut source = Source::new(&query.entity, query.order, after, limit + 1, visible);
        let positions = source.next(self, limit + 1).await?;
        let page = positions.get(..limit).unwrap_or(&positions);
        let portion = self.portion(&query.entity, page, ("", &[]), Room::default()).await?;
        let has_more = portion.passed < positions.len();
        let records = portion.into_records();
        let next = records.last().filter(|_| has_more).map(RecordPosition::of);
        Ok(RecordPage { records, next, total, is_incomplete })
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
