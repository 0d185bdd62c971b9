//! Admissions: who may enter a workspace by a credential, remembered for decisions as long as nothing is
//! committed to the database.
//!
//! **Invariant:** an admission counts only where the database is as it was when the admission was read,
//! whichever process has written in between. What depends on the time, on the address of the client or on the
//! access model is asked again. Where anything is not as expected, the request enters by a transaction, which
//! says why and audits it.

use std::sync::Arc;

use hallpass_domain::id::MemberId;
use hallpass_store::db::ChangeMark;

use crate::access::Question;
use crate::app::App;
use crate::context::entrance::Entrance;
use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::pass::GatedTx;
use crate::gate::permission::ReadMembers;
use crate::origin::Origin;
use crate::principal::RequestCredential;

pub(crate) mod cache;

use cache::Admission;

/// The answers to questions, at a revision of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decisions {
    /// Whether each action is allowed, in the order of the questions.
    pub answers: Vec<bool>,
    /// The revision.
    pub revision: i64,
}

/// Admits requests to workspaces.
pub struct Admissions<'a>(pub(crate) &'a App);

impl Admissions<'_> {
    /// Opens a context that reads, by the credential of a request.
    ///
    /// # Errors
    ///
    /// `NotSignedIn` when the credential does not count; those of [`App::enter`].
    pub async fn enter_by(
        &self,
        credential: RequestCredential<'_>,
        (origin, request): (&Origin, &str),
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        match credential {
            RequestCredential::Session(token) => {
                self.0.enter_by_session(token, (origin, request), workspace).await
            }
            RequestCredential::ApiKey(key) => {
                let found = self.0.principals().find_by_api_key(key, (origin, request)).await?;
                self.0.enter(&found.ok_or(Error::NotSignedIn)?, workspace).await
            }
        }
    }

    /// Opens a context as [`Admissions::enter_by`] does, and remembers who was admitted, for [`Admissions::decide`].
    ///
    /// # Errors
    ///
    /// Those of [`Admissions::enter_by`].
    pub async fn enter_to_decide(
        &self,
        credential: RequestCredential<'_>,
        (origin, request): (&Origin, &str),
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        // Before anything is read: what is committed from now on is noticed.
        let mark = self.0.db().look();
        let ctx = self.enter_by(credential, (origin, request), workspace).await?;
        if let Some(admission) = mark.and_then(|mark| admission(&ctx, mark)) {
            self.0.admission_cache().insert(credential, workspace, admission);
        }
        Ok(ctx)
    }

    /// Answers questions about a member, without one about the caller, by what is remembered and without a
    /// transaction. `None` where that does not suffice: then enter by [`Admissions::enter_to_decide`].
    pub async fn decide(
        &self,
        credential: RequestCredential<'_>,
        (origin, request): (&Origin, &str),
        workspace: &str,
        (member, questions): (Option<MemberId>, &[Question]),
    ) -> Option<Decisions> {
        let admission = self.0.admission_cache().find(credential, workspace)?;
        if self.0.db().look()? != admission.mark {
            return None;
        }
        let mut ctx = self.admit_again(&admission, (origin, request))?;
        // Who may not ask is denied by a transaction, which audits it.
        let is_own = member.is_none_or(|member| member == admission.member.0);
        if !is_own && !ctx.opens(&ReadMembers) {
            return None;
        }
        let answers = ctx.access().check(member, questions).await.ok()?;
        Some(Decisions { answers, revision: ctx.revision() })
    }

    /// A context without a transaction for an admission; none where it no longer counts.
    fn admit_again(
        &self,
        admission: &Admission,
        (origin, request): (&Origin, &str),
    ) -> Option<WorkspaceContext> {
        let (id, name) = admission.member.clone();
        let Entrance { principal, address, seen_at } = &admission.entrance;
        let principal = self.0.principals().again(principal, (origin, request))?;
        let snapshot = self.0.snapshots().find(admission.workspace, admission.revision)?;
        if self.0.is_seen_at_outdated(*seen_at) && principal.key().is_none() {
            let member = (admission.workspace, id);
            self.0.presence_log().note_member(member, principal.account(), self.0.now());
        }
        let actor = Actor::Member { id, name };
        let mut ctx = self.0.context(GatedTx::closed(), snapshot, actor, request.to_owned());
        ctx.locale.clone_from(&admission.locale);
        let scopes = principal.key().and_then(|(_, key)| key.scopes.clone());
        let entrance = Entrance { principal, address: Arc::clone(address), seen_at: *seen_at };
        let ctx = ctx.signed_in_already(entrance)?.within(scopes.as_ref()).ok()?;
        (!ctx.is_bounded_to_nothing()).then_some(ctx)
    }
}

/// What is to be remembered of a context; nothing of one that looks through the eyes of another member.
fn admission(ctx: &WorkspaceContext, mark: ChangeMark) -> Option<Admission> {
    let Actor::Member { id, name } = &ctx.actor else { return None };
    let entrance = ctx.entrance().filter(|entrance| entrance.principal.view().is_none())?;
    Some(Admission {
        mark,
        workspace: ctx.workspace_id(),
        revision: ctx.revision(),
        member: (*id, name.clone()),
        locale: ctx.locale.clone(),
        entrance: entrance.clone(),
    })
}
