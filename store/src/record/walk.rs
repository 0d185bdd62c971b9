//! Pages of words that many records have, on PostgreSQL: the records of the reach in order, compared with the words.
//!
//! The index there has no order: it finds every record with the words before it returns the first. The newest
//! records of the reach show whether the words are common. If they are, a page is full soon; otherwise the index
//! finds few.

use std::ops::ControlFlow;

use hallpass_domain::search::Words;
use uuid::Uuid;

use super::query::{CountMode, RecordPage, RecordPosition, SortOrder, Total};
use super::records::Records;
use super::search::{Candidates, Head, OTHERS, Search, TITLES, count};
use super::statement::{StreamKind, walked};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::value::Value;

/// The streams of so many owners at most are merged to look at a few records.
pub(super) const MOST_OWNERS: usize = 1_000;

/// Words are common if one record in so many has them, and the index is not asked.
const RARE: usize = 50;

/// The records of a reach behind a position, as far as they were compared with the words.
struct Walk {
    /// Those with the words, in order.
    matches: Vec<Head>,
    /// Whether there are no more records.
    has_ended: bool,
    /// How many were compared.
    read: usize,
    position: RecordPosition,
}

impl<A> Records<'_, A> {
    /// The page of a list, if comparing the first records of the reach gives it; otherwise how common the words are, if
    /// they are.
    pub(super) async fn page_by_walking(
        &mut self,
        search: &Search<'_>,
    ) -> Result<ControlFlow<RecordPage, Option<Candidates>>, Error> {
        let Some(walk) = self.walk(search).await? else {
            return Ok(ControlFlow::Continue(None));
        };
        let Some(heads) = walk.page(search, search.query.limit.max(1) + 1) else {
            let estimate = walk.is_common().then(|| walk.estimate());
            return Ok(ControlFlow::Continue(estimate));
        };
        let total = match (&search.query.after, search.query.total) {
            (None, _) if walk.has_ended => search.total_of(walk.matches.len()),
            (_, CountMode::Skipped) => Total::Unknown,
            (_, CountMode::Counted) => self.count_many(search, Some(&walk.estimate())).await?,
        };
        self.page_of_heads(search, heads, total).await.map(ControlFlow::Break)
    }

    /// Compares the first records of a reach with the words: a few, and if those show that it is worth it, about as many
    /// as a page takes. `None` where the engine, the order or a filter asks for another way.
    async fn walk(&mut self, search: &Search<'_>) -> Result<Option<Walk>, Error> {
        let (query, owners) = (search.query, search.visible.owners.as_ref());
        let has_few_owners = owners.is_none_or(|owners| owners.len() <= MOST_OWNERS);
        let can_walk = self.tx.dialect() == Dialect::Postgres
            && search.scope.is_some()
            && search.is_by_age()
            && !search.is_filtered()
            && has_few_owners;
        if !can_walk {
            return Ok(None);
        }
        let position = query.after.clone().unwrap_or_else(|| query.order.ends().0);
        let mut walk = Walk { matches: Vec::new(), has_ended: false, read: 0, position };
        self.walk_on(search, &mut walk, query.bounds.sample()).await?;
        let wanted = query.limit.max(1) + 1;
        let more = walk.rows_for(search, wanted).filter(|rows| *rows <= query.bounds.batch());
        if let Some(rows) = more {
            self.walk_on(search, &mut walk, rows).await?;
        }
        Ok(Some(walk))
    }

    /// Compares so many more records.
    async fn walk_on(
        &mut self,
        search: &Search<'_>,
        walk: &mut Walk,
        rows: usize,
    ) -> Result<(), Error> {
        let order = search.query.order;
        let dialect = self.tx.dialect();
        let (kind, owners): (StreamKind, Option<Value>) = match search.visible.owners.as_deref()
        {
            None => (StreamKind::Walk, None),
            Some([owner]) => (StreamKind::One, Some((*owner).into())),
            Some(owners) => (StreamKind::Merge, Some(dialect.ids(owners.iter().copied()))),
        };
        let words: Vec<&str> = search.words.iter().flat_map(Words::iter).collect();
        let mut values = vec![search.query.entity.as_str().into()];
        values.extend(order.values(&walk.position));
        values.extend(order.values(&order.ends().1));
        values.push(count(rows).into());
        values.extend(owners);
        values.extend(words.iter().map(|word| Value::from(*word)));
        let found = self.tx.query(&walked(order, kind, words.len()), &values).await?;
        for row in &found {
            let id: Uuid = row.id("id")?;
            walk.position.id = id.into();
            if row.bool("is_match")? {
                walk.matches.push(Head::found(id.into(), row.bool("in_title")?));
            }
        }
        walk.read += found.len();
        walk.has_ended = found.len() < rows;
        Ok(())
    }
}

impl Walk {
    /// So many of the records of a page, or all there are; `None` where records that were not compared may come first.
    fn page(&self, search: &Search<'_>, wanted: usize) -> Option<Vec<Head>> {
        let after = search.query.after.as_ref().map(|after| after.key.as_str());
        let first = |is_wanted: fn(&Head) -> bool| -> Vec<Head> {
            self.matches.iter().filter(|head| is_wanted(head)).take(wanted).cloned().collect()
        };
        let (mut heads, is_last) = match (search.query.order, after) {
            (SortOrder::Rank, Some(OTHERS)) => (first(|head| !head.in_title), true),
            // The others begin with those before this position.
            (SortOrder::Rank, Some(_)) => (first(|head| head.in_title), false),
            (SortOrder::Rank, None) => {
                let mut heads = first(|head| head.in_title);
                if self.has_ended {
                    heads.extend(first(|head| !head.in_title));
                }
                (heads, true)
            }
            (
                SortOrder::Newest | SortOrder::Oldest | SortOrder::Title | SortOrder::TitleDown,
                _,
            ) => (first(|_| true), true),
        };
        heads.truncate(wanted);
        (heads.len() >= wanted || (is_last && self.has_ended)).then_some(heads)
    }

    /// How many more records have the page, if they go on as they began; `None` if it is there, or nothing shows it.
    fn rows_for(&self, search: &Search<'_>, wanted: usize) -> Option<usize> {
        if self.has_ended || self.page(search, wanted).is_some() {
            return None;
        }
        let is_of_page = |head: &&Head| match (search.query.order, &search.query.after) {
            (SortOrder::Rank, Some(after)) if after.key != TITLES => !head.in_title,
            (SortOrder::Rank, _) => head.in_title,
            _ => true,
        };
        let n = self.matches.iter().filter(is_of_page).count();
        let rows = (wanted - n.min(wanted)).saturating_mul(self.read).checked_div(n)?;
        Some(rows.saturating_add(rows / 4).max(1))
    }

    /// Whether so many records have the words that they are not looked up.
    fn is_common(&self) -> bool {
        self.matches.len().saturating_mul(RARE) >= self.read && !self.matches.is_empty()
    }

    /// What the index would have said, as far as it is known: how common the words are.
    fn estimate(&self) -> Candidates {
        Candidates::estimated(self.matches.len(), self.read)
    }
}
