//! What the acting member may read of record types.

use hallpass_engine::{Filter, Resource, ResourceKind};

use super::{Actor, WorkspaceContext};
use crate::record::part::reading;

impl WorkspaceContext {
    /// Lists the record types that are switched on and of which the member may read any records.
    pub(crate) fn visible_types(&self) -> Vec<Resource> {
        let snapshot = self.snapshot();
        let known = self.policy().resources().iter();
        let on =
            known.filter(|one| one.kind == ResourceKind::Records && snapshot.is_on(&one.key));
        let visible = on.filter(|resource| self.readable_owners(resource) != Filter::Nothing);
        visible.filter_map(|resource| snapshot.record_type(&resource.key)).collect()
    }

    /// Returns the owners whose records of a type the member may read: the filter of its lists.
    pub(crate) fn readable_owners(&self, resource: &Resource) -> Filter {
        match self.actor {
            Actor::Operator => Filter::All,
            Actor::Outside(_) => Filter::Nothing,
            Actor::Member { .. } => {
                let cell = self.policy().cell(&resource.key, reading(resource));
                let pair = self.member_index().zip(cell);
                pair.map_or(Filter::Nothing, |(member, cell)| {
                    self.policy().filter(member, cell)
                })
            }
        }
    }
}
