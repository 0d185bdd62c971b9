//! Pages of lists, and how many records a list has.

use std::collections::HashMap;

use hallpass_domain::id::RecordId;
use hallpass_domain::record::Record;

use super::query::{Filter, ListQuery, Reach, RecordPage, RecordPosition};
use super::records::Records;
use super::row::from_row;
use super::source::Source;
use super::statement::{self, OwnerFilter};
use crate::error::Error;

/// Records that a page with a filter reads first; then four times as many each time.
const FIRST_BATCH: usize = 200;

/// The most records that are read at a time.
const MAX_BATCH: usize = 2_500;

/// Records that a page with a filter reads before it returns what it has found.
const MAX_READ: usize = 10_000;

impl<A> Records<'_, A> {
    /// Lists a page of records.
    pub async fn list(&mut self, query: &ListQuery) -> Result<RecordPage, Error> {
        let reach = query.reach.narrowed(query.owner);
        let filter = query.filter(4);
        let is_filtered = !filter.values.is_empty();
        if reach.is_nothing() {
            let total = (!is_filtered).then_some(0);
            return Ok(RecordPage { records: Vec::new(), next: None, total });
        }
        let visible = self.visible(&query.entity, &reach).await?;
        let total = (!is_filtered).then_some(visible.n);
        let limit = query.limit.max(1);
        // One more than the page holds shows whether there is another page.
        let mut wanted = if is_filtered { FIRST_BATCH.max(limit + 1) } else { limit + 1 };
        let after = query.after.clone();
        let mut source = Source::new(&query.entity, query.order, after, wanted, visible);
        let mut records: Vec<Record> = Vec::new();
        let mut read = 0;
        loop {
            let positions = source.next(self, wanted).await?;
            let has_ended = positions.len() < wanted;
            for record in self.rows(&query.entity, &positions, &filter).await? {
                if records.len() == limit {
                    let next = records.last().map(RecordPosition::of);
                    return Ok(RecordPage { records, next, total });
                }
                records.push(record);
            }
            if has_ended {
                return Ok(RecordPage { records, next: None, total });
            }
            read += wanted;
            if read >= MAX_READ {
                return Ok(RecordPage { records, next: Some(source.position()), total });
            }
            wanted = wanted.saturating_mul(4).min(MAX_BATCH.max(wanted));
        }
    }

    /// The records at some positions, in their order, without those that a filter excludes.
    async fn rows(
        &mut self,
        entity: &str,
        positions: &[RecordPosition],
        filter: &Filter,
    ) -> Result<Vec<Record>, Error> {
        if positions.is_empty() {
            return Ok(Vec::new());
        }
        let dialect = self.tx.dialect();
        let ids = dialect.ids(positions.iter().map(|position| position.id.0));
        let mut values = vec![entity.into(), ids];
        values.extend(filter.values.iter().cloned());
        let mut found: HashMap<RecordId, Record> = HashMap::with_capacity(positions.len());
        for row in self.tx.query(&statement::rows(dialect, &filter.sql), &values).await? {
            let record = from_row(&row)?;
            found.insert(record.id, record);
        }
        Ok(positions.iter().filter_map(|position| found.remove(&position.id)).collect())
    }

    /// Counts the records of a list on all its pages. With a filter the count stops at a cap.
    pub async fn count(&mut self, query: &ListQuery, cap: i64) -> Result<i64, Error> {
        let reach = query.reach.narrowed(query.owner);
        let owner_filter = match &reach {
            Reach::Nothing => return Ok(0),
            Reach::All => OwnerFilter::All,
            Reach::Owners(_) => OwnerFilter::Owners,
        };
        let filter = query.filter(if owner_filter == OwnerFilter::All { 4 } else { 5 });
        if filter.values.is_empty() {
            return self.total(&query.entity, &reach).await;
        }
        let dialect = self.tx.dialect();
        let mut values = vec![query.entity.as_str().into()];
        if let Reach::Owners(owners) = reach {
            values.push(dialect.ids(owners));
        }
        values.push(cap.into());
        values.extend(filter.values);
        let sql = statement::count(dialect, owner_filter, &filter.sql);
        self.tx.query_one(&sql, &values).await?.int("n")
    }
}
