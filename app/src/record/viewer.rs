//! Viewers: who can see a record, and by which relation to its owner.

use hallpass_domain::id::{MemberId, RecordId};
use hallpass_engine::Relations;

use super::part::{creating, reading};
use super::{Records, load_visible};
use crate::boxed;
use crate::error::Error;
use crate::gate::permission::ReadMembers;

/// Members who can see a record for the same reason.
#[derive(Clone, Debug)]
pub struct ViewerGroup {
    /// How the owner is related to them.
    pub relation: Relations,
    /// How many they are.
    pub count: usize,
    /// The first of them.
    pub viewers: Vec<Viewer>,
}

/// A member who can see a record.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The id.
    pub member: MemberId,
    /// The name.
    pub name: String,
    /// The id or key of their role.
    pub role: String,
    /// What else they may do to the record, by key of the action.
    pub actions: Vec<String>,
}

impl Records<'_> {
    /// Groups the members who can see a record by the reason, from the narrowest to the widest, each
    /// with at most `most` of them. Requires the permission to read members.
    #[boxed]
    pub async fn viewers(
        &mut self,
        entity: &str,
        id: RecordId,
        most: usize,
    ) -> Result<Vec<ViewerGroup>, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let (record, _) = load_visible(ctx, &resource, id).await?;
        let pass = ctx.check(ReadMembers).await?;
        let (policy, target) = (ctx.policy(), ctx.owner_target(record.owner));
        let Some(read) = policy.cell(entity, reading(&resource)) else { return Ok(Vec::new()) };
        let mut groups: Vec<(Relations, Vec<_>)> = Vec::new();
        for member in ctx.who(read, target) {
            let relation = policy.relation(member, read, target);
            match groups.iter_mut().find(|(known, _)| *known == relation) {
                Some((_, members)) => members.push(member),
                None => groups.push((relation, vec![member])),
            }
        }
        groups.sort_by_key(|(relation, _)| width(*relation));
        let keys = resource.actions.iter().map(|action| action.key.as_str());
        let others = |key: &&str| *key != creating(&resource) && *key != reading(&resource);
        let cells: Vec<_> =
            keys.filter(others).filter_map(|key| policy.cell(entity, key)).collect();
        let mut found = Vec::with_capacity(groups.len());
        for (relation, members) in groups {
            let count = members.len();
            let listed = members.into_iter().take(most).filter_map(|member| {
                let id: MemberId = policy.id(member).parse().ok()?;
                let may = cells.iter().filter(|cell| ctx.decides(member, **cell, target));
                let actions = may.map(|cell| policy.keys(*cell).1.to_owned()).collect();
                let role = ctx.model().member(id).map(|known| known.role.clone());
                let role = role.unwrap_or_default();
                Some(Viewer { member: id, name: String::new(), role, actions })
            });
            found.push(ViewerGroup { relation, count, viewers: listed.collect() });
        }
        let ids = found.iter().flat_map(|group| &group.viewers).map(|viewer| viewer.member);
        ctx.look_up_names(&pass, ids.collect::<Vec<_>>()).await?;
        for viewer in found.iter_mut().flat_map(|group| &mut group.viewers) {
            ctx.known_name(viewer.member).unwrap_or_default().clone_into(&mut viewer.name);
        }
        Ok(found)
    }
}

/// The place of a relation in the order from narrow to wide.
fn width(relation: Relations) -> usize {
    const ORDER: [Relations; 7] = [
        Relations::SELF,
        Relations::ASSIGNED_IN_DEPARTMENT,
        Relations::ASSIGNED,
        Relations::TEAM_IN_DEPARTMENT,
        Relations::TEAM,
        Relations::DEPARTMENT,
        Relations::UNOWNED,
    ];
    ORDER.iter().position(|known| *known == relation).unwrap_or(ORDER.len())
}
