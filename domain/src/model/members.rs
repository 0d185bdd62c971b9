//! The members of a model, with their handles in the policy and the counts that guards need.
//!
//! **Invariant:** the holders of each role, the billing contacts and the service accounts are those of the
//! members; all follow each change, so that no guard scans the members.

use std::sync::Arc;

use hallpass_engine::{Member, MemberIndex};
use imbl::{OrdMap, OrdSet};

use crate::id::MemberId;

/// Some members. A clone shares what neither changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    by_id: OrdMap<MemberId, (MemberIndex, Arc<Member>)>,
    by_role: OrdMap<Arc<str>, Holders>,
    contacts: OrdSet<MemberId>,
    services: OrdSet<MemberId>,
}

/// The holders of one role; a role without holders has no entry.
#[derive(Clone, Debug, Default)]
struct Holders {
    members: OrdSet<MemberId>,
    active: usize,
}

impl Members {
    pub(super) fn find(&self, id: MemberId) -> Option<(MemberIndex, &Member)> {
        self.by_id.get(&id).map(|(index, member)| (*index, &**member))
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Member> {
        self.by_id.values().map(|(_, member)| &**member)
    }

    /// The handles of all members.
    pub(super) fn indexes(&self) -> impl Iterator<Item = MemberIndex> {
        self.by_id.values().map(|(index, _)| *index)
    }

    /// Adds or replaces a member.
    pub(super) fn insert(&mut self, id: MemberId, index: MemberIndex, member: Member) {
        self.remove(id);
        let holders = self.by_role.entry(member.role.as_str().into()).or_default();
        holders.members.insert(id);
        holders.active += usize::from(member.is_active);
        if member.is_billing_contact {
            self.contacts.insert(id);
        }
        if member.is_service {
            self.services.insert(id);
        }
        self.by_id.insert(id, (index, Arc::new(member)));
    }

    pub(super) fn remove(&mut self, id: MemberId) {
        let Some((_, member)) = self.by_id.remove(&id) else { return };
        self.contacts.remove(&id);
        self.services.remove(&id);
        let Some(holders) = self.by_role.get_mut(member.role.as_str()) else { return };
        holders.members.remove(&id);
        holders.active -= usize::from(member.is_active);
        if holders.members.is_empty() {
            self.by_role.remove(member.role.as_str());
        }
    }

    /// The holders of a role, active or not, by id.
    pub(super) fn holders(&self, role: &str) -> impl Iterator<Item = (MemberId, &Member)> {
        let found = self.by_role.get(role).map(|holders| &holders.members);
        let ids = found.into_iter().flat_map(OrdSet::iter).copied();
        ids.filter_map(|id| Some((id, self.find(id)?.1)))
    }

    pub(super) fn count(&self, role: &str) -> usize {
        self.by_role.get(role).map_or(0, |holders| holders.members.len())
    }

    pub(super) fn count_active(&self, role: &str) -> usize {
        self.by_role.get(role).map_or(0, |holders| holders.active)
    }

    /// The service accounts, by id.
    pub(super) fn services(&self) -> impl Iterator<Item = (MemberId, &Member)> {
        self.services.iter().filter_map(|id| Some((*id, self.find(*id)?.1)))
    }

    /// The billing contacts; a workspace has one at most, a change that is refused may have two.
    pub(super) fn contacts(&self) -> impl Iterator<Item = MemberId> {
        self.contacts.iter().copied()
    }
}
