//! Questions to the policy that give no pass.

use hallpass_domain::id::MemberId;
use hallpass_engine::Target;

use super::covering;
use super::permission::{Permission, Question};
use crate::context::{Actor, WorkspaceContext};

impl WorkspaceContext {
    /// Returns whether a member may do something in an area at present.
    pub(crate) fn may(&self, member: MemberId, area: &'static str, verb: &'static str) -> bool {
        self.allows(member, Question::Area { area, verb })
    }

    /// Returns whether the gate would give the caller a pass.
    #[must_use]
    pub fn opens(&self, permission: &impl Permission) -> bool {
        match self.member_id() {
            Some(member) => self.allows(member, permission.question()),
            None => matches!(self.actor, Actor::Operator),
        }
    }

    /// Answers what every active member may do; an API key with scopes does less.
    pub(super) fn allows_member(&self, question: Question<'_>) -> Option<bool> {
        match question {
            Question::Membership => Some(true),
            Question::OwnMembership => Some(self.is_whole_member()),
            Question::Area { .. } | Question::Records { .. } | Question::Nothing => None,
        }
    }

    fn allows(&self, member: MemberId, question: Question<'_>) -> bool {
        if let Some(is_allowed) = self.allows_member(question) {
            return is_allowed;
        }
        let covered = covering(self.model().blueprint(), question);
        let cell = covered.and_then(|(resource, action)| self.policy().cell(resource, action));
        let found = cell.zip(self.model().index(member));
        found.is_some_and(|(cell, member)| self.policy().decide(member, cell, Target::Any))
    }
}
