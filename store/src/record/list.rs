//! Pages of lists, and how many records a list has.

use std::collections::HashMap;

use hallpass_domain::id::RecordId;
use hallpass_domain::record::Record;

use super::Records;
use super::query::{Filter, ListQuery, Reach, RecordPage, RecordPosition};
use super::row::from_row;
use super::source::Source;
use super::statement::{Whose, of_owners, rows};
use crate::dialect::Dialect;
use crate::error::Error;

/// Records that a page with a filter looks through first, then four times as many each time.
const FIRST_LOOK: usize = 200;

/// The most records that are looked through at a time.
const MOST_AT_A_TIME: usize = 2_500;

/// Records that a page with a filter looks through before it answers with what it has.
const LOOKED_THROUGH: usize = 10_000;

impl Records<'_> {
    /// A page of a list.
    ///
    /// # Errors
    ///
    /// `Corrupt` when what is kept does not parse.
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
        // One more than is shown tells whether there is another page.
        let mut wanted = if is_filtered { FIRST_LOOK.max(limit + 1) } else { limit + 1 };
        let after = query.after.clone();
        let mut source = Source::new(&query.entity, query.order, after, wanted, visible);
        let mut records: Vec<Record> = Vec::new();
        let mut looked_through = 0;
        loop {
            let places = source.next(self, wanted).await?;
            let has_ended = places.len() < wanted;
            for record in self.rows(&query.entity, &places, &filter).await? {
                if records.len() == limit {
                    let next = records.last().map(RecordPosition::of);
                    return Ok(RecordPage { records, next, total });
                }
                records.push(record);
            }
            if has_ended {
                return Ok(RecordPage { records, next: None, total });
            }
            looked_through += wanted;
            if looked_through >= LOOKED_THROUGH {
                return Ok(RecordPage { records, next: Some(source.place()), total });
            }
            wanted = wanted.saturating_mul(4).min(MOST_AT_A_TIME.max(wanted));
        }
    }

    /// The records at some places, in their order, without those that a filter leaves out.
    async fn rows(
        &mut self,
        entity: &str,
        places: &[RecordPosition],
        filter: &Filter,
    ) -> Result<Vec<Record>, Error> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let dialect = self.tx.dialect();
        let ids = dialect.ids(places.iter().map(|place| place.id.0));
        let mut values = vec![entity.into(), ids];
        values.extend(filter.values.iter().cloned());
        let mut found: HashMap<RecordId, Record> = HashMap::with_capacity(places.len());
        for row in self.tx.query(&rows(dialect, &filter.sql), &values).await? {
            let record = from_row(&row)?;
            found.insert(record.id, record);
        }
        Ok(places.iter().filter_map(|place| found.remove(&place.id)).collect())
    }

    /// How many records a list has on all its pages. With a filter at most so many are counted.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn count(&mut self, query: &ListQuery, cap: i64) -> Result<i64, Error> {
        let reach = query.reach.narrowed(query.owner);
        let whose = match &reach {
            Reach::Nothing => return Ok(0),
            Reach::All => Whose::All,
            Reach::Owners(_) => Whose::Owners,
        };
        let filter = query.filter(if whose == Whose::All { 4 } else { 5 });
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
        let sql = counting(dialect, whose, &filter.sql);
        self.tx.query_one(&sql, &values).await?.int(0)
    }
}

/// How many records there are behind a filter, up to a cap. It takes the record type, for a list of
/// owners these, the cap, and what the filter takes.
pub(super) fn counting(dialect: Dialect, whose: Whose, filter: &str) -> String {
    let limit = if whose == Whose::All { "?3" } else { "?4" };
    let records = of_owners(dialect, whose);
    format!("SELECT count(*) FROM (SELECT 1 {records}{filter} LIMIT {limit}) AS found")
}
