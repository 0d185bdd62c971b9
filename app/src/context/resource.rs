//! Record types and owners, as the policy and the store see them.

use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Cell, Filter, MemberIndex, Owners, Resource, Target};
use hallpass_store::record::Reach;

use super::WorkspaceContext;
use crate::error::Error;
use crate::record::part::claims;

impl WorkspaceContext {
    /// Returns the record type with a key, if it is switched on.
    pub(crate) fn record_type(&self, entity: &str) -> Result<Resource, Error> {
        let resource = self.snapshot().record_type(entity);
        let resource = resource.ok_or(Error::Missing { noun: "record type" })?;
        if !self.snapshot().is_on(entity) {
            return Err(Refusal::SwitchedOff { resource: resource.name }.into());
        }
        Ok(resource)
    }

    /// Returns what the policy decides about for records of an owner.
    pub(crate) fn owner_target(&self, owner: Owner) -> Target {
        let Owner::Member(id) = owner else { return Target::Unowned };
        let member = self.model().index(id);
        member.map_or(Target::OwnedByNonMember, Target::OwnedBy)
    }

    /// Whether a member may do an action to a record of an owner. An action that claims is for unowned
    /// records, whatever its grants cover.
    pub(crate) fn decides(&self, member: MemberIndex, cell: Cell, target: Target) -> bool {
        let target = self.actionable(cell, target);
        target.is_some_and(|target| self.policy().decide(member, cell, target))
    }

    /// Lists the members who may do an action to a record of an owner.
    pub(crate) fn who(&self, cell: Cell, target: Target) -> Vec<MemberIndex> {
        let target = self.actionable(cell, target);
        target.into_iter().flat_map(|target| self.policy().who(cell, target)).collect()
    }

    /// Returns the owners to whose records a member may do an action.
    pub(crate) fn actionable_owners(&self, member: MemberIndex, cell: Cell) -> Filter {
        let filter = self.policy().filter(member, cell);
        if !self.is_claim(cell) {
            return filter;
        }
        let unowned = filter.admits(Target::Unowned);
        if unowned {
            Filter::Owners(Owners { members: Vec::new(), unowned })
        } else {
            Filter::Nothing
        }
    }

    /// Returns the target that an action is decided for, or none where it is not for such records.
    pub(crate) fn actionable(&self, cell: Cell, target: Target) -> Option<Target> {
        if !self.is_claim(cell) {
            return Some(target);
        }
        match target {
            Target::Any | Target::Unowned => Some(Target::Unowned),
            Target::OwnedBy(_) | Target::OwnedByNonMember => None,
        }
    }

    fn is_claim(&self, cell: Cell) -> bool {
        let (resource, action) = self.policy().keys(cell);
        let resource = self.policy().resources().iter().find(|known| known.key == resource);
        resource.is_some_and(|resource| claims(resource, action))
    }

    /// Returns the owners that a filter allows, as the store filters by them.
    pub(crate) fn reach(&self, filter: &Filter) -> Reach {
        match filter {
            Filter::Nothing => Reach::Nothing,
            Filter::All => Reach::All,
            Filter::Owners(owners) => {
                let policy = self.policy();
                let members = owners
                    .members
                    .iter()
                    .filter_map(|member| policy.id(*member).parse::<MemberId>().ok())
                    .map(Owner::Member);
                Reach::owners(members.chain(owners.unowned.then_some(Owner::Nobody)))
            }
        }
    }
}
