//! Counting the matches of a search in few statements, however many records there are.

use uuid::Uuid;

use super::budget::Budget;
use super::filter::Rank;
use super::query::Total;
use super::records::Records;
use super::search::{Candidates, Search, count};
use super::statement::{self, PRIMARY};
use crate::dialect::Dialect;
use crate::dialect::search::{CandidateSearch, SearchedPart};
use crate::error::Error;
use crate::value::Value;

/// On PostgreSQL, a record of some owners costs about as much as so many of the newest of all.
const RECORDS_PER_OWNED: usize = 5;

/// Counts the matches among the candidates of the index, of all owners or of those in a parameter. It takes what
/// [`CandidateSearch::alone`] does with so many words, the record type, the owners, and what the filter takes.
pub(super) fn matches(
    dialect: Dialect,
    words: usize,
    has_owners: bool,
    filter: &str,
) -> String {
    let search = CandidateSearch::alone(dialect, SearchedPart::Text, words, "DESC");
    let entity = first_parameter(dialect, words);
    let owners = has_owners.then(|| format!("?{}", entity + 1));
    let (entity, owners) = (format!("?{entity}"), owners.as_deref());
    match dialect {
        Dialect::Sqlite => {
            Dialect::count_candidates(&search, owners, (&entity, PRIMARY, filter))
        }
        Dialect::Postgres => Dialect::count_indexed(&search, owners, (&entity, filter)),
    }
}

/// The first parameter behind those of a search with so many words.
pub(super) const fn first_parameter(dialect: Dialect, words: usize) -> usize {
    match dialect {
        Dialect::Sqlite => 6,
        Dialect::Postgres => 4 + words,
    }
}

impl<A> Records<'_, A> {
    /// Counts the matches of a search on SQLite, among the candidates of the index in order, of which the first ones
    /// are known.
    pub(super) async fn count_in_order(
        &mut self,
        search: &Search<'_>,
        candidates: &Candidates,
    ) -> Result<Option<Total>, Error> {
        let (Some(scope), Some(words)) = (search.scope, &search.words) else {
            return Ok(None);
        };
        let (dialect, bounds) = (self.tx.dialect(), search.query.bounds);
        let (most, budget) = (bounds.counted, Budget::begin(bounds));
        let mut n = 0;
        // Where these are too few, one statement looks at them again together with those behind them.
        let known = if candidates.ids.len() > most {
            candidates.ids.as_slice()
        } else {
            Default::default()
        };
        for ids in known.chunks(most + 1) {
            n += self.count_of(search, ids.iter().map(|id| id.0)).await?;
            if n > count(most) {
                return Ok(Some(search.more()));
            }
        }
        let owners = search.visible.owners.as_deref();
        let words = dialect.words(words);
        let first =
            first_parameter(dialect, words.len()) + if owners.is_some() { 2 } else { 1 };
        let filter = search.filter_from(dialect, (first, Rank::Any));
        let sql = matches(dialect, words.len(), owners.is_some(), &filter.sql);
        let [low, high] = scope.rows(SearchedPart::Text);
        let mut next = if known.is_empty() { high + 1 } else { candidates.lowest };
        while !budget.is_spent(true) {
            let wanted = usize::try_from(count(most) + 1 - n).unwrap_or(0);
            let at_once =
                search.candidates_for(wanted).clamp(most, bounds.counted_at_once()).max(1);
            let mut values = words.clone();
            values.extend([low.into(), (next - 1).into(), count(at_once).into()]);
            values.push(search.query.entity.as_str().into());
            values.extend(owners.map(|owners| dialect.ids(owners.iter().copied())));
            values.extend(filter.values.iter().cloned());
            let row = self.tx.query_one(&sql, &values).await?;
            n += row.int("n")?;
            if n > count(most) {
                return Ok(Some(search.more()));
            }
            if row.int("candidates")? < count(at_once) {
                return Ok(Some(Total::Exact(n)));
            }
            next = row.int("last")?;
        }
        Ok(Some(Total::Unknown))
    }

    /// Counts the matches of a search on PostgreSQL: among the first records of the reach where those are enough, else
    /// those that the index finds.
    pub(super) async fn count_at_once(
        &mut self,
        search: &Search<'_>,
        candidates: &Candidates,
    ) -> Result<Option<Total>, Error> {
        let (Some(scope), Some(words)) = (search.scope, &search.words) else {
            return Ok(None);
        };
        let (dialect, most) = (self.tx.dialect(), search.query.bounds.counted);
        let entity: Value = search.query.entity.as_str().into();
        let owners = search.visible.owners.as_deref();
        let theirs = owners.map(|owners| dialect.ids(owners.iter().copied()));
        let rows = candidates.records_for(most + 1);
        let found = search.visible.total / candidates.records_per_match().max(1);
        let cost = rows.saturating_mul(if owners.is_some() { RECORDS_PER_OWNED } else { 1 });
        if !search.is_filtered() && count(cost) < found {
            let first = if owners.is_some() { 5 } else { 4 };
            let filter = search.filter_from(dialect, (first, Rank::Any));
            let sql = statement::count_first(owners.is_some(), &filter.sql);
            let mut values = vec![entity.clone(), count(rows).into()];
            values.extend(theirs.clone());
            values.extend(filter.values.iter().cloned());
            let row = self.tx.query_one(&sql, &values).await?;
            let (n, walked) = (row.int("n")?, row.int("walked")?);
            if n > count(most) {
                return Ok(Some(search.more()));
            }
            if walked < count(rows) {
                return Ok(Some(Total::Exact(n)));
            }
        }
        let words = dialect.words(words);
        let first =
            first_parameter(dialect, words.len()) + if owners.is_some() { 2 } else { 1 };
        let filter = search.filter_from(dialect, (first, Rank::Any));
        let sql = matches(dialect, words.len(), owners.is_some(), &filter.sql);
        let mut values: Vec<Value> = vec![scope.number.into(), count(most + 1).into()];
        values.extend(words);
        values.push(entity);
        values.extend(theirs);
        values.extend(filter.values.iter().cloned());
        let n = self.tx.query_one(&sql, &values).await?.int("n")?;
        Ok(Some(search.total_of(usize::try_from(n).unwrap_or(usize::MAX))))
    }

    /// How many of some records a search finds.
    async fn count_of(
        &mut self,
        search: &Search<'_>,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> Result<i64, Error> {
        let dialect = self.tx.dialect();
        let filter = search.filter(dialect, Rank::Any);
        let sql = statement::count_of(dialect, &filter.sql);
        let mut values = vec![search.query.entity.as_str().into(), dialect.ids(ids)];
        values.extend(filter.values);
        self.tx.query_one(&sql, &values).await?.int("n")
    }
}
