//! Lists in a computed order: what is read of their reach is sorted here.
//!
//! The newest records are read, up to a number that does not depend on the time it takes, so that the pages
//! of a list agree with each other. Where there are more, the list says that it is incomplete.

use std::cmp::Ordering;

use hallpass_domain::id::RecordId;
use hallpass_domain::search::Words;

use super::counter::Visible;
use super::filter::Rank;
use super::query::{ListQuery, RecordPage, RecordPosition, SortOrder, Sorting, Total};
use super::records::Records;
use super::search::{Head, Search};
use super::sort_key::SortKey;
use super::source::Source;
use crate::dialect::search::SearchedPart;
use crate::error::Error;
use crate::part::Room;

/// The records that are sorted are at most so many times those that are counted.
const MOST: usize = 20;

/// What the position of a record without a value begins with, and that of another.
const WITHOUT: &str = "0";
const WITH: &str = "1";

impl<A> Records<'_, A> {
    /// Lists a page in a computed order.
    pub(super) async fn list_sorted(
        &mut self,
        query: &ListQuery,
        words: Option<Words>,
        visible: Visible,
    ) -> Result<RecordPage, Error> {
        let Some(sorting) = &query.sorting else {
            return Err(Error::unavailable("a list without a computed order"));
        };
        let (search, is_pending) = Search::new(query, words, visible);
        let (mut heads, is_complete) = self.heads_to_sort(&search, is_pending).await?;
        let total = if is_complete { search.total_of(heads.len()) } else { Total::Unknown };
        heads.sort_by(|a, b| sorting.compare(a, b));
        if let Some(after) = &query.after {
            let after = read_position(after);
            heads.retain(|head| {
                sorting.compare_keys((&head.sorted_by, head.id), (&after.0, after.1))
                    == Ordering::Greater
            });
        }
        let limit = query.limit.max(1);
        let has_more = heads.len() > limit;
        heads.truncate(limit);
        let (records, is_cut) =
            self.records_of(&search, &mut heads, &mut Room::default()).await?;
        let next = heads.last().filter(|_| has_more || is_cut).map(position);
        Ok(RecordPage { records, next, total, is_incomplete: !is_complete })
    }

    /// The matches among the newest visible records, or among the candidates of the index, and whether
    /// these are all.
    async fn heads_to_sort(
        &mut self,
        search: &Search<'_>,
        is_pending: bool,
    ) -> Result<(Vec<Head>, bool), Error> {
        let candidates =
            if is_pending { None } else { self.candidates(search, SearchedPart::Text).await? };
        if let Some(few) = candidates.filter(|found| found.is_complete) {
            return Ok((self.heads(search, few.ids, Rank::Any).await?, true));
        }
        let bounds = search.query.bounds;
        let most = bounds.counted.saturating_mul(MOST);
        let (entity, visible) = (&search.query.entity, search.visible.clone());
        let mut source = Source::new(entity, SortOrder::Newest, None, most, visible)
            .of_group(search.query.group());
        let (mut heads, mut read) = (Vec::new(), 0);
        loop {
            let wanted = bounds.batch().min(most - read);
            let positions = source.next(self, wanted).await?;
            read += positions.len();
            let has_ended = positions.len() < wanted;
            let ids = positions.into_iter().map(|position| position.id).collect();
            heads.extend(self.heads(search, ids, Rank::Any).await?);
            if has_ended {
                return Ok((heads, true));
            }
            if read >= most {
                return Ok((heads, source.next(self, 1).await?.is_empty()));
            }
        }
    }
}

impl Sorting {
    fn compare(&self, one: &Head, other: &Head) -> Ordering {
        self.compare_keys((&one.sorted_by, one.id), (&other.sorted_by, other.id))
    }

    /// Nothing comes last in both directions.
    fn compare_keys(
        &self,
        one: (&Option<SortKey>, RecordId),
        other: (&Option<SortKey>, RecordId),
    ) -> Ordering {
        let value = |key: &Option<SortKey>| key.clone().flatten();
        let (first, second) = (value(one.0), value(other.0));
        let by_presence = second.is_some().cmp(&first.is_some());
        let by_value = (first, one.1).cmp(&(second, other.1));
        by_presence.then(if self.is_descending { by_value.reverse() } else { by_value })
    }
}

fn position(head: &Head) -> RecordPosition {
    let key = match head.sorted_by.as_ref().and_then(Option::as_ref) {
        Some(value) => format!("{WITH}{value}"),
        None => WITHOUT.to_owned(),
    };
    RecordPosition { key, id: head.id }
}

fn read_position(position: &RecordPosition) -> (Option<SortKey>, RecordId) {
    (Some(position.key.strip_prefix(WITH).map(str::to_owned)), position.id)
}
