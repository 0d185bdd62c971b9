//! A search in many record types at once: in a few statements, however many types and records there are, and with
//! one budget for all of them.
//!
//! The index returns the newest candidates of each type, which are compared with the words. Where they are not all
//! of them, or the index does not serve the words, the newest records of the reach are compared, too. On PostgreSQL,
//! whose index has no order, a few of the newest records are compared first: where the words are common, those have
//! them.
//!
//! **Invariant:** every record that is returned is in the reach and was compared with the words, whatever the
//! index says.

mod fitting;
mod searched;
pub(in crate::record) mod statement;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use hallpass_domain::id::RecordId;
use hallpass_domain::record::Record;
use hallpass_domain::search::Words;
use uuid::Uuid;

use super::budget::{Budget, ListBounds};
use super::document::Scope;
use super::query::Reach;
use super::records::Records;
use super::row::from_row;
use super::statement::StreamKind;
use crate::dialect::Dialect;
use crate::dialect::search::SearchedPart;
use crate::error::Error;
use crate::part::Room;
use crate::query;
use crate::value::Value;
use fitting::pair;
use searched::{SPARE, Searched, open_types};
use statement::{
    candidates_of_types, matches_of_types, newest_of_types, rows_of_types, types_searched,
};

/// The most types of one statement: SQLite joins up to 500 parts, and each type has two.
const TYPES: usize = 200;

/// A search in many record types.
#[derive(Clone, Debug)]
pub struct TypeSearch<'q> {
    /// The record types, each with its reach.
    pub types: &'q [(String, Reach)],
    /// Only records with each word of this text in the title or a field, without regard to case and accents.
    pub text: &'q str,
    /// At most so many records of each type.
    pub limit: usize,
    /// How much it reads, over all types.
    pub bounds: ListBounds,
}

/// What was found of one record type.
#[derive(Clone, Debug, Default)]
pub struct TypeMatches {
    /// The record type.
    pub entity: String,
    /// Those with every word in the title, then the others, the newest first.
    pub records: Vec<Record>,
    /// Whether there are more.
    pub has_more: bool,
    /// Whether records may be missing: comparing all of them would take too long, or the index lacks some.
    pub is_incomplete: bool,
}

impl<A> Records<'_, A> {
    /// Finds records of many types by a text. Types of which nothing is found and nothing may be missing are left
    /// out.
    pub async fn search_types(
        &mut self,
        search: &TypeSearch<'_>,
    ) -> Result<Vec<TypeMatches>, Error> {
        let Some(words) = Words::parse(search.text) else { return Ok(Vec::new()) };
        let budget = Budget::begin(search.bounds);
        let mut types = self.types_searched(search, &words).await?;
        let wanted = search.limit.max(1) + 1;
        if !words.grams().is_empty() {
            if self.tx.dialect() == Dialect::Postgres {
                self.read_sample(search, &words, &mut types).await?;
            }
            let mut open = open_types(&mut types, wanted);
            for some in open.chunks_mut(TYPES) {
                self.read_candidates(search, &words, some).await?;
            }
            self.read_matches(&words, wanted, &mut open).await?;
        }
        let mut open = open_types(&mut types, wanted);
        let has_found = open.iter().any(|one| !one.found.is_empty());
        if !open.is_empty() && !budget.is_spent(has_found) {
            let most = (search.bounds.newest() / open.len())
                .clamp(wanted, search.bounds.batch().max(wanted));
            for some in open.chunks_mut(TYPES) {
                self.read_newest(&words, most, some).await?;
            }
        }
        self.matches(search, &types).await
    }

    async fn types_searched<'q>(
        &mut self,
        search: &TypeSearch<'q>,
        words: &Words,
    ) -> Result<Vec<Searched<'q>>, Error> {
        let readable = search.types.iter().filter(|(_, reach)| *reach != Reach::Nothing);
        let readable: Vec<&(String, Reach)> = readable.collect();
        let entities: Vec<&str> = readable.iter().map(|(entity, _)| entity.as_str()).collect();
        let dialect = self.tx.dialect();
        let spare = if dialect.are_exact(words) { 0 } else { SPARE };
        let mut scopes = HashMap::new();
        for row in &self.tx.query(&types_searched(dialect), &[query::json(&entities)]).await? {
            let scope =
                Scope { number: row.int("scope")?, is_indexed: row.bool("is_indexed")? };
            scopes.insert(row.text("entity")?.to_owned(), scope);
        }
        let searched = readable.into_iter().filter_map(|(entity, reach)| {
            Some(Searched {
                entity,
                reach,
                scope: *scopes.get(entity)?,
                spare,
                candidates: [Vec::new(), Vec::new()],
                are_all: [false; 2],
                are_newest: dialect == Dialect::Sqlite,
                found: BTreeMap::new(),
                has_newest: false,
                is_settled: false,
            })
        });
        Ok(searched.collect())
    }

    /// Compares a few of the newest records of each type with the words, unless very many owners have them.
    async fn read_sample(
        &mut self,
        search: &TypeSearch<'_>,
        words: &Words,
        types: &mut [Searched<'_>],
    ) -> Result<(), Error> {
        let wanted = search.limit.max(1) + 1;
        // Enough for a word that one record in fifty has.
        let most = (search.bounds.newest() / types.len().max(1))
            .clamp(wanted, (2 * search.bounds.sample()).max(wanted));
        let mut few: Vec<&mut Searched<'_>> =
            types.iter_mut().filter(|one| one.has_few_owners()).collect();
        for some in few.chunks_mut(TYPES) {
            self.read_newest(words, most, some).await?;
        }
        for one in few {
            let titles = one.found.values().filter(|in_title| **in_title).count();
            one.has_newest = one.found.len() >= wanted;
            one.is_settled |= titles >= wanted;
        }
        Ok(())
    }

    /// The first candidates of each type.
    async fn read_candidates(
        &mut self,
        search: &TypeSearch<'_>,
        words: &Words,
        types: &mut [&mut Searched<'_>],
    ) -> Result<(), Error> {
        if types.is_empty() {
            return Ok(());
        }
        let dialect = self.tx.dialect();
        let texts = dialect.words(words);
        let parts: Vec<&[SearchedPart]> = types.iter().map(|one| one.parts()).collect();
        let sql = candidates_of_types(dialect, &parts, texts.len());
        let most: Vec<usize> =
            types.iter().map(|one| most_candidates(search, one, types.len())).collect();
        let mut values = texts;
        for (one, most) in types.iter().zip(&most) {
            match dialect {
                Dialect::Sqlite => {
                    let parts = [SearchedPart::Title, SearchedPart::Text];
                    values.extend(
                        parts.iter().flat_map(|part| one.scope.rows(*part)).map(Value::from),
                    );
                }
                Dialect::Postgres => values.push(one.scope.number.into()),
            }
            values.push(i64::try_from(most + 1).unwrap_or(i64::MAX).into());
        }
        let mut counted = vec![[0_usize; 2]; types.len()];
        for row in &self.tx.query(&sql, &values).await? {
            let place = usize::try_from(row.int("place")?).unwrap_or(usize::MAX);
            let part = usize::from(!row.bool("is_title")?);
            let (Some(one), Some(counted)) = (types.get_mut(place), counted.get_mut(place))
            else {
                continue;
            };
            if let (Some(n), Some(ids)) = (counted.get_mut(part), one.candidates.get_mut(part))
            {
                *n += 1;
                if covers(one.reach, row.id("owner_id")?) {
                    ids.push(row.id("id")?.into());
                }
            }
        }
        for ((one, counted), most) in types.iter_mut().zip(counted).zip(most) {
            one.are_all = counted.map(|n| n <= most);
            one.are_all[1] &= !one.has_newest;
            for ids in &mut one.candidates {
                ids.sort_unstable_by_key(|id| Reverse(*id));
            }
        }
        Ok(())
    }

    /// Compares the candidates with the words, those by the title first.
    async fn read_matches(
        &mut self,
        words: &Words,
        wanted: usize,
        types: &mut [&mut Searched<'_>],
    ) -> Result<(), Error> {
        let dialect = self.tx.dialect();
        let mut pairs = Vec::new();
        for one in types.iter_mut() {
            pairs.extend(one.compared(wanted).iter().map(|id| pair(one.entity, *id)));
        }
        if pairs.is_empty() {
            return Ok(());
        }
        let texts: Vec<&str> = words.iter().collect();
        let sql = matches_of_types(dialect, texts.len());
        let mut values = vec![query::json(&pairs)];
        values.extend(texts.into_iter().map(Value::from));
        let rows = self.tx.query(&sql, &values).await?;
        for row in &rows {
            let entity = row.text("entity")?;
            if let Some(one) = types.iter_mut().find(|one| one.entity == entity) {
                one.found.insert(row.id("id")?.into(), row.bool("in_title")?);
            }
        }
        Ok(())
    }

    /// Compares the newest records of the reach of each type with the words.
    async fn read_newest(
        &mut self,
        words: &Words,
        most: usize,
        types: &mut [&mut Searched<'_>],
    ) -> Result<(), Error> {
        let dialect = self.tx.dialect();
        let texts: Vec<&str> = words.iter().collect();
        let kind = |one: &&mut Searched<'_>| match one.reach {
            Reach::All | Reach::Nothing => StreamKind::Walk,
            Reach::Owners(owners) if owners.len() == 1 => StreamKind::One,
            Reach::Owners(_) => StreamKind::Merge,
        };
        let kinds: Vec<StreamKind> = types.iter().map(kind).collect();
        let sql = newest_of_types(dialect, &kinds, texts.len());
        let mut values: Vec<Value> = vec![Uuid::max().into(), Uuid::nil().into()];
        values.extend(texts.into_iter().map(Value::from));
        for one in &*types {
            values.push(one.entity.into());
            values.push(i64::try_from(most).unwrap_or(i64::MAX).into());
            match one.reach {
                Reach::All | Reach::Nothing => {}
                Reach::Owners(owners) => match owners.as_slice() {
                    [owner] => values.push((*owner).into()),
                    owners => values.push(dialect.ids(owners.iter().copied())),
                },
            }
        }
        let mut read = vec![0_usize; types.len()];
        let is_ranked = !words.grams().is_empty();
        for row in &self.tx.query(&sql, &values).await? {
            let place = usize::try_from(row.int("place")?).unwrap_or(usize::MAX);
            if let (Some(one), Some(n)) = (types.get_mut(place), read.get_mut(place)) {
                *n += 1;
                if row.bool("is_match")? {
                    one.found.insert(row.id("id")?.into(), is_ranked && row.bool("in_title")?);
                }
            }
        }
        for (one, n) in types.iter_mut().zip(read) {
            one.is_settled |= n < most;
        }
        Ok(())
    }

    /// What was found, with the records.
    async fn matches(
        &mut self,
        search: &TypeSearch<'_>,
        types: &[Searched<'_>],
    ) -> Result<Vec<TypeMatches>, Error> {
        let limit = search.limit.max(1);
        let mut first: Vec<Vec<RecordId>> = types.iter().map(|one| one.first(limit)).collect();
        let pairs = types.iter().zip(&first);
        let pairs: Vec<_> =
            pairs.flat_map(|(one, ids)| ids.iter().map(|id| pair(one.entity, *id))).collect();
        let mut records: HashMap<RecordId, Record> = HashMap::with_capacity(pairs.len());
        if !pairs.is_empty() {
            let sql = rows_of_types(self.tx.dialect());
            let all = query::json(&pairs);
            let (mut rows, is_cut) =
                self.tx.query_within(&sql, &[all], Room::default()).await?;
            if is_cut {
                let entities: Vec<&str> = types.iter().map(|one| one.entity).collect();
                let fitting = self.fitting(&entities, &mut first, &pairs).await?;
                rows = self.tx.query(&sql, &[query::json(&fitting)]).await?;
            }
            for row in rows {
                let record = from_row(&row)?;
                records.insert(record.id, record);
            }
        }
        let mut matches = Vec::new();
        for (one, ids) in types.iter().zip(first) {
            let has_more = one.found.len() > ids.len();
            let is_incomplete = !has_more && !one.is_done(limit + 1);
            if is_incomplete || has_more || !ids.is_empty() {
                matches.push(TypeMatches {
                    entity: one.entity.to_owned(),
                    records: ids.iter().filter_map(|id| records.remove(id)).collect(),
                    has_more,
                    is_incomplete,
                });
            }
        }
        Ok(matches)
    }
}

/// How many candidates of each part of a type are read: few where the newest of them are enough.
fn most_candidates(search: &TypeSearch<'_>, one: &Searched<'_>, types: usize) -> usize {
    let few = search.limit.max(1) + one.spare;
    if one.are_newest && *one.reach == Reach::All {
        return few;
    }
    let bounds = search.bounds;
    (bounds.newest() / (2 * types.max(1))).clamp(few, bounds.candidates().max(few))
}

fn covers(reach: &Reach, owner: Uuid) -> bool {
    match reach {
        Reach::Nothing => false,
        Reach::All => true,
        Reach::Owners(owners) => owners.binary_search(&owner).is_ok(),
    }
}
