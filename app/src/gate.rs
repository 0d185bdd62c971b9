//! The gate: the one place that decides whether a use case may run.
//!
//! **Invariant:** a [`Pass`] is made here and nowhere else, and only after the policy has allowed it, or
//! for a [`Credential`]. The transaction of a context lies behind the gate in a [`pass::GatedTx`], and
//! only a pass opens it: a use case that asks for none does not compile. Every denial is written into
//! the audit log before it is answered.

use hallpass_domain::audit::{Entry, MOST_DENIED, Outcome, REPEATED_WITHIN};
use hallpass_domain::id::{AuditId, MemberId, RecordId};
use hallpass_domain::invitation::Invitation;
use hallpass_domain::record::Record;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::danger::is_dangerous;
use hallpass_domain::workspace::is_self_serve;
use hallpass_engine::{
    Blueprint, Cell, Deciding, Describe, Explanation, Filter, GrantSource, MemberIndex,
    Names as _, Target,
};
use serde_json::Value;

use crate::boxed;
use crate::context::{Actor, WorkspaceContext, no_workspace};
use crate::denial::{Denial, DenialLimit};
use crate::error::Error;
use crate::secret::Token;
use crate::snapshot::names::DisplayNames;

mod check;
pub mod pass;
pub mod permission;
#[cfg(test)]
pub(crate) mod tests;

pub use pass::Pass;
use permission::{AnyMember, Credential, Question, RecordPermission};
pub use permission::{Permission, WritePermission};

impl WorkspaceContext {
    /// Asks for a pass. After a denial, which is audited, the transaction is over.
    pub async fn check<D: Permission>(&mut self, permission: D) -> Result<Pass<D>, Error> {
        self.check_on(permission, Target::Any, "").await
    }

    /// Asks for a pass on what a member owns. A denial is audited under the subject.
    pub async fn check_on<D: Permission>(
        &mut self,
        permission: D,
        target: Target,
        subject: &str,
    ) -> Result<Pass<D>, Error> {
        let filter = self.grant(permission.question(), target, subject).await?;
        Ok(self.pass(permission, filter))
    }

    /// Decides a question, and returns the filter of its pass.
    #[boxed]
    async fn grant<'a>(
        &'a mut self,
        question: Question<'a>,
        target: Target,
        subject: &str,
    ) -> Result<Filter, Error> {
        if matches!(self.actor, Actor::Operator) {
            return Ok(Filter::All);
        }
        if let Question::Area { area, verb } = question
            && !self.app.rules().opens_self_serve
            && !is_self_serve(self.model().blueprint(), area, verb)
        {
            return Err(self.refuse_self_serve(area, verb).await);
        }
        if let Some(is_allowed) =
            self.allows_member(question).filter(|_| self.member_id().is_some())
        {
            if is_allowed {
                return Ok(Filter::All);
            }
            let because = "the scopes of this API key do not include it".to_owned();
            let denial = Denial::by_scopes("workspace", question.words().1, because);
            return Err(self.deny_as(denial, subject).await);
        }
        let index = self.member_index().ok_or_else(no_workspace)?;
        let Some((resource, action)) = covering(self.model().blueprint(), question) else {
            let (area, verb) = question.words();
            return Err(self.deny_as(uncovered(area, verb), subject).await);
        };
        let (resource, action) = (resource.to_owned(), action.to_owned());
        let phrase = match question {
            Question::Area { area, verb } => permission::phrase(area, verb),
            Question::Records { .. }
            | Question::Membership
            | Question::OwnMembership
            | Question::Nothing => None,
        };
        let cell = self.policy().cell(&resource, &action);
        let granted = cell.filter(|cell| self.policy().decide(index, *cell, target));
        if let Question::Area { area, verb } = question
            && granted.is_some()
            && is_dangerous(area, verb)
        {
            self.check_recent()?;
        }
        if let Some(cell) = granted {
            return Ok(self.policy().filter(index, cell));
        }
        let Some(cell) = cell else {
            return Err(self.deny_as(uncovered(&resource, &action), subject).await);
        };
        let because = self.explain_denial(index, cell, (target, phrase)).await?;
        let limit = limit(&self.display_names(), &self.policy().explain(index, cell, target));
        Err(self.deny_as(Denial::new(&resource, &action, because, limit), subject).await)
    }

    /// Asks for a pass on a record. `Missing` when the record does not exist; it is read before the
    /// policy is asked, and returned only with the pass.
    pub(crate) async fn check_record(
        &mut self,
        permission: RecordPermission,
        id: RecordId,
    ) -> Result<(Record, Pass<RecordPermission>), Error> {
        let read = self.pass(AnyMember, Filter::Nothing);
        let record = self.read(&read)?.records().find(&permission.resource, id).await?;
        let record = record.ok_or(Error::Missing { noun: "record" })?;
        let target = self.owner_target(record.owner);
        let pass = self.check_on(permission, target, &id.to_string()).await?;
        Ok((record, pass))
    }

    /// Gives the pass for a credential that was verified before the context was opened. `Broken` for
    /// members and operators, who need permissions.
    pub(crate) fn admit(&self, credential: Credential) -> Result<Pass<Credential>, Error> {
        match self.actor {
            Actor::Outside(_) => Ok(self.pass(credential, Filter::Nothing)),
            Actor::Member { .. } | Actor::Viewer { .. } | Actor::Operator => {
                Err(Error::broken("members and operators are not admitted by a credential"))
            }
        }
    }

    /// Finds the invitation of a link, with a pass for the holder of the link.
    pub(crate) async fn check_link(
        &mut self,
        token: &Token,
    ) -> Result<(Invitation, Pass<Credential>), Error> {
        let pass = self.admit(Credential::Link)?;
        let found = self.read(&pass)?.invitations().find_by_token(&token.hash()).await?;
        Ok((found.ok_or(Error::Missing { noun: "invitation" })?, pass))
    }

    fn pass<D>(&self, permission: D, filter: Filter) -> Pass<D> {
        Pass { permission, filter, context: self.gated.context }
    }

    /// Says why a member may not do something, which a phrase may describe better than the access model.
    async fn explain_denial(
        &mut self,
        member: MemberIndex,
        cell: Cell,
        (target, phrase): (Target, Option<String>),
    ) -> Result<String, Error> {
        // The denied member may read their own name, and those of the owners of what they read.
        let own = self.pass(AnyMember, Filter::Nothing);
        let owner = match target {
            Target::OwnedBy(owner) => self.policy().id(owner).parse().ok(),
            Target::Any | Target::Unowned | Target::OwnedByNonMember => None,
        };
        let mentioned: Vec<MemberId> = self.member_id().into_iter().chain(owner).collect();
        self.look_up_names(&own, mentioned).await?;
        let names = self.display_names();
        let policy = names.snapshot.model.policy();
        let explanation = policy.explain(member, cell, target);
        let describe = Describe::new(policy, &names);
        Ok(match phrase {
            Some(phrase) => describe.denial(&explanation, &phrase),
            None => describe.summary(&explanation),
        })
    }

    /// Denies something that no scope of an API key concerns.
    pub(crate) async fn deny(
        &mut self,
        resource: String,
        action: String,
        because: String,
        subject: &str,
    ) -> Error {
        let denial = Denial::new(&resource, &action, because, DenialLimit::Other);
        self.deny_as(denial, subject).await
    }

    /// Denies something: audits it in a transaction of its own, except in a dry run, and rolls that of the context back.
    pub(crate) async fn deny_as(&mut self, denial: Denial, subject: &str) -> Error {
        self.gated.tx = None;
        let denial = self.named(denial);
        let Denial { resource, action, because, .. } = &denial;
        let entry = Entry {
            id: self.id::<AuditId>(),
            at: self.now,
            actor: self.actor.audit_member(),
            actor_name: self.actor.audit_name(),
            action: format!("{resource}:{action}"),
            outcome: Outcome::Denied,
            subject: subject.to_owned(),
            before: Value::Null,
            after: Value::String(because.clone()),
            revision: self.revision(),
            request: self.request.clone(),
            times: 1,
            last_at: self.now,
        };
        if self.runs_dry() {
            return Error::Denied(Box::new(denial));
        }
        match Box::pin(self.insert_denial(&entry)).await {
            Ok(()) => Error::Denied(Box::new(denial)),
            Err(error) => error,
        }
    }

    /// The denial with the names of the access model.
    fn named(&self, denial: Denial) -> Denial {
        let mut resources = self.policy().resources().iter();
        let Some(known) = resources.find(|known| known.key == denial.resource) else {
            return denial;
        };
        let action = known.actions.iter().find(|action| action.key == denial.action);
        let action = action.map_or_else(|| denial.action.clone(), |action| action.name.clone());
        Denial { names: (action, known.name.clone()), ..denial }
    }

    async fn insert_denial(&mut self, entry: &Entry) -> Result<(), Error> {
        let tx = self.app.db().write_in(self.workspace_id().0).await?;
        let mut tx = tx.ok_or_else(no_workspace)?;
        let since = entry.at - REPEATED_WITHIN;
        let mut entry = entry.clone();
        let mut is_repeated = tx.audit().repeat_denial(&entry, since).await?;
        if let Some(actor) = entry.actor.filter(|_| !is_repeated)
            && tx.audit().count_denied(actor, since).await? >= MOST_DENIED
        {
            entry.subject = String::new();
            is_repeated = tx.audit().repeat_denial(&entry, since).await?;
        }
        if !is_repeated {
            tx.audit().insert(&entry).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn refuse_self_serve(&mut self, area: &str, verb: &str) -> Error {
        let word = self.model().blueprint().membership.word("workspace").to_owned();
        let what = match verb {
            "delete" => "delete a workspace",
            _ => "export a workspace",
        };
        let because = format!("only the operator can {verb} a {word}");
        let error = self.deny(area.to_owned(), verb.to_owned(), because, "").await;
        if !matches!(error, Error::Denied(_)) {
            return error;
        }
        let contact = self.app.rules().operator_contact.clone();
        Error::Refused(Refusal::NotSelfServe { what, contact })
    }
}

/// The resource and the action that cover a question in a blueprint; `None` for an area that
/// nothing covers, which is closed to every member. The name of an area is never taken for the key
/// of a resource.
pub(crate) fn covering<'a>(
    blueprint: &'a Blueprint,
    question: Question<'a>,
) -> Option<(&'a str, &'a str)> {
    match question {
        Question::Area { area, verb } => blueprint.area(area, verb),
        Question::Records { resource, action } => Some((resource, action)),
        Question::Membership | Question::OwnMembership | Question::Nothing => None,
    }
}

fn uncovered(resource: &str, action: &str) -> Denial {
    let because = "no member may do this: the access model does not cover it".to_owned();
    Denial::new(resource, action, because, DenialLimit::Uncovered)
}

/// What prevents what an explanation denies.
fn limit(names: &DisplayNames<'_>, why: &Explanation<'_>) -> DenialLimit {
    match why.rule.deciding {
        Deciding::Boundary => DenialLimit::Scopes,
        Deciding::Status => DenialLimit::Inactive,
        Deciding::NoTeam => DenialLimit::NoTeam,
        Deciding::Visibility(_) => DenialLimit::Visibility,
        Deciding::Level { level, .. } => {
            DenialLimit::Level { name: level.map(|level| level.name.clone()) }
        }
        Deciding::Grant(GrantSource::Role(id)) => {
            DenialLimit::Role { name: names.snapshot.role_name(id) }
        }
        Deciding::Grant(GrantSource::Profile { profile, team }) => {
            DenialLimit::Profile { name: names.profile(profile), team: names.team(team) }
        }
        Deciding::Grant(GrantSource::Level(level)) => {
            DenialLimit::Level { name: Some(level.name.clone()) }
        }
        Deciding::Grant(
            GrantSource::BillingContact | GrantSource::Switch(_) | GrantSource::Unowned,
        ) => DenialLimit::Other,
    }
}
