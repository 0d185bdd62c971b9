//! What the acting member may read: the one rule for figures and for names.
//!
//! **Invariant:** a figure counts, and a text names, only what the member may read.

use std::collections::{BTreeMap, HashSet};

use hallpass_domain::audit::members_in;
use hallpass_domain::id::MemberId;
use hallpass_domain::model::comparison::MemberDifference;
use hallpass_domain::record::Owner;
use hallpass_engine::{Action, Filter, Resource, ResourceKind, Target};
use serde_json::Value;

use super::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::permission::ReadMembers;
use crate::gate::{Pass, Permission};
use crate::record::part::reading;

/// The noun of members, in the singular and the plural.
pub(crate) const MEMBERS: (&str, &str) = ("member", "members");

/// Describes a number of things in a refusal: exactly for a caller who may read them.
pub(crate) fn visible_count(may_read: bool, count: usize, (one, many): (&str, &str)) -> String {
    match count {
        _ if !may_read => many.to_owned(),
        1 => format!("one {one}"),
        count => format!("{count} {many}"),
    }
}

/// Describes what uses something in a refusal: by name for a caller who may read it.
pub(crate) fn user(may_name: bool, noun: &str, name: &str) -> String {
    if may_name { format!("the {noun} {name}") } else { format!("a {noun}") }
}

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
            Actor::Member { .. } | Actor::Viewer { .. } => {
                let cell = self.policy().cell(&resource.key, reading(resource));
                let pair = self.member_index().zip(cell);
                pair.map_or(Filter::Nothing, |(member, cell)| {
                    self.policy().filter(member, cell)
                })
            }
        }
    }

    /// Returns whether the member may read the records of a type that an owner has.
    pub(crate) fn reads_records(&self, entity: &str, owner: Owner) -> bool {
        self.reads(entity, self.owner_target(owner))
    }

    /// Returns whether the member may do anything to records of a type that is switched on.
    pub(crate) fn works_with(&self, resource: &Resource) -> bool {
        let (policy, Some(member)) = (self.policy(), self.member_index()) else { return false };
        let is_granted = |action: &Action| {
            let cell = policy.cell(&resource.key, &action.key);
            cell.is_some_and(|cell| policy.filter(member, cell) != Filter::Nothing)
        };
        resource.kind == ResourceKind::Records
            && self.snapshot().is_on(&resource.key)
            && resource.actions.iter().any(is_granted)
    }

    /// Returns whether the member may read every record of a type.
    pub(crate) fn reads_all_records(&self, entity: &str) -> bool {
        let known = self.policy().resources().iter().find(|known| known.key == entity);
        self.snapshot().is_on(entity)
            && known.is_some_and(|resource| self.readable_owners(resource) == Filter::All)
    }

    /// Describes a number of records of a type in a refusal: exactly for a member who may read all.
    pub(crate) fn visible_records(&self, entity: &str, records: i64) -> String {
        let records = usize::try_from(records).unwrap_or(usize::MAX);
        visible_count(self.reads_all_records(entity), records, ("record", "records"))
    }

    fn reads(&self, entity: &str, target: Target) -> bool {
        let known = self.policy().resources().iter().find(|known| known.key == entity);
        let Some(resource) = known.filter(|_| self.snapshot().is_on(entity)) else {
            return false;
        };
        match self.actor {
            Actor::Operator => true,
            Actor::Outside(_) => false,
            Actor::Member { .. } | Actor::Viewer { .. } => {
                let cell = self.policy().cell(entity, reading(resource));
                let pair = self.member_index().zip(cell);
                pair.is_some_and(|(member, cell)| self.policy().decide(member, cell, target))
            }
        }
    }

    /// Returns a number of members, for those who may read members.
    pub(crate) fn visible_number(&self, members: usize) -> Option<usize> {
        self.opens(&ReadMembers).then_some(members)
    }

    /// Removes the differences of members whose access the member may not read: all but their own, without
    /// the permission to read members.
    pub(crate) fn retain_visible(&self, differences: &mut Vec<MemberDifference>) {
        if !self.opens(&ReadMembers) {
            differences.retain(|one| Some(one.member) == self.member_id());
        }
    }

    /// Looks up the names of some members, so that [`WorkspaceContext::known_name`] has them. A member
    /// who may read members knows every name; others know their own, and those of the owners whose
    /// records they may read.
    pub(crate) async fn look_up_names(
        &mut self,
        pass: &Pass<impl Permission>,
        ids: impl IntoIterator<Item = MemberId>,
    ) -> Result<(), Error> {
        let mut ids: Vec<MemberId> =
            ids.into_iter().filter(|id| !self.names.contains_key(id)).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(());
        }
        let mut names = if self.opens(&ReadMembers) {
            self.read(pass)?.members().names(&ids).await?
        } else {
            let own = self.member_id();
            let mut visible: HashSet<MemberId> =
                ids.iter().copied().filter(|id| Some(*id) == own).collect();
            let others: Vec<MemberId> =
                ids.iter().copied().filter(|id| Some(*id) != own).collect();
            let counts = if others.is_empty() {
                Vec::new()
            } else {
                self.read(pass)?.records().list_counts_of(&others).await?
            };
            for count in counts {
                if let Owner::Member(owner) = count.owner
                    && !visible.contains(&owner)
                    && self.reads_records(&count.entity, count.owner)
                {
                    visible.insert(owner);
                }
            }
            let visible: Vec<MemberId> = visible.into_iter().collect();
            self.read(pass)?.members().names(&visible).await?
        };
        self.names.extend(ids.into_iter().map(|id| (id, names.remove(&id))));
        Ok(())
    }

    /// Returns the name of a member that was looked up, if the member may know it.
    #[must_use]
    pub fn known_name(&self, member: MemberId) -> Option<&str> {
        self.names.get(&member)?.as_deref()
    }

    /// Returns the names of the members in a value, by id, as far as they were looked up and the member may know them.
    #[must_use]
    pub fn known_names(&self, value: &Value) -> BTreeMap<String, String> {
        let named = members_in(value).into_iter();
        named.filter_map(|id| Some((id.to_string(), self.known_name(id)?.to_owned()))).collect()
    }

    /// Returns the name of the owner of records, if it was looked up and the member may know it.
    #[must_use]
    pub fn known_owner(&self, owner: Owner) -> Option<&str> {
        match owner {
            Owner::Unowned => None,
            Owner::Member(id) => self.known_name(id),
        }
    }
}
