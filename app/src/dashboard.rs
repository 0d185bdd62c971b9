//! The dashboard: figures over the records that the member may read.
//!
//! **Invariant:** a figure counts a record only if the member may read it, by the predicate of the lists,
//! and the permission for figures reaches its owner too.

use std::collections::HashMap;

use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Filter, Resource};
pub use hallpass_store::record::{GroupBy, GroupKey, GroupSum};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{AnyMember, ReadDashboard};
use crate::gate::{Pass, Permission, covering};

/// The figures of one record type.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The record type, with the stages that the workspace gave it.
    pub resource: Resource,
    /// The total.
    pub total: Total,
    /// By stage: those of the record type in their order, then any other.
    pub stages: Vec<GroupSum>,
    /// By owner.
    pub owners: Vec<GroupSum>,
    /// By the month of creation.
    pub months: Vec<GroupSum>,
}

/// The figures of a group of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// How many.
    pub n: i64,
    /// How many of them still need work.
    pub open: i64,
    /// Their amount of money, in hundredths.
    pub amount: i64,
}

impl Total {
    /// Adds groups up.
    #[must_use]
    pub fn of(sums: &[GroupSum]) -> Total {
        sums.iter().fold(Total::default(), |total, sum| Total {
            n: total.n + sum.n,
            open: total.open + sum.open,
            amount: total.amount.saturating_add(sum.amount),
        })
    }
}

/// The dashboard of a workspace.
pub struct Dashboard<'c>(pub(crate) &'c mut WorkspaceContext);

impl Dashboard<'_> {
    /// Returns the figures of every record type that the member may read. `SwitchedOff` where the
    /// dashboard is.
    #[boxed]
    pub async fn load(&mut self) -> Result<Vec<Figures>, Error> {
        let pass = self.check(ReadDashboard).await?;
        let mut all = Vec::new();
        for resource in self.0.visible_types() {
            let owners = self.0.readable_owners(&resource).intersect(pass.filter().clone());
            let stages = self.sums(&pass, &resource, &owners, GroupBy::Stage).await?;
            all.push(Figures {
                total: Total::of(&stages),
                owners: self.sums(&pass, &resource, &owners, GroupBy::Owner).await?,
                months: self.sums(&pass, &resource, &owners, GroupBy::Month).await?,
                stages: if resource.stages.is_empty() { Vec::new() } else { stages },
                resource,
            });
        }
        Ok(all)
    }

    /// Returns the names of the owners in some groups; they may have been removed.
    #[boxed]
    pub async fn owner_names(
        &mut self,
        groups: Vec<&GroupSum>,
    ) -> Result<HashMap<MemberId, String>, Error> {
        let owner = |sum: &GroupSum| match sum.group {
            GroupKey::Owner(Owner::Member(id)) => Some(id),
            GroupKey::Owner(Owner::Unowned) | GroupKey::Stage(_) | GroupKey::Month(_) => None,
        };
        let mut ids: Vec<MemberId> = groups.into_iter().filter_map(owner).collect();
        ids.sort_unstable();
        ids.dedup();
        let pass = self.0.check(AnyMember).await?;
        Ok(self.0.read(&pass)?.members().names(&ids).await?)
    }

    /// Asks for a pass for figures; its filter bounds the owners whom they may be about.
    pub(crate) async fn check<D: Permission>(
        &mut self,
        permission: D,
    ) -> Result<Pass<D>, Error> {
        let ctx = &mut *self.0;
        let blueprint = ctx.model().blueprint();
        let covered = covering(blueprint, permission.question());
        if let Some((key, _)) = covered.filter(|(key, _)| !ctx.snapshot().is_on(key)) {
            let resource = blueprint.resource(key);
            let resource = resource.map_or_else(|| key.to_owned(), |known| known.name.clone());
            return Err(Refusal::SwitchedOff { resource }.into());
        }
        ctx.check(permission).await
    }

    /// Sums up the records of some owners, in groups.
    pub(crate) async fn sums(
        &mut self,
        pass: &Pass<impl Permission>,
        resource: &Resource,
        owners: &Filter,
        by: GroupBy,
    ) -> Result<Vec<GroupSum>, Error> {
        let (reach, months) = (self.0.reach(owners), self.0.months());
        let mut records = self.0.read(pass)?.records();
        let sums = records.summary(&resource.key, &reach, by, &months).await?;
        Ok(match by {
            GroupBy::Stage => in_order(resource, sums),
            GroupBy::Owner | GroupBy::Month => sums,
        })
    }
}

/// Orders the groups of a pipeline: every stage, even an empty one, then records in no known stage.
fn in_order(resource: &Resource, sums: Vec<GroupSum>) -> Vec<GroupSum> {
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
