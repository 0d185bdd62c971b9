//! The dashboard: figures over exactly what the visitor may see.
//!
//! **Invariant:** a figure counts a record only if the visitor may read it, and the right to the
//! figures reaches its owner too: the same predicate that makes the list, and one more.

use std::collections::HashMap;

use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Filter, Resource, ResourceKind};
pub use hallpass_store::record::{GroupBy, GroupKey, GroupSum};

use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::permission::{AnyMember, ReadDashboard};
use crate::gate::{Pass, Permission};
use crate::record::reading;

/// The figures of one record type.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The record type, with the stages that the workspace gave it.
    pub resource: Resource,
    /// All of them together.
    pub total: Total,
    /// By stage: those of the record type in their order, then whatever else there is.
    pub stages: Vec<GroupSum>,
    /// By owner.
    pub owners: Vec<GroupSum>,
    /// By the month in which they were made.
    pub months: Vec<GroupSum>,
}

/// Some records together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// How many.
    pub n: i64,
    /// How many of them still need work.
    pub open: i64,
    /// Their money, in hundredths.
    pub amount: i64,
}

impl Total {
    /// Some groups together.
    #[must_use]
    pub fn of(sums: &[GroupSum]) -> Total {
        sums.iter().fold(Total::default(), |total, sum| Total {
            n: total.n + sum.n,
            open: total.open + sum.open,
            amount: total.amount.saturating_add(sum.amount),
        })
    }
}

impl WorkspaceContext {
    /// The figures of every record type that the visitor may see.
    ///
    /// # Errors
    ///
    /// `Denied`; `SwitchedOff` where the dashboard is.
    pub async fn dashboard(&mut self) -> Result<Vec<Figures>, Error> {
        let pass = self.check_figures(ReadDashboard).await?;
        let mut all = Vec::new();
        for resource in self.visible_types() {
            let seen = self.seen(&resource).intersect(pass.filter().clone());
            let stages = self.sums(&pass, &resource, &seen, GroupBy::Stage).await?;
            all.push(Figures {
                total: Total::of(&stages),
                owners: self.sums(&pass, &resource, &seen, GroupBy::Owner).await?,
                months: self.sums(&pass, &resource, &seen, GroupBy::Month).await?,
                // Without stages there is nothing to tell apart.
                stages: if resource.stages.is_empty() { Vec::new() } else { stages },
                resource,
            });
        }
        Ok(all)
    }

    /// Asks for figures; the filter of the pass tells the owners whom they may be about.
    pub(crate) async fn check_figures<D: Permission>(
        &mut self,
        permission: D,
    ) -> Result<Pass<D>, Error> {
        let area = permission
            .area()
            .and_then(|(area, verb)| self.model().blueprint().area(area, verb));
        if let Some((key, _)) = area.filter(|(key, _)| !self.snapshot().is_on(key)) {
            let named = self.model().blueprint().resource(key);
            let resource = named.map_or_else(|| key.to_owned(), |named| named.name.clone());
            return Err(Refusal::SwitchedOff { resource }.into());
        }
        self.check(permission).await
    }

    /// The record types that are switched on and of which the visitor may read anything at all.
    pub(crate) fn visible_types(&self) -> Vec<Resource> {
        let snapshot = self.snapshot();
        let known = self.policy().resources().iter();
        let on =
            known.filter(|one| one.kind == ResourceKind::Records && snapshot.is_on(&one.key));
        let seen = on.filter(|resource| self.seen(resource) != Filter::Nothing);
        seen.filter_map(|resource| snapshot.record_type(&resource.key)).collect()
    }

    /// The owners whose records of a type the visitor may read: what its lists are made with.
    pub(crate) fn seen(&self, resource: &Resource) -> Filter {
        match self.actor {
            Actor::Operator => Filter::All,
            Actor::Outside(_) => Filter::Nothing,
            Actor::Member { .. } => {
                let cell = self.policy().cell(&resource.key, reading(resource));
                let pair = self.member_index().zip(cell);
                pair.map_or(Filter::Nothing, |(me, cell)| self.policy().filter(me, cell))
            }
        }
    }

    /// The records of some owners in groups.
    pub(crate) async fn sums(
        &mut self,
        pass: &Pass<impl Permission>,
        resource: &Resource,
        owners: &Filter,
        by: GroupBy,
    ) -> Result<Vec<GroupSum>, Error> {
        let reach = self.reach(owners);
        let sums = self.tx(pass)?.records().summary(&resource.key, &reach, by).await?;
        Ok(match by {
            GroupBy::Stage => in_order(resource, sums),
            GroupBy::Owner | GroupBy::Month => sums,
        })
    }

    /// The names of the owners in some groups, removed members too.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn owner_names<'s>(
        &mut self,
        sums: impl IntoIterator<Item = &'s GroupSum>,
    ) -> Result<HashMap<MemberId, String>, Error> {
        let owner = |sum: &GroupSum| match sum.group {
            GroupKey::Owner(Owner::Member(id)) => Some(id),
            GroupKey::Owner(Owner::Nobody) | GroupKey::Stage(_) | GroupKey::Month(_) => None,
        };
        let mut ids: Vec<MemberId> = sums.into_iter().filter_map(owner).collect();
        ids.sort_unstable();
        ids.dedup();
        let pass = self.check(AnyMember).await?;
        Ok(self.tx(&pass)?.members().names(&ids).await?)
    }
}

/// The groups of a pipeline: every stage, also an empty one, then what stands in none of them.
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
