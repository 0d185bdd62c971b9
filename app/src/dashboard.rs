//! The dashboard: figures over the records that the member may read.
//!
//! **Invariant:** a figure counts a record only if the member may read it, by the predicate of the lists,
//! and the permission for figures reaches its owner too.

use std::collections::HashMap;

use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Resource;
pub use hallpass_store::record::{GroupBy, GroupKey, GroupSum, RecordTotal as Total};
use hallpass_store::record::{Reach, RecordFigures};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{AnyMember, ReadDashboard};
use crate::gate::{Pass, Permission, covering};
use crate::record::sum::in_order;

/// The figures of one record type.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The record type, with the stages that the workspace gave it.
    pub resource: Resource,
    /// The total.
    pub total: Total,
    /// By stage: those of the record type in their order, then any other.
    pub stages: Vec<GroupSum>,
    /// The owners with the most records, then the others as one group.
    pub owners: Vec<GroupSum>,
    /// By the month of creation.
    pub months: Vec<GroupSum>,
}

/// The dashboard of a workspace.
pub struct Dashboard<'c>(pub(crate) &'c mut WorkspaceContext);

impl Dashboard<'_> {
    /// Returns the figures of every record type that the member may read. `SwitchedOff` where the
    /// dashboard is.
    #[boxed]
    pub async fn load(&mut self) -> Result<Vec<Figures>, Error> {
        let pass = self.check(ReadDashboard).await?;
        let types = self.0.visible_types();
        let by = [GroupBy::Stage, GroupBy::Owner, GroupBy::Month];
        let all = self.sums(&pass, &types, &by).await?;
        let figures = types.into_iter().zip(all);
        Ok(figures
            .map(|(resource, figures)| Figures {
                total: figures.total,
                owners: figures.owners,
                months: figures.months,
                stages: if resource.stages.is_empty() { Vec::new() } else { figures.stages },
                resource,
            })
            .collect())
    }

    /// Returns the names of the owners in some groups; they may have been removed.
    #[boxed]
    pub async fn owner_names(
        &mut self,
        groups: Vec<&GroupSum>,
    ) -> Result<HashMap<MemberId, String>, Error> {
        let owner = |sum: &GroupSum| match sum.group {
            GroupKey::Owner(Owner::Member(id)) => Some(id),
            GroupKey::Owner(Owner::Unowned)
            | GroupKey::OtherOwners(_)
            | GroupKey::Stage(_)
            | GroupKey::Month(_) => None,
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
        if let Some(resource) = self.switched_off(&permission) {
            return Err(Refusal::SwitchedOff { resource }.into());
        }
        self.0.check(permission).await
    }

    /// Returns the name of what covers a permission, where that is switched off.
    pub(crate) fn switched_off(&self, permission: &impl Permission) -> Option<String> {
        let blueprint = self.0.model().blueprint();
        let (key, _) = covering(blueprint, permission.question())?;
        if self.0.snapshot().is_on(key) {
            return None;
        }
        let resource = blueprint.resource(key);
        Some(resource.map_or_else(|| key.to_owned(), |known| known.name.clone()))
    }

    /// Returns the figures of record types: of the records that the member may read, and that the pass covers.
    pub(crate) async fn sums(
        &mut self,
        pass: &Pass<impl Permission>,
        types: &[Resource],
        by: &[GroupBy],
    ) -> Result<Vec<RecordFigures>, Error> {
        let of: Vec<(String, Reach)> = types
            .iter()
            .map(|resource| {
                let owners = self.0.readable_owners(resource).intersect(pass.filter().clone());
                (resource.key.clone(), self.0.reach(&owners))
            })
            .collect();
        let months = self.0.months();
        let mut all = self.0.read(pass)?.records().figures(&of, by, &months).await?;
        for (resource, figures) in types.iter().zip(&mut all) {
            figures.stages = in_order(resource, std::mem::take(&mut figures.stages));
        }
        Ok(all)
    }
}
