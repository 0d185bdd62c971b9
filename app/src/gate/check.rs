//! Questions to the policy that give no pass.

use hallpass_domain::id::MemberId;
use hallpass_engine::{Describe, Target};

use super::permission::{Permission, Question};
use super::{covering, limit, uncovered};
use crate::context::{Actor, WorkspaceContext};
use crate::denial::Denial;

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

    /// Why the gate would give the caller no pass, which the audit log does not note; none where it would.
    #[must_use]
    pub fn denial(&self, permission: &impl Permission) -> Option<Denial> {
        if self.opens(permission) {
            return None;
        }
        let question = permission.question();
        let covered = covering(self.model().blueprint(), question);
        let (resource, action) = covered.unwrap_or_else(|| question.words());
        let cell = covered.and_then(|_| self.policy().cell(resource, action));
        let index = self.member_id().and_then(|id| self.model().index(id));
        let Some((cell, index)) = cell.zip(index) else {
            return Some(self.named(uncovered(resource, action)));
        };
        let names = self.display_names();
        let policy = names.snapshot.model.policy();
        let why = policy.explain(index, cell, Target::Any);
        let because = Describe::new(policy, &names).summary(&why);
        Some(self.named(Denial::new(resource, action, because, limit(&names, &why))))
    }

    /// Answers what every active member may do; an API key with scopes does less.
    pub(super) fn allows_member(&self, question: Question<'_>) -> Option<bool> {
        match question {
            Question::Membership => Some(true),
            Question::OwnMembership => Some(self.is_whole_member()),
            Question::Area { .. } | Question::Records { .. } | Question::Nothing => None,
        }
    }

    /// Whether a member may do something, also another one than the caller.
    pub(crate) fn member_opens(&self, member: MemberId, permission: &impl Permission) -> bool {
        self.allows(member, permission.question())
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
