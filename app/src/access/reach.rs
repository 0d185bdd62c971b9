//! What members reach: how many records of each type they may read.

use std::collections::HashMap;

use hallpass_domain::id::MemberId;
use hallpass_engine::{Filter, Resource};

use super::Access;
use crate::boxed;
use crate::error::Error;
use crate::gate::permission::ReadMembers;
use crate::record::part::reading;

/// The records that a member may read, of the types of which the caller may read every record.
#[derive(Clone, Debug, Default)]
pub struct ReachedRecords {
    /// The types of which the member reads some, each with their number.
    pub types: Vec<(Resource, i64)>,
    /// Whether nothing of these types is hidden from the member.
    pub is_everything: bool,
}

impl Access<'_> {
    /// Counts the records that some members may read, by type. Types of which the caller may not read every record
    /// are left out: a number would tell what they do not see. None where there is no type to count.
    #[boxed]
    pub async fn reached_records(
        &mut self,
        members: &[MemberId],
    ) -> Result<HashMap<MemberId, ReachedRecords>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadMembers).await?;
        let mut types = ctx.visible_types();
        types.retain(|resource| ctx.reads_all_records(&resource.key));
        if types.is_empty() {
            return Ok(HashMap::new());
        }
        let mut filters = Vec::with_capacity(members.len() * types.len());
        let known: Vec<MemberId> =
            members.iter().copied().filter(|id| ctx.model().index(*id).is_some()).collect();
        for index in known.iter().filter_map(|id| ctx.model().index(*id)) {
            for resource in &types {
                let cell = ctx.policy().cell(&resource.key, reading(resource));
                let filter =
                    cell.map_or(Filter::Nothing, |cell| ctx.policy().filter(index, cell));
                filters
                    .push((filter == Filter::All, (resource.key.clone(), ctx.reach(&filter))));
            }
        }
        let (are_whole, reaches): (Vec<bool>, Vec<_>) = filters.into_iter().unzip();
        let counts = ctx.read(&pass)?.records().totals(&reaches).await?;
        let each = counts.chunks(types.len()).zip(are_whole.chunks(types.len()));
        let found = known.into_iter().zip(each).map(|(member, (counts, are_whole))| {
            let counted = types.iter().cloned().zip(counts.iter().copied());
            let types = counted.filter(|(_, count)| *count > 0).collect();
            let is_everything = are_whole.iter().all(|is_whole| *is_whole);
            (member, ReachedRecords { types, is_everything })
        });
        Ok(found.collect())
    }
}
