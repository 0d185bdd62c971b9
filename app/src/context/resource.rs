//! Record types and owners, as the policy and the store see them.

use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{
    Cell, Filter, MemberIndex, Owners, Policy, Resource, ResourceKind, Target,
};
use hallpass_store::record::Reach;

use super::WorkspaceContext;
use crate::error::Error;
use crate::record::part::{assigning, claims};

/// A part that an action plays in the product, with rules beyond the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Claims,
    Creates,
}

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

    /// Whether a member may do an action to a record of an owner: what the policy decides, for each of the
    /// [`questions`](WorkspaceContext::questions).
    pub(crate) fn decides(&self, member: MemberIndex, cell: Cell, target: Target) -> bool {
        let questions = self.questions(member, cell, target);
        !questions.is_empty()
            && questions
                .iter()
                .all(|(cell, target)| self.policy().decide(member, *cell, *target))
    }

    /// Lists the members who may do an action to a record of an owner.
    pub(crate) fn who(&self, cell: Cell, target: Target) -> Vec<MemberIndex> {
        let members = self.policy().members();
        members.filter(|member| self.decides(*member, cell, target)).collect()
    }

    /// Returns the owners to whose records a member may do an action.
    pub(crate) fn actionable_owners(&self, member: MemberIndex, cell: Cell) -> Filter {
        let filter = self.policy().filter(member, cell);
        let only = |members: Vec<MemberIndex>, unowned: bool| {
            filter.clone().intersect(Filter::Owners(Owners { members, unowned }))
        };
        match self.part(cell) {
            Some((_, Part::Claims)) if filter.admits(Target::Unowned) => only(Vec::new(), true),
            Some((_, Part::Claims)) => Filter::Nothing,
            Some((resource, Part::Creates)) if !self.may_assign(member, resource) => {
                only(vec![member], false)
            }
            Some((_, Part::Creates)) | None => filter,
        }
    }

    /// Returns what the policy has to allow for an action, apart from the rules for its arguments.
    /// Claiming is for unowned records, whatever the grants cover; nothing allows it for others. Where
    /// assigning is an action of its own, a new record of another owner takes it.
    pub(crate) fn questions(
        &self,
        member: MemberIndex,
        cell: Cell,
        target: Target,
    ) -> Vec<(Cell, Target)> {
        match (self.part(cell), target) {
            (Some((_, Part::Claims)), Target::Any | Target::Unowned) => {
                vec![(cell, Target::Unowned)]
            }
            (Some((_, Part::Claims)), Target::OwnedBy(_) | Target::OwnedByNonMember) => {
                Vec::new()
            }
            (Some((resource, Part::Creates)), target)
                if target != Target::Any && target != Target::OwnedBy(member) =>
            {
                let action = assigning(resource);
                let assigns = action.and_then(|key| self.policy().cell(&resource.key, key));
                let own = assigns.map(|assigns| (assigns, Target::OwnedBy(member)));
                std::iter::once((cell, target)).chain(own).collect()
            }
            (Some((_, Part::Creates)) | None, _) => vec![(cell, target)],
        }
    }

    fn may_assign(&self, member: MemberIndex, resource: &Resource) -> bool {
        let Some(action) = assigning(resource) else { return true };
        let cell = self.policy().cell(&resource.key, action);
        cell.is_some_and(|cell| self.policy().decide(member, cell, Target::OwnedBy(member)))
    }

    /// Returns the part that an action plays, if the policy alone does not decide about it.
    fn part(&self, cell: Cell) -> Option<(&Resource, Part)> {
        let (resource, action) = self.policy().keys(cell);
        let resource = self.policy().resources().iter().find(|known| known.key == resource)?;
        if resource.kind != ResourceKind::Records {
            return None;
        }
        let part = if claims(resource, action) {
            Part::Claims
        } else if resource.key_of(resource.create) == Some(action) {
            Part::Creates
        } else {
            return None;
        };
        Some((resource, part))
    }

    /// Returns the owners that a filter allows, as the store filters by them.
    pub(crate) fn reach(&self, filter: &Filter) -> Reach {
        reach(self.policy(), filter)
    }
}

/// The owners that a filter of a policy admits, as the store knows them.
pub(crate) fn reach(policy: &Policy, filter: &Filter) -> Reach {
    match filter {
        Filter::Nothing => Reach::Nothing,
        Filter::All => Reach::All,
        Filter::Owners(owners) => {
            let members = owners.members.iter();
            let members = members
                .filter_map(|member| policy.id(*member).parse::<MemberId>().ok())
                .map(Owner::Member);
            Reach::owners(members.chain(owners.unowned.then_some(Owner::Unowned)))
        }
    }
}
