//! Search: finds records of every type by a text, within what the member may read.

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::record::Record;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::text::is_visible;
use hallpass_engine::Resource;
use hallpass_store::record::{
    CountMode, ListBounds, ListQuery, Narrowing, Reach, SortOrder, Total, TypeSearch,
};
use tracing::info;

use crate::app::App;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::AnyMember;
use crate::record::{LONGEST_SEARCH, RecordDetails, details, look_up_people};

/// The most records of one type.
pub const MOST_FOUND: usize = 10;

/// What was found of one record type.
#[derive(Clone, Debug)]
pub struct Found {
    /// The record type.
    pub resource: Resource,
    /// The first records that contain the words: those with all of them in the title, then the newest.
    pub records: Vec<RecordDetails>,
    /// Whether there are more for sure.
    pub has_more: bool,
    /// How many there are, where they are counted.
    pub total: Total,
    /// Whether records may be missing: comparing all would take too long, or the index is not complete.
    pub is_incomplete: bool,
}

/// The records that one statement's transaction indexes, so that others write in between.
const BATCH: i64 = 500;

/// The batches of a slice.
const BATCHES: usize = 20;

/// The index of search.
pub struct SearchIndex<'a>(pub(crate) &'a App);

impl SearchIndex<'_> {
    /// Indexes a slice of the records of an earlier version, and returns how many.
    #[boxed]
    pub async fn fill(&self) -> Result<u64, Error> {
        let mut indexed = 0;
        for _ in 0..BATCHES {
            let mut tx = self.0.db().write().await?;
            let Some(batch) = tx.index_pending(BATCH).await? else { break };
            tx.commit().await?;
            indexed += batch.indexed;
            if batch.is_done {
                let (workspace, entity) = (WorkspaceId(batch.workspace), &batch.entity);
                info!(workspace.id = %workspace, entity, "indexed the {entity} of {workspace} for search");
            }
        }
        Ok(indexed)
    }

    /// Whether it has every record. Until it does, searches say that they are incomplete.
    #[boxed]
    pub async fn is_complete(&self) -> Result<bool, Error> {
        Ok(self.0.db().read().await?.count_pending().await? == 0)
    }
}

/// Search in a workspace.
pub struct Search<'c>(pub(crate) &'c mut WorkspaceContext);

impl Search<'_> {
    /// Finds the records of each type that contain each word of a text, in the title or in a field. Types
    /// without a match are left out. A record that the member's lists hide is not found.
    ///
    /// # Errors
    ///
    /// `Refused` with `Fields` when the text is empty or longer than 200 characters.
    #[boxed]
    pub async fn find(&mut self, text: &str, total: CountMode) -> Result<Vec<Found>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        if !is_visible(text) || text.chars().count() > LONGEST_SEARCH {
            let detail = format!("search for 1 to {LONGEST_SEARCH} characters");
            return Err(Refusal::field("/q", "bad_text", detail).into());
        }
        let resources = ctx.visible_types();
        let types: Vec<_> = resources
            .iter()
            .map(|one| (one.key.clone(), ctx.reach(&ctx.readable_owners(one))))
            .collect();
        let (limit, bounds) = (MOST_FOUND, ListBounds::default());
        let search = TypeSearch { types: &types, text, limit, bounds };
        let matches = ctx.read(&pass)?.records().search_types(&search).await?;
        // One look-up for the names of all types.
        let records: Vec<Record> =
            matches.iter().flat_map(|one| one.records.iter().cloned()).collect();
        look_up_people(ctx, &pass, &records).await?;
        let mut found = Vec::with_capacity(matches.len());
        for one in matches {
            let Some(resource) = resources.iter().find(|known| known.key == one.entity) else {
                continue;
            };
            let n = i64::try_from(one.records.len()).unwrap_or(i64::MAX);
            let total = if one.has_more || one.is_incomplete {
                let reach = types.iter().find(|(entity, _)| *entity == one.entity);
                let reach = reach.map_or(Reach::Nothing, |(_, reach)| reach.clone());
                let query = ListQuery {
                    entity: one.entity,
                    reach,
                    owner: None,
                    stage: None,
                    text: Some(text.to_owned()),
                    order: SortOrder::Rank,
                    after: None,
                    limit: 1,
                    total,
                    bounds: ListBounds::default(),
                    narrowing: Narrowing::default(),
                    sorting: None,
                };
                match total {
                    CountMode::Skipped => Total::Unknown,
                    CountMode::Counted => ctx.read(&pass)?.records().list(&query).await?.total,
                }
            } else {
                Total::Exact(n)
            };
            let records = one.records.into_iter();
            found.push(Found {
                has_more: one.has_more,
                total,
                is_incomplete: one.is_incomplete,
                records: records.map(|record| details(ctx, resource, record)).collect(),
                resource: resource.clone(),
            });
        }
        Ok(found)
    }
}
