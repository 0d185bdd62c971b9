//! Lists that a filter narrows: by words, by a stage.
//!
//! Long because the plan of such a list is one decision, and each way of reading it is short.
//!
//! Where few records match, all of them are found and sorted here. Otherwise the records of the reach, or
//! those of the index, are read in order until a page is full. What is read depends on the counters of
//! the reach and on the index, so the time says nothing about records that the reach hides, beyond how
//! common a word is.
//!
//! **Invariant:** every record that is returned is in the reach and was compared with the words, whatever
//! the index says.

use std::cmp::{Ordering, Reverse};
use std::ops::ControlFlow;

use hallpass_domain::id::RecordId;
use hallpass_domain::record::{Condition, Record};
use hallpass_domain::search::Words;
use serde_json::{Map, Value as Json};

use super::budget::Budget;
use super::counter::Visible;
use super::document::Scope;
use super::filter::{Filter, Rank};
use super::query::{
    CountMode, ListQuery, RecordPage, RecordPosition, SortOrder, Sorting, Total,
};
use super::records::Records;
use super::sort_key::SortKey;
use super::source::Source;
use super::statement;
use super::stream::{IndexStream, Stream};
use crate::dialect::Dialect;
use crate::dialect::search::{CandidateSearch, SearchedPart};
use crate::error::Error;
use crate::part::{Room, Sink};
use crate::row::Row;
use crate::value::Value;

/// The keys of positions in [`SortOrder::Rank`]: of records with the words in the title, and of others.
pub(super) const TITLES: &str = "0";
pub(super) const OTHERS: &str = "1";

/// Comparing a record of the reach costs about as much as so many candidates of the index that are not
/// visible.
const CANDIDATES_PER_RECORD: i64 = 4;

/// For each record of a page, so many candidates are looked at before the index is read in order.
const CANDIDATES_PER_MATCH: usize = 6;

/// A filtered list, with what is known about it.
#[derive(Clone)]
pub(super) struct Search<'q> {
    pub(super) query: &'q ListQuery,
    pub(super) words: Option<Words>,
    /// Where the index has the records; none where no word is long enough for it.
    pub(super) scope: Option<Scope>,
    pub(super) visible: Visible,
    pub(super) budget: Budget,
}

/// What the index says about some words.
pub(super) struct Candidates {
    /// The visible ones.
    pub(super) ids: Vec<RecordId>,
    /// How many there are, visible or not.
    n: usize,
    /// The lowest number among them: on SQLite they are all that have no lower one.
    pub(super) lowest: i64,
    /// Whether these are all.
    pub(super) is_complete: bool,
    /// How many records have numbers from the first to the last of them.
    span: i64,
}

/// A match, with what it is sorted by.
#[derive(Clone)]
pub(super) struct Head {
    pub(super) id: RecordId,
    title_key: String,
    pub(super) in_title: bool,
    /// What a computed order compares; nothing in the others.
    pub(super) sorted_by: Option<SortKey>,
}

/// Reads what matches are sorted by, without the records.
#[derive(Clone)]
struct Heads {
    conditions: Vec<Condition>,
    sorting: Option<Sorting>,
    is_ranked: bool,
    found: Vec<Head>,
}

impl Sink for Heads {
    fn take(&mut self, row: Row) -> Result<ControlFlow<()>, Error> {
        let (conditions, sorting) = (&self.conditions, &self.sorting);
        let fields = match sorting {
            None if conditions.is_empty() => Map::new(),
            Some(_) | None => row.json::<Map<String, Json>>("fields")?,
        };
        if conditions.iter().all(|condition| condition.admits(&fields)) {
            self.found.push(Head {
                id: row.id("id")?.into(),
                title_key: row.text("title_key")?.to_owned(),
                in_title: self.is_ranked && row.bool("in_title")?,
                sorted_by: sorting.as_ref().map(|by| by.key(&row, &fields)).transpose()?,
            });
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// What was read of a stream.
struct Part {
    records: Vec<Record>,
    end: End,
}

enum End {
    /// There are as many records as wanted.
    Full,
    /// There is no room for more.
    Cut,
    /// The stream has no more.
    Ended,
    /// It took too long.
    Spent(RecordPosition),
}

impl<A> Records<'_, A> {
    /// Lists a page of the visible records that a filter admits.
    pub(super) async fn list_filtered(
        &mut self,
        query: &ListQuery,
        words: Option<Words>,
        visible: Visible,
    ) -> Result<RecordPage, Error> {
        let (search, is_pending) = Search::new(query, words, visible);
        // What the index lacks would be missing in a total.
        let estimate = if is_pending {
            None
        } else {
            match self.page_by_walking(&search).await? {
                ControlFlow::Break(page) => return Ok(page),
                ControlFlow::Continue(estimate) => estimate,
            }
        };
        let candidates = match estimate {
            Some(common) => Some(common),
            None => self.candidates(&search, SearchedPart::Text).await?,
        };
        let mut reads_index = true;
        let all = match &candidates {
            Some(few) if few.is_complete && !is_pending => Some(few.ids.clone()),
            // A group in an order by age has an index, which reads no other records.
            _ if search.words.is_none() && query.group().is_some() && search.is_by_age() => {
                None
            }
            _ if search.visible.n <= count(query.bounds.counted) => {
                reads_index = false;
                Some(self.every_visible(&search).await?)
            }
            Some(few) if few.is_complete => Some(few.ids.clone()),
            Some(_) | None => None,
        };
        let page = match all {
            Some(ids) => self.page_of_all(&search, ids).await?,
            None => self.page_of_many(&search, candidates).await?,
        };
        if reads_index && is_pending {
            // The index lacks records: what was found is not all.
            let total = match page.total {
                Total::MoreThan(n) => Total::MoreThan(n),
                Total::Exact(_) | Total::Unknown => Total::Unknown,
            };
            return Ok(RecordPage { total, is_incomplete: true, ..page });
        }
        Ok(page)
    }

    /// The first candidates of the index; none where it does not serve the words.
    pub(super) async fn candidates(
        &mut self,
        search: &Search<'_>,
        part: SearchedPart,
    ) -> Result<Option<Candidates>, Error> {
        let (Some(scope), Some(words)) = (search.scope, &search.words) else { return Ok(None) };
        let dialect = self.tx.dialect();
        let most = search.most_candidates(dialect);
        let texts = dialect.words(words);
        let sql =
            dialect.candidates(&CandidateSearch::alone(dialect, part, texts.len(), "DESC"));
        let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
        let values: Vec<Value> = match dialect {
            Dialect::Sqlite => {
                let [low, high] = scope.rows(part);
                texts.into_iter().chain([low.into(), high.into(), limit.into()]).collect()
            }
            Dialect::Postgres => {
                [scope.number.into(), limit.into()].into_iter().chain(texts).collect()
            }
        };
        let rows = self.tx.query(&sql, &values).await?;
        let mut ids = Vec::with_capacity(rows.len());
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for row in &rows {
            let (doc, owner) = (row.int("doc")?, row.id("owner_id")?);
            (first, last) = (first.min(doc), last.max(doc));
            let owners = search.visible.owners.as_ref();
            if owners.is_none_or(|owners| owners.binary_search(&owner).is_ok()) {
                ids.push(row.id("id")?.into());
            }
        }
        let (n, span) = (rows.len(), last.saturating_sub(first));
        Ok(Some(Candidates { ids, n, lowest: first, is_complete: n <= most, span }))
    }

    /// Every visible record.
    async fn every_visible(&mut self, search: &Search<'_>) -> Result<Vec<RecordId>, Error> {
        let wanted = usize::try_from(search.visible.n + 1).unwrap_or(usize::MAX);
        let (entity, visible) = (&search.query.entity, search.visible.clone());
        let mut source = Source::new(entity, SortOrder::Newest, None, wanted, visible);
        let positions = source.next(self, wanted).await?;
        Ok(positions.into_iter().map(|position| position.id).collect())
    }

    /// What some records are sorted by, of those that a filter admits.
    pub(super) async fn heads(
        &mut self,
        search: &Search<'_>,
        ids: Vec<RecordId>,
        rank: Rank,
    ) -> Result<Vec<Head>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let dialect = self.tx.dialect();
        let (filter, query) = (search.filter(dialect, rank), search.query);
        let ids = dialect.ids(ids.into_iter().map(|id| id.0));
        let mut values = vec![search.query.entity.as_str().into(), ids];
        values.extend(filter.values.iter().cloned());
        let reading = Heads {
            conditions: query.narrowing.conditions.clone(),
            sorting: query.sorting.clone(),
            is_ranked: search.is_ranked(),
            found: Vec::new(),
        };
        let sql = statement::heads(dialect, &filter);
        Ok(self.tx.query_into(&sql, &values, reading).await?.0.found)
    }

    /// The page of a list whose matches are among some records.
    async fn page_of_all(
        &mut self,
        search: &Search<'_>,
        ids: Vec<RecordId>,
    ) -> Result<RecordPage, Error> {
        let mut heads = self.heads(search, ids, Rank::Any).await?;
        let order = search.query.order;
        let total = search.total_of(heads.len());
        heads.sort_by(|a, b| a.compare(b, order));
        if let Some(after) = search.query.after.as_ref().map(Head::at) {
            heads.retain(|head| head.compare(&after, order) == Ordering::Greater);
        }
        self.page_of_heads(search, heads, total).await
    }

    /// A page of some matches in order, of which those beyond its limit show that there are more.
    pub(super) async fn page_of_heads(
        &mut self,
        search: &Search<'_>,
        mut heads: Vec<Head>,
        total: Total,
    ) -> Result<RecordPage, Error> {
        let (limit, order) = (search.query.limit.max(1), search.query.order);
        let has_more = heads.len() > limit;
        heads.truncate(limit);
        let (records, is_cut) =
            self.records_of(search, &mut heads, &mut Room::default()).await?;
        let next = heads.last().filter(|_| has_more || is_cut).map(|last| last.position(order));
        Ok(RecordPage { records, next, total, is_incomplete: false })
    }

    /// The records of the first heads for which there is room. The others are dropped; returns whether there
    /// were any.
    pub(super) async fn records_of(
        &mut self,
        search: &Search<'_>,
        heads: &mut Vec<Head>,
        room: &mut Room,
    ) -> Result<(Vec<Record>, bool), Error> {
        let at = |head: &Head| RecordPosition { key: String::new(), id: head.id };
        let positions: Vec<RecordPosition> = heads.iter().map(at).collect();
        let entity = &search.query.entity;
        let portion = self.portion(entity, &positions, ("", &[]), room.clone()).await?;
        for (_, bytes) in &portion.records {
            room.take(*bytes);
        }
        let is_cut = portion.passed < heads.len();
        heads.truncate(portion.passed);
        Ok((portion.into_records(), is_cut))
    }

    /// The page of a list with many matches, or with a filter that no index serves.
    async fn page_of_many(
        &mut self,
        search: &Search<'_>,
        candidates: Option<Candidates>,
    ) -> Result<RecordPage, Error> {
        let (query, limit) = (search.query, search.query.limit.max(1));
        let mut after = query.after.as_ref();
        let sections: &[(Rank, &str)] = match query.order {
            SortOrder::Rank if candidates.is_none() => &[(Rank::Any, "")],
            SortOrder::Rank if after.is_some_and(|after| after.key == OTHERS) => {
                &[(Rank::Other, OTHERS)]
            }
            SortOrder::Rank => &[(Rank::Title, TITLES), (Rank::Other, OTHERS)],
            SortOrder::Newest | SortOrder::Oldest | SortOrder::Title | SortOrder::TitleDown => {
                &[(Rank::Any, "")]
            }
        };
        let mut found: Vec<(Record, &str)> = Vec::new();
        let (mut end, mut last_section) = (End::Ended, "");
        let mut room = Room::default();
        for (rank, key) in sections {
            last_section = key;
            let wanted = (after, limit + 1 - found.len());
            let part =
                self.section(search, *rank, candidates.as_ref(), wanted, &mut room).await?;
            found.extend(part.records.into_iter().map(|record| (record, *key)));
            end = part.end;
            if !matches!(end, End::Ended) {
                break;
            }
            after = None;
        }
        let total = match (&query.after, &end, query.total) {
            (None, End::Ended, _) => search.total_of(found.len()),
            (_, _, CountMode::Skipped) => Total::Unknown,
            (_, _, CountMode::Counted) => self.count_many(search, candidates.as_ref()).await?,
        };
        let has_more = found.len() > limit || matches!(end, End::Cut);
        let is_incomplete = matches!(end, End::Spent(_));
        found.truncate(limit);
        let is_title = matches!(query.order, SortOrder::Title | SortOrder::TitleDown);
        let next = match (end, found.last()) {
            (_, Some((last, _))) if has_more && is_title => Some(RecordPosition::of(last)),
            (_, Some((last, key))) if has_more => {
                Some(RecordPosition { key: (*key).to_owned(), id: last.id })
            }
            (End::Spent(position), Some(_)) if is_title => Some(position),
            // The section that took too long may be behind that of the last record.
            (End::Spent(position), Some(_)) => {
                Some(RecordPosition { key: last_section.to_owned(), id: position.id })
            }
            (End::Full | End::Cut | End::Ended | End::Spent(_), _) => None,
        };
        let records = found.into_iter().map(|(record, _)| record).collect();
        Ok(RecordPage { records, next, total, is_incomplete })
    }

    /// So many records of a section of a list, as far as there are.
    async fn section(
        &mut self,
        search: &Search<'_>,
        rank: Rank,
        candidates: Option<&Candidates>,
        (after, wanted): (Option<&RecordPosition>, usize),
        room: &mut Room,
    ) -> Result<Part, Error> {
        let is_streamed = candidates.is_some_and(|all| self.reads_index(search, all));
        let titles = match rank {
            Rank::Title if !is_streamed => self.candidates(search, SearchedPart::Title).await?,
            Rank::Any | Rank::Title | Rank::Other => None,
        };
        if let Some(titles) = titles {
            if !titles.is_complete {
                let mut stream = self.stream(search, rank, Some(&titles), after).await?;
                let by_title = (rank, Some(&titles));
                return self.read(search, by_title, &mut stream, (wanted, room)).await;
            }
            let mut heads = self.heads(search, titles.ids, rank).await?;
            heads.retain(|head| after.is_none_or(|after| head.id < after.id));
            heads.sort_by_key(|head| Reverse(head.id));
            let end = if heads.len() >= wanted { End::Full } else { End::Ended };
            heads.truncate(wanted);
            let (records, is_cut) = self.records_of(search, &mut heads, room).await?;
            return Ok(Part { records, end: if is_cut { End::Cut } else { end } });
        }
        let mut stream = self.stream(search, rank, candidates, after).await?;
        self.read(search, (rank, candidates), &mut stream, (wanted, room)).await
    }

    /// The records of a section in order, behind a position.
    async fn stream(
        &mut self,
        search: &Search<'_>,
        rank: Rank,
        candidates: Option<&Candidates>,
        after: Option<&RecordPosition>,
    ) -> Result<Stream, Error> {
        let (query, visible) = (search.query, search.visible.clone());
        if let (Some(scope), Some(words), Some(candidates)) =
            (search.scope, &search.words, candidates)
            && self.reads_index(search, candidates)
            && let [words] = self.tx.dialect().words(words).as_slice()
        {
            let part =
                if rank == Rank::Title { SearchedPart::Title } else { SearchedPart::Text };
            let what = (part, words.clone(), query.order);
            let within = (scope.ends(), visible.owners);
            let after = after.map(|after| after.id);
            let stream = IndexStream::new(self, &query.entity, what, within, after).await?;
            return Ok(Stream::Index(stream));
        }
        let after = after.cloned();
        let wanted = query.bounds.first_batch();
        let source = Source::new(&query.entity, query.order, after, wanted, visible);
        let group = query.group().filter(|_| search.is_by_age());
        Ok(Stream::Reach(source.of_group(group)))
    }

    /// Whether the records of the index are read in order, and not those of the reach.
    fn reads_index(&self, search: &Search<'_>, candidates: &Candidates) -> bool {
        self.tx.dialect() == Dialect::Sqlite && search.prefers_index(candidates)
    }

    /// Reads a stream until so many of its records are admitted, or there is no room for more.
    async fn read(
        &mut self,
        search: &Search<'_>,
        (rank, candidates): (Rank, Option<&Candidates>),
        stream: &mut Stream,
        (wanted, room): (usize, &mut Room),
    ) -> Result<Part, Error> {
        let filter = search.filter(self.tx.dialect(), rank);
        let mut records = Vec::new();
        let bounds = search.query.bounds;
        let least = bounds.first_batch().max(wanted);
        let mut at_once = match (&*stream, candidates) {
            (Stream::Index(_), _) if !search.is_filtered() => {
                search.candidates_for(wanted).min(bounds.batch().max(wanted))
            }
            (Stream::Reach(_), Some(all)) if !search.is_filtered() => {
                all.records_for(wanted).clamp(least, bounds.batch().max(least))
            }
            (Stream::Index(_) | Stream::Reach(_), _) => least,
        };
        loop {
            let batch = stream.next(self, at_once).await?;
            let (entity, conditions) = (&search.query.entity, (&*filter.sql, &*filter.values));
            let mut rest = batch.positions.as_slice();
            while !rest.is_empty() {
                let portion = self.portion(entity, rest, conditions, Room::default()).await?;
                rest = rest.get(portion.passed..).unwrap_or_default();
                for (record, bytes) in portion.records {
                    if !search.admits(&record) {
                        continue;
                    }
                    if !room.take(bytes) {
                        return Ok(Part { records, end: End::Cut });
                    }
                    records.push(record);
                    if records.len() >= wanted {
                        return Ok(Part { records, end: End::Full });
                    }
                }
            }
            if batch.has_ended {
                return Ok(Part { records, end: End::Ended });
            }
            if search.budget.is_spent(!records.is_empty()) {
                return Ok(Part { records, end: End::Spent(stream.position()) });
            }
            at_once = at_once.saturating_mul(4).min(bounds.batch().max(wanted));
        }
    }

    /// Counts the matches, as far as matches are counted.
    pub(super) async fn count_many(
        &mut self,
        search: &Search<'_>,
        candidates: Option<&Candidates>,
    ) -> Result<Total, Error> {
        let dialect = self.tx.dialect();
        if candidates
            .is_some_and(|all| all.n > search.query.bounds.counted && search.is_exact(dialect))
        {
            return Ok(search.more());
        }
        let most = search.query.bounds.counted;
        let budget = Budget::begin(search.query.bounds);
        if let Some(candidates) = candidates
            && search.query.narrowing.conditions.is_empty()
        {
            let counted = match dialect {
                Dialect::Sqlite if search.prefers_index(candidates) => {
                    self.count_in_order(search, candidates).await?
                }
                Dialect::Sqlite => None,
                Dialect::Postgres => self.count_at_once(search, candidates).await?,
            };
            if let Some(total) = counted {
                return Ok(total);
            }
        }
        let filter = search.filter(dialect, Rank::Any);
        let sql = statement::count_of(dialect, &filter.sql);
        let newest = ListQuery { order: SortOrder::Newest, ..search.query.clone() };
        let counted = Search { query: &newest, ..search.clone() };
        let mut stream = self.stream(&counted, Rank::Any, candidates, None).await?;
        let narrowing = &search.query.narrowing;
        let has_filter = search.words.is_some() || narrowing.is_some();
        let has_conditions = !narrowing.conditions.is_empty();
        let (mut n, mut at_once) = (0, most + 1);
        loop {
            let batch = stream.next(self, at_once).await?;
            if has_conditions {
                let ids = batch.positions.iter().map(|position| position.id).collect();
                n += count(self.heads(search, ids, Rank::Any).await?.len());
            } else if !has_filter {
                n += count(batch.positions.len());
            } else if !batch.positions.is_empty() {
                let ids = batch.positions.iter().map(|position| position.id.0);
                let mut values = vec![search.query.entity.as_str().into(), dialect.ids(ids)];
                values.extend(filter.values.iter().cloned());
                n += self.tx.query_one(&sql, &values).await?.int("n")?;
            }
            if n > count(most) {
                return Ok(search.more());
            }
            if batch.has_ended {
                return Ok(Total::Exact(n));
            }
            if budget.is_spent(true) {
                return Ok(Total::Unknown);
            }
            at_once = search.query.bounds.batch();
        }
    }
}

impl<'q> Search<'q> {
    /// What is known about a list, and whether the index lacks some of its records.
    pub(super) fn new(
        query: &'q ListQuery,
        words: Option<Words>,
        visible: Visible,
    ) -> (Search<'q>, bool) {
        let scope = visible.scope.filter(|_| words.is_some());
        let is_pending = scope.is_some_and(|scope| !scope.is_indexed);
        let budget = Budget::begin(query.bounds);
        let mut search = Search { query, words, scope, visible, budget };
        search.scope = scope.filter(|_| search.is_ranked());
        (search, is_pending)
    }
}

impl Search<'_> {
    pub(super) fn filter(&self, dialect: Dialect, rank: Rank) -> Filter {
        self.filter_from(dialect, (4, rank))
    }

    /// The filter, with parameters from a number on.
    pub(super) fn filter_from(&self, dialect: Dialect, first: (usize, Rank)) -> Filter {
        Filter::new(self.query, self.words.as_ref(), dialect, first)
    }

    /// Whether it leaves records out beside those without the words.
    pub(super) fn is_filtered(&self) -> bool {
        self.query.stage.is_some() || self.query.narrowing.is_some()
    }

    /// How many candidates have so many visible ones, if they are spread evenly, and some more.
    pub(super) fn candidates_for(&self, wanted: usize) -> usize {
        let Visible { n, total, .. } = self.visible;
        let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
        let all = wanted.saturating_mul(5).saturating_mul(total) / (4 * n.max(1));
        usize::try_from(all).unwrap_or(usize::MAX).saturating_add(16)
    }

    /// The total of so many matches that were found.
    pub(super) fn total_of(&self, n: usize) -> Total {
        if n > self.query.bounds.counted { self.more() } else { Total::Exact(count(n)) }
    }

    /// The total of more matches than are counted.
    pub(super) fn more(&self) -> Total {
        Total::MoreThan(count(self.query.bounds.counted))
    }

    /// Whether it is in an order by age.
    pub(super) fn is_by_age(&self) -> bool {
        match self.query.order {
            SortOrder::Rank | SortOrder::Newest | SortOrder::Oldest => true,
            SortOrder::Title | SortOrder::TitleDown => false,
        }
    }

    /// Up to so many candidates all are compared and sorted. Where no matches are counted, and the index is in the
    /// order of the list, a few more than a page has show how to go on.
    fn most_candidates(&self, dialect: Dialect) -> usize {
        let ListQuery { bounds, order, limit, total, .. } = self.query;
        match (order, dialect, total) {
            (SortOrder::Title | SortOrder::TitleDown, _, _) => bounds.candidates_to_sort(),
            (_, Dialect::Sqlite, CountMode::Skipped) => {
                limit.saturating_mul(CANDIDATES_PER_MATCH).min(bounds.candidates())
            }
            (_, Dialect::Sqlite | Dialect::Postgres, _) => bounds.candidates(),
        }
    }

    /// Whether the fields of a record fulfil the conditions.
    fn admits(&self, record: &Record) -> bool {
        let mut conditions = self.query.narrowing.conditions.iter();
        conditions.all(|condition| condition.admits(&record.fields))
    }

    /// Whether titles come first: not for short words only, which no index serves.
    fn is_ranked(&self) -> bool {
        self.words.as_ref().is_some_and(|words| !words.grams().is_empty())
    }

    /// Whether reading candidates of the index costs less than reading the records of the reach.
    fn prefers_index(&self, candidates: &Candidates) -> bool {
        match self.query.order {
            SortOrder::Title | SortOrder::TitleDown => false,
            SortOrder::Rank | SortOrder::Newest | SortOrder::Oldest => {
                let Visible { n, total, .. } = self.visible;
                let per_match = candidates.records_per_match();
                total / n.max(1) <= per_match.saturating_mul(CANDIDATES_PER_RECORD)
            }
        }
    }

    /// Whether each candidate is a match.
    fn is_exact(&self, dialect: Dialect) -> bool {
        let is_all = self.visible.owners.is_none() && !self.is_filtered();
        is_all && self.words.as_ref().is_some_and(|words| dialect.are_exact(words))
    }
}

impl Candidates {
    /// What is known of so many matches among so many records.
    pub(super) fn estimated(n: usize, records: usize) -> Candidates {
        Candidates { ids: Vec::new(), n, lowest: 0, is_complete: false, span: count(records) }
    }

    /// How many records there are for each that may match.
    pub(super) fn records_per_match(&self) -> i64 {
        self.span / count(self.n).max(1)
    }

    /// How many records have so many that may match, if they are spread evenly, and some more.
    pub(super) fn records_for(&self, wanted: usize) -> usize {
        let records =
            count(wanted).saturating_mul(self.records_per_match()).saturating_mul(5) / 4;
        usize::try_from(records).unwrap_or(usize::MAX)
    }
}

impl Head {
    /// A match in an order by age.
    pub(super) fn found(id: RecordId, in_title: bool) -> Head {
        Head { id, title_key: String::new(), in_title, sorted_by: None }
    }

    /// The record at a position.
    fn at(position: &RecordPosition) -> Head {
        Head {
            id: position.id,
            in_title: position.key == TITLES,
            title_key: position.key.clone(),
            sorted_by: None,
        }
    }

    fn compare(&self, other: &Head, order: SortOrder) -> Ordering {
        let by_title = || (&self.title_key, self.id).cmp(&(&other.title_key, other.id));
        match order {
            SortOrder::Rank => (other.in_title, other.id).cmp(&(self.in_title, self.id)),
            SortOrder::Newest => other.id.cmp(&self.id),
            SortOrder::Oldest => self.id.cmp(&other.id),
            SortOrder::Title => by_title(),
            SortOrder::TitleDown => by_title().reverse(),
        }
    }

    fn position(&self, order: SortOrder) -> RecordPosition {
        let key = match order {
            SortOrder::Rank if self.in_title => TITLES,
            SortOrder::Rank => OTHERS,
            SortOrder::Newest | SortOrder::Oldest => "",
            SortOrder::Title | SortOrder::TitleDown => &self.title_key,
        };
        RecordPosition { key: key.to_owned(), id: self.id }
    }
}

pub(super) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
