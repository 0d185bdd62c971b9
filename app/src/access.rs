//! Questions about access: may somebody, why, who may, and what.

use hallpass_domain::id::MemberId;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::{Describe, Filter, Target};

use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::{AnyOf, ReadMembers};

/// The most checks in one call.
pub const MOST_CHECKS: usize = 1_000;

/// One question.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The resource, by key.
    pub resource: String,
    /// The action, by key.
    pub action: String,
    /// Whose record it is about.
    pub about: About,
}

/// What a question is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// The action at all.
    #[default]
    Anything,
    /// Something that nobody owns.
    Unowned,
    /// Something that a member owns, or owned before they left.
    OwnedBy(MemberId),
}

/// An answer with its reasons.
#[derive(Clone, Debug)]
pub struct Reasons {
    /// Whether they may.
    pub allowed: bool,
    /// Why, in one sentence.
    pub because: String,
    /// How it was decided, step by step.
    pub steps: Vec<String>,
    /// What would have been needed; empty when they may.
    pub would_need: Vec<String>,
}

/// A right of a member.
#[derive(Clone, Debug)]
pub struct EffectiveRight {
    /// The resource.
    pub resource: String,
    /// The action.
    pub action: String,
    /// How far.
    pub reach: String,
    /// Where it comes from.
    pub sources: Vec<String>,
}

impl WorkspaceContext {
    /// Answers questions about a member, in their order. Everybody may ask about themselves;
    /// whoever may see people about everybody.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing` for a member, `Fields` for a resource or action that there is not.
    pub async fn check_access(
        &mut self,
        member: Option<MemberId>,
        questions: &[Question],
    ) -> Result<Vec<bool>, Error> {
        let (member, _) = self.check_asking_about(member).await?;
        check_number(questions.len())?;
        let policy = self.policy();
        let index = self.model().index(member).ok_or_else(no_member)?;
        let mut answers = Vec::with_capacity(questions.len());
        let mut errors = Vec::new();
        for (place, question) in questions.iter().enumerate() {
            match policy.cell(&question.resource, &question.action) {
                Some(cell) => {
                    let is_on = self.snapshot().is_on(&question.resource);
                    let target = self.target(question.about);
                    answers.push(is_on && policy.decide(index, cell, target));
                }
                None => errors.push(self.unknown(&format!("/checks/{place}"), question)),
            }
        }
        if errors.is_empty() { Ok(answers) } else { Err(Refusal::Fields(errors).into()) }
    }

    /// Answers one question about a member, with its reasons.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::check_access`].
    pub async fn explain_access(
        &mut self,
        member: Option<MemberId>,
        question: &Question,
    ) -> Result<Reasons, Error> {
        let (member, pass) = self.check_asking_about(member).await?;
        let mut spoken_of = vec![member];
        if let About::OwnedBy(owner) = question.about {
            spoken_of.push(owner);
        }
        let target = self.target(question.about);
        let is_on = self.snapshot().is_on(&question.resource);
        let names = self.display_names(&pass, &spoken_of).await?;
        let policy = names.snapshot.model.policy();
        let index = names.snapshot.model.index(member).ok_or_else(no_member)?;
        let Some(cell) = policy.cell(&question.resource, &question.action) else {
            return Err(Refusal::Fields(vec![self.unknown("", question)]).into());
        };
        let why = policy.explain(index, cell, target);
        let describe = Describe::new(policy, &names);
        if !is_on {
            let because = format!("{} is switched off in this workspace", question.resource);
            let would_need = vec!["somebody who switches it on".to_owned()];
            return Ok(Reasons {
                allowed: false,
                steps: vec![because.clone()],
                because,
                would_need,
            });
        }
        Ok(Reasons {
            allowed: why.allowed,
            because: describe.summary(&why),
            steps: why.steps.iter().map(|step| describe.step(&why, step)).collect(),
            would_need: describe.needs(&why),
        })
    }

    /// Who may do something to what somebody owns: active members, by id.
    ///
    /// # Errors
    ///
    /// `Denied`, `Fields`.
    pub async fn who_may(&mut self, question: &Question) -> Result<Vec<MemberId>, Error> {
        self.check(ReadMembers).await?;
        let policy = self.policy();
        let Some(cell) = policy.cell(&question.resource, &question.action) else {
            return Err(Refusal::Fields(vec![self.unknown("", question)]).into());
        };
        if !self.snapshot().is_on(&question.resource) {
            return Ok(Vec::new());
        }
        let who = policy.who(cell, self.target(question.about));
        Ok(who.filter_map(|member| policy.id(member).parse().ok()).collect())
    }

    /// Whose records somebody may do something to.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::check_access`].
    pub async fn what_may(
        &mut self,
        member: Option<MemberId>,
        question: &Question,
    ) -> Result<Filter, Error> {
        let (member, _) = self.check_asking_about(member).await?;
        let policy = self.policy();
        let index = self.model().index(member).ok_or_else(no_member)?;
        let Some(cell) = policy.cell(&question.resource, &question.action) else {
            return Err(Refusal::Fields(vec![self.unknown("", question)]).into());
        };
        if !self.snapshot().is_on(&question.resource) {
            return Ok(Filter::Nothing);
        }
        Ok(policy.filter(index, cell))
    }

    /// Everything that a member may do, and where it comes from.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`.
    pub async fn rights_of(&mut self, member: MemberId) -> Result<Vec<EffectiveRight>, Error> {
        let (member, pass) = self.check_asking_about(Some(member)).await?;
        let names = self.display_names(&pass, &[member]).await?;
        let policy = names.snapshot.model.policy();
        let index = names.snapshot.model.index(member).ok_or_else(no_member)?;
        let describe = Describe::new(policy, &names);
        let rights = policy.access(index).into_iter().filter_map(|right| {
            let (resource, action) = policy.keys(right.cell);
            names.snapshot.is_on(resource).then(|| EffectiveRight {
                resource: resource.to_owned(),
                action: action.to_owned(),
                reach: right.reach.to_string(),
                sources: right.sources.iter().map(|grant| describe.grant(grant)).collect(),
            })
        });
        Ok(rights.collect())
    }

    /// Whose access somebody asks about: their own, or, for those who may see people, anybody's.
    async fn check_asking_about(
        &mut self,
        member: Option<MemberId>,
    ) -> Result<(MemberId, Pass<AnyOf>), Error> {
        let me = self.member_id();
        let Some(member) = member.or(me) else { return Err(no_workspace()) };
        let pass = self.check_looking_at(member).await?;
        if Some(member) != me && self.model().member(member).is_none() {
            return Err(no_member());
        }
        Ok((member, pass))
    }

    /// What a question is about, as the policy knows it.
    pub(crate) fn target(&self, about: About) -> Target {
        match about {
            About::Anything => Target::Any,
            About::Unowned => Target::Unowned,
            About::OwnedBy(member) => {
                let member = self.model().index(member);
                member.map_or(Target::OwnedByNonMember, Target::OwnedBy)
            }
        }
    }

    fn unknown(&self, pointer: &str, question: &Question) -> FieldError {
        let resources = self.policy().resources();
        let found = resources.iter().find(|known| known.key == question.resource);
        match found {
            None => {
                let detail = format!("there is no resource `{}`", question.resource);
                FieldError::new(format!("{pointer}/resource"), "unknown_resource", detail)
            }
            Some(resource) => {
                let known: Vec<&str> =
                    resource.actions.iter().map(|action| action.key.as_str()).collect();
                let detail = format!(
                    "`{}` has no action `{}`; it has {}",
                    question.resource,
                    question.action,
                    known.join(", ")
                );
                FieldError::new(format!("{pointer}/action"), "unknown_action", detail)
            }
        }
    }
}

/// Whether so many questions are answered in one call.
///
/// # Errors
///
/// `Fields` when they are more than [`MOST_CHECKS`].
pub fn check_number(questions: usize) -> Result<(), Error> {
    if questions <= MOST_CHECKS {
        return Ok(());
    }
    let detail = format!("at most {MOST_CHECKS} checks in one call");
    Err(Refusal::field("/checks", "too_many", detail).into())
}

fn no_member() -> Error {
    Error::Missing { noun: "member" }
}
