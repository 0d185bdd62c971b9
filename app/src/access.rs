//! Questions about access: check, explain, who, what, and the effective rights of a member.

use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::{Cell, Describe, Filter, Policy, Target};
use metrics::counter;

use crate::boxed;
use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::{AnyOf, ReadMembers};

pub mod explanation;
pub mod list;
pub mod reach;
pub mod rule;
pub mod who;

use rule::{DecidingRule, granting};

/// How many checks one request may have.
pub const MOST_CHECKS: usize = 1_000;

/// A question about access.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The resource, by key.
    pub resource: String,
    /// The action, by key.
    pub action: String,
    /// Whose records it is about.
    pub about: About,
}

/// What a question is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// Any record: whether the action is granted at all.
    #[default]
    Anything,
    /// An unowned record.
    Unowned,
    /// A record of a member, who may have been removed.
    OwnedBy(MemberId),
    /// A record that the caller may not read, or that does not exist.
    Hidden,
}

/// An effective right of a member.
#[derive(Clone, Debug)]
pub struct EffectiveRight {
    /// The resource.
    pub resource: String,
    /// The action.
    pub action: String,
    /// How far it reaches.
    pub reach: String,
    /// What grants it.
    pub sources: Vec<String>,
    /// The rules that grant it, in the same order.
    pub rules: Vec<DecidingRule>,
}

/// Questions about access in a workspace.
pub struct Access<'c>(pub(crate) &'c mut WorkspaceContext);

impl Access<'_> {
    /// Answers questions about a member, in their order; without a member, about the acting one. Other
    /// members' access takes the permission to read members.
    #[boxed]
    pub async fn check(
        &mut self,
        member: Option<MemberId>,
        questions: &[Question],
    ) -> Result<Vec<bool>, Error> {
        let (member, _) = self.check_subject(member).await?;
        check_number(questions.len())?;
        let (snapshot, policy) = (self.0.snapshot(), self.0.policy());
        let index = self.0.model().index(member).ok_or_else(no_member)?;
        let mut answers = Vec::with_capacity(questions.len());
        let mut errors = Vec::new();
        for (place, question) in questions.iter().enumerate() {
            match policy.cell(&question.resource, &question.action) {
                Some(cell) => {
                    let is_on = snapshot.is_on(&question.resource);
                    let target = target(self.0, question.about);
                    let decides = |target| self.0.decides(index, cell, target);
                    answers.push(is_on && target.is_some_and(decides));
                }
                None => errors.push(unknown(policy, &format!("/checks/{place}"), question)),
            }
        }
        if !errors.is_empty() {
            return Err(Refusal::Fields(errors).into());
        }
        count_decisions(&answers);
        Ok(answers)
    }

    /// Lists the active members who may do something, by id.
    #[boxed]
    pub async fn who(&mut self, question: &Question) -> Result<Vec<MemberId>, Error> {
        self.0.check(ReadMembers).await?;
        let policy = self.0.policy();
        let cell = cell(policy, question)?;
        if !self.0.snapshot().is_on(&question.resource) {
            return Ok(Vec::new());
        }
        let target = target(self.0, question.about).ok_or_else(no_record)?;
        let who = self.0.who(cell, target);
        Ok(who.into_iter().filter_map(|member| policy.id(member).parse().ok()).collect())
    }

    /// Returns the owners on whose records a member may do something.
    #[boxed]
    pub async fn what(
        &mut self,
        member: Option<MemberId>,
        question: &Question,
    ) -> Result<Filter, Error> {
        let (member, _) = self.check_subject(member).await?;
        let policy = self.0.policy();
        let index = self.0.model().index(member).ok_or_else(no_member)?;
        let cell = cell(policy, question)?;
        if !self.0.snapshot().is_on(&question.resource) {
            return Ok(Filter::Nothing);
        }
        Ok(self.0.actionable_owners(index, cell))
    }

    /// Lists everything that a member may do, with what grants it.
    #[boxed]
    pub async fn rights(&mut self, member: MemberId) -> Result<Vec<EffectiveRight>, Error> {
        let (member, pass) = self.check_subject(Some(member)).await?;
        self.0.look_up_names(&pass, [member]).await?;
        let names = self.0.display_names();
        let policy = names.snapshot.model.policy();
        let index = names.snapshot.model.index(member).ok_or_else(no_member)?;
        let describe = Describe::new(policy, &names);
        let rights = policy.access(index).into_iter().filter_map(|right| {
            let (resource, action) = policy.keys(right.cell);
            let sources = right.sources.iter().map(|grant| describe.grant(grant));
            let rules = right.sources.iter();
            let rules = rules.map(|grant| granting(&names, &grant.source));
            names.snapshot.is_on(resource).then(|| EffectiveRight {
                resource: resource.to_owned(),
                action: action.to_owned(),
                reach: right.reach.to_string(),
                sources: sources.collect(),
                rules: rules.collect(),
            })
        });
        Ok(rights.collect())
    }

    /// Checks that the acting member may ask about a member's access.
    pub(crate) async fn check_subject(
        &mut self,
        member: Option<MemberId>,
    ) -> Result<(MemberId, Pass<AnyOf>), Error> {
        let ctx = &mut *self.0;
        let own = ctx.member_id();
        let Some(member) = member.or(own) else { return Err(no_workspace()) };
        let pass = ctx.members().check_read(member).await?;
        if Some(member) != own && ctx.model().member(member).is_none() {
            return Err(no_member());
        }
        Ok((member, pass))
    }
}

pub(crate) fn cell(policy: &Policy, question: &Question) -> Result<Cell, Refusal> {
    let cell = policy.cell(&question.resource, &question.action);
    cell.ok_or_else(|| Refusal::Fields(vec![unknown(policy, "", question)]))
}

/// Describes a resource or an action that does not exist.
fn unknown(policy: &Policy, pointer: &str, question: &Question) -> FieldError {
    let Question { resource, action, .. } = question;
    let resources = policy.resources();
    let keys = resources.iter().map(|known| known.key.as_str());
    let Some(found) = resources.iter().find(|known| known.key == *resource) else {
        let pointer = format!("{pointer}/resource");
        return FieldError::unknown(pointer, "unknown_resource", ("resource", resource), keys);
    };
    let actions = found.actions.iter().map(|action| action.key.as_str());
    let pointer = format!("{pointer}/action");
    FieldError::unknown(pointer, "unknown_action", ("action", action), actions)
}

fn count_decisions(answers: &[bool]) {
    let allowed = answers.iter().filter(|answer| **answer).count();
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    counter!("hallpass_decisions_total", "answer" => "allowed").increment(count(allowed));
    let denied = answers.len() - allowed;
    counter!("hallpass_decisions_total", "answer" => "denied").increment(count(denied));
}

/// Checks that one call does not ask too many questions.
pub fn check_number(questions: usize) -> Result<(), Error> {
    if questions <= MOST_CHECKS {
        return Ok(());
    }
    let detail = format!("at most {MOST_CHECKS} checks per request");
    Err(Refusal::field("/checks", "too_many", detail).into())
}

pub(crate) fn no_member() -> Error {
    Error::Missing { noun: "member" }
}

/// What the policy decides about; none for what the caller may not read.
pub(crate) fn target(ctx: &WorkspaceContext, about: About) -> Option<Target> {
    match about {
        About::Anything => Some(Target::Any),
        About::Unowned => Some(Target::Unowned),
        About::OwnedBy(member) => Some(ctx.owner_target(Owner::Member(member))),
        About::Hidden => None,
    }
}

pub(crate) fn no_record() -> Error {
    Error::Missing { noun: "record" }
}
