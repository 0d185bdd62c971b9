//! Where the records of a filtered list come from: its reach in order, or the index of search.

use hallpass_domain::id::RecordId;
use uuid::Uuid;

use super::query::{RecordPosition, SortOrder};
use super::records::Records;
use super::source::Source;
use crate::dialect::search::{CandidateSearch, SearchedPart};
use crate::error::Error;
use crate::value::Value;

/// Records that may match, some at a time.
pub(super) enum Stream {
    /// Those of the reach.
    Reach(Source),
    /// Those of the index.
    Index(IndexStream),
}

/// The records of the index that may have some words, by their numbers. Only SQLite has their order.
pub(super) struct IndexStream {
    part: SearchedPart,
    /// What is looked up.
    words: Value,
    order: SortOrder,
    /// The numbers that are left, without the ends.
    ends: (i64, i64),
    /// The owners whose records are visible; `None` for all.
    owners: Option<Vec<Uuid>>,
    position: RecordId,
}

/// Some records of a stream.
pub(super) struct Batch {
    pub(super) positions: Vec<RecordPosition>,
    pub(super) has_ended: bool,
}

impl Stream {
    pub(super) async fn next<A>(
        &mut self,
        records: &mut Records<'_, A>,
        wanted: usize,
    ) -> Result<Batch, Error> {
        match self {
            Stream::Reach(source) => {
                let positions = source.next(records, wanted).await?;
                let has_ended = positions.len() < wanted;
                Ok(Batch { positions, has_ended })
            }
            Stream::Index(index) => index.next(records, wanted).await,
        }
    }

    /// The last position that was passed.
    pub(super) fn position(&self) -> RecordPosition {
        match self {
            Stream::Reach(source) => source.position(),
            Stream::Index(index) => RecordPosition { key: String::new(), id: index.position },
        }
    }
}

impl IndexStream {
    /// The stream behind a record, or from the first one on.
    pub(super) async fn new<A>(
        records: &mut Records<'_, A>,
        entity: &str,
        (part, words, order): (SearchedPart, Value, SortOrder),
        (ends, owners): ((i64, i64), Option<Vec<Uuid>>),
        after: Option<RecordId>,
    ) -> Result<IndexStream, Error> {
        let (mut low, mut high) = ends;
        if let Some(after) = after {
            // The record may be deleted: the stream goes on with the one behind it.
            let (comparison, direction) =
                if order == SortOrder::Oldest { (">", "ASC") } else { ("<", "DESC") };
            let sql = format!(
                "SELECT doc FROM records WHERE workspace_id = ?1 AND entity = ?2 \
                 AND id {comparison} ?3 AND doc IS NOT NULL ORDER BY id {direction} LIMIT 1"
            );
            let found = records.tx.find(&sql, &[entity.into(), after.into()]).await?;
            let next = found.map(|row| row.int("doc")).transpose()?;
            match (order, next) {
                (SortOrder::Oldest, next) => low = next.map_or(high, |next| next - 1),
                (_, next) => high = next.map_or(low, |next| next + 1),
            }
        }
        Ok(IndexStream {
            part,
            words,
            order,
            ends: (low, high),
            owners,
            position: after.unwrap_or(RecordId(Uuid::nil())),
        })
    }

    async fn next<A>(
        &mut self,
        records: &mut Records<'_, A>,
        wanted: usize,
    ) -> Result<Batch, Error> {
        let direction = if self.order == SortOrder::Oldest { "ASC" } else { "DESC" };
        let offset = self.part.offset();
        let (low, high) = self.ends;
        let limit = i64::try_from(wanted).unwrap_or(i64::MAX);
        let dialect = records.tx.dialect();
        let search = CandidateSearch::alone(dialect, self.part, 1, direction);
        let sql = dialect.candidates(&search);
        let values = [
            self.words.clone(),
            (low + 1 + offset).into(),
            (high - 1 + offset).into(),
            limit.into(),
        ];
        let rows = records.tx.query(&sql, &values).await?;
        let mut positions = Vec::with_capacity(rows.len());
        for row in &rows {
            let (doc, owner) = (row.int("doc")?, row.id("owner_id")?);
            self.position = row.id("id")?.into();
            self.ends = if self.order == SortOrder::Oldest { (doc, high) } else { (low, doc) };
            let is_visible =
                self.owners.as_ref().is_none_or(|all| all.binary_search(&owner).is_ok());
            if is_visible {
                positions.push(RecordPosition { key: String::new(), id: self.position });
            }
        }
        Ok(Batch { positions, has_ended: rows.len() < wanted })
    }
}
