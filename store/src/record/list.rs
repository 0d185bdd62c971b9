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
use crate::error::Error;
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
        let mut records = self.rows(&query.entity, &positions, ("", &[])).await?;
        let has_more = records.len() > limit;
        records.truncate(limit);
        let next = records.last().filter(|_| has_more).map(RecordPosition::of);
        Ok(RecordPage { records, next, total, is_incomplete })
    }

    /// The records at some positions, in their order, without those that a filter excludes.
    pub(super) async fn rows(
        &mut self,
        entity: &str,
        positions: &[RecordPosition],
        (filter, filter_values): (&str, &[Value]),
    ) -> Result<Vec<Record>, Error> {
        if positions.is_empty() {
            return Ok(Vec::new());
        }
        let dialect = self.tx.dialect();
        let ids = dialect.ids(positions.iter().map(|position| position.id.0));
        let mut values = vec![entity.into(), ids];
        values.extend(filter_values.iter().cloned());
        let mut found: HashMap<RecordId, Record> = HashMap::with_capacity(positions.len());
        for row in self.tx.query(&statement::rows(dialect, filter), &values).await? {
            let record = from_row(&row)?;
            found.insert(record.id, record);
        }
        Ok(positions.iter().filter_map(|position| found.remove(&position.id)).collect())
    }
}
