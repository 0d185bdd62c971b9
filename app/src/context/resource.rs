//! Record types and owners, as the policy and the store see them.

use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Filter, Resource, Target};
use hallpass_store::record::Reach;

use super::WorkspaceContext;
use crate::error::Error;

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

/// Returns the action that reads a record type, by key.
pub(crate) fn reading(resource: &Resource) -> &str {
    let action = resource.read.and_then(|index| resource.actions.get(index));
    action.map_or("read", |action| action.key.as_str())
}
