//! What members reach: how many records of each type they may read.

use std::collections::HashMap;

use hallpass_domain::id::MemberId;
use hallpass_engine::{Filter, Resource};
use hallpass_store::record::Reach;

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
        let mut counted: HashMap<(String, Reach), i64> = HashMap::new();
        let mut found = HashMap::new();
        for member in members.iter().filter(|_| !types.is_empty()) {
            let Some(index) = ctx.model().index(*member) else { continue };
            let mut reached = ReachedRecords { types: Vec::new(), is_everything: true };
            for resource in &types {
                let cell = ctx.policy().cell(&resource.key, reading(resource));
                let filter =
                    cell.map_or(Filter::Nothing, |cell| ctx.policy().filter(index, cell));
                reached.is_everything &= filter == Filter::All;
                let key = (resource.key.clone(), ctx.reach(&filter));
                let count = match counted.get(&key) {
                    Some(count) => *count,
                    None => {
                        let count = ctx.read(&pass)?.records().total(&key.0, &key.1).await?;
                        counted.insert(key, count);
                        count
                    }
                };
                if count > 0 {
                    reached.types.push((resource.clone(), count));
                }
            }
            found.insert(*member, reached);
        }
        Ok(found)
    }
}
