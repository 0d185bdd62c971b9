//! Counting the matches among the candidates of the index, in few statements however many there are.

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

/// Counts the matches among so many candidates, of all owners or of those in a parameter. It takes what
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
    let of = (&*format!("?{entity}"), PRIMARY, filter);
    dialect.count_candidates(&search, owners.as_deref(), of)
}

/// The first parameter behind those of a search with so many words.
pub(super) const fn first_parameter(dialect: Dialect, words: usize) -> usize {
    match dialect {
        Dialect::Sqlite => 6,
        Dialect::Postgres => 4 + words,
    }
}

impl<A> Records<'_, A> {
    /// Counts the matches of a search among the candidates of the index, of which some are known: the first ones on
    /// SQLite. `None` where PostgreSQL would have to look at too many.
    pub(super) async fn count_candidates(
        &mut self,
        search: &Search<'_>,
        candidates: &Candidates,
    ) -> Result<Option<Total>, Error> {
        let (Some(scope), Some(words)) = (search.scope, &search.words) else {
            return Ok(None);
        };
        let (dialect, bounds) = (self.tx.dialect(), search.query.bounds);
        let (most, budget) = (bounds.counted, Budget::begin(bounds));
        let entity = search.query.entity.as_str();
        let filter = search.filter(dialect, Rank::Any);
        let sql = statement::count_of(dialect, &filter.sql);
        let mut n = 0;
        // Where these are too few, one statement looks at them again together with those behind them.
        let known = if candidates.ids.len() > most {
            candidates.ids.as_slice()
        } else {
            Default::default()
        };
        for ids in known.chunks(most + 1) {
            let mut values = vec![entity.into(), dialect.ids(ids.iter().map(|id| id.0))];
            values.extend(filter.values.iter().cloned());
            n += self.tx.query_one(&sql, &values).await?.int("n")?;
            if n > count(most) {
                return Ok(Some(search.more()));
            }
        }
        let owners = search.visible.owners.as_deref();
        let texts = dialect.words(words);
        let first =
            first_parameter(dialect, texts.len()) + if owners.is_some() { 2 } else { 1 };
        let filter = search.filter_from(dialect, (first, Rank::Any));
        let sql = matches(dialect, texts.len(), owners.is_some(), &filter.sql);
        let [low, high] = scope.rows(SearchedPart::Text);
        let mut next = if known.is_empty() { high + 1 } else { candidates.lowest };
        while !budget.is_spent(true) {
            // PostgreSQL has them in no order, and begins at the start.
            let wanted = match dialect {
                Dialect::Sqlite => usize::try_from(count(most) + 1 - n).unwrap_or(0),
                Dialect::Postgres => most + 1,
            };
            let at_once =
                search.candidates_for(wanted).clamp(most, bounds.counted_at_once()).max(1);
            let mut values: Vec<Value> = match dialect {
                Dialect::Sqlite => {
                    let ends = [low.into(), (next - 1).into(), count(at_once).into()];
                    texts.iter().cloned().chain(ends).collect()
                }
                Dialect::Postgres => {
                    let first = [scope.number.into(), count(at_once).into()];
                    first.into_iter().chain(texts.iter().cloned()).collect()
                }
            };
            values.push(entity.into());
            values.extend(owners.map(|owners| dialect.ids(owners.iter().copied())));
            values.extend(filter.values.iter().cloned());
            let row = self.tx.query_one(&sql, &values).await?;
            let has_more = row.int("candidates")? >= count(at_once);
            let found = row.int("n")?;
            n = if dialect == Dialect::Sqlite { n + found } else { found };
            if n > count(most) {
                return Ok(Some(search.more()));
            }
            if !has_more {
                return Ok(Some(Total::Exact(n)));
            }
            match dialect {
                Dialect::Sqlite => next = row.int("last")?,
                Dialect::Postgres => return Ok(None),
            }
        }
        Ok(Some(Total::Unknown))
    }
}
