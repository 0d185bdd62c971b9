//! Questions to the policy that give no pass.

use hallpass_domain::id::MemberId;
use hallpass_engine::Target;

use super::Permission;
use crate::context::{Actor, WorkspaceContext};

impl WorkspaceContext {
    /// Returns whether a member may do something in an area at present.
    pub(crate) fn may(&self, member: MemberId, area: &str, verb: &str) -> bool {
        let policy = self.policy();
        let covered = self.model().blueprint().area(area, verb);
        let member = self.model().index(member);
        covered.zip(member).is_some_and(|((resource, action), member)| {
            let cell = policy.cell(resource, action);
            cell.is_some_and(|cell| policy.decide(member, cell, Target::Any))
        })
    }

    /// Returns whether the gate would give the caller a pass.
    pub(crate) fn opens(&self, permission: &impl Permission) -> bool {
        let Some(member) = self.member_id() else {
            return matches!(self.actor, Actor::Operator);
        };
        match permission.area() {
            Some((area, verb)) => self.may(member, area, verb),
            None => permission.is_open_to_members(),
        }
    }
}
