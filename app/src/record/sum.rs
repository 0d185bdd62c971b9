//! What the records of a type come to, by stage.

use hallpass_engine::Resource;
use hallpass_store::record::{GroupBy, GroupKey, GroupSum};

use super::part::reading;
use super::{Records, check_known_owner};
use crate::boxed;
use crate::error::Error;
use crate::gate::permission::RecordPermission;
use crate::naming::{self, OwnerRef};

impl Records<'_> {
    /// Returns how many records of a type the caller may read in each stage, and what they come to; of one owner
    /// where one is given. The stages are in their order, even empty ones, then come records in no known stage.
    #[boxed]
    pub async fn stage_sums(
        &mut self,
        entity: &str,
        owner: Option<OwnerRef>,
    ) -> Result<Vec<GroupSum>, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let pass = ctx.check(RecordPermission::new(entity, reading(&resource))).await?;
        let owner = owner.map(|owner| naming::owner(ctx, owner));
        check_known_owner(ctx, &pass, owner).await?;
        let of = [(entity.to_owned(), ctx.reach(pass.filter()).narrowed(owner))];
        let read = ctx.read(&pass)?;
        let all = read.records().figures(&of, &[GroupBy::Stage], &Vec::new()).await?;
        let sums = all.into_iter().next().unwrap_or_default();
        Ok(in_order(&resource, sums.stages))
    }
}

/// Orders the groups of a pipeline: every stage, even an empty one, then records in no known stage.
pub(crate) fn in_order(resource: &Resource, sums: Vec<GroupSum>) -> Vec<GroupSum> {
    let mut rest = sums;
    let mut ordered = Vec::new();
    for stage in &resource.stages {
        let group = GroupKey::Stage(Some(stage.key.clone()));
        let found = rest.iter().position(|sum| sum.group == group);
        ordered.push(match found {
            Some(place) => rest.remove(place),
            None => GroupSum { group, n: 0, open: 0, amount: 0 },
        });
    }
    ordered.append(&mut rest);
    ordered
}
