//! Admissions: who may enter a workspace by a credential, remembered for decisions as long as nothing is
//! committed to the database.
//!
//! **Invariant:** an admission counts only where the database is as it was when the admission was read,
//! whoever has written in between. What depends on the time, on the address of the client or on the access
//! model is asked anew. Where anything is not as expected, the request enters by a transaction, which says
//! why and audits it.

use std::sync::Arc;

use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_store::db::ChangeMark;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::access::Question;
use crate::app::App;
use crate::context::{Actor, Entrance, WorkspaceContext};
use crate::error::Error;
use crate::gate::pass::GatedTx;
use crate::gate::permission::ReadMembers;
use crate::origin::Origin;
use crate::principal::RequestCredential;

/// How many are remembered.
const MOST: usize = 4_096;

/// The hash of a credential and of the name of a workspace: no secret is kept.
type Key = [u8; 32];

/// The admissions that are remembered; those that were not used for longest go first.
pub(crate) struct Admissions(Cache<Key, Arc<Admission>>);

impl Default for Admissions {
    fn default() -> Admissions {
        Admissions(Cache::new(MOST))
    }
}

/// Who may enter a workspace by a credential.
struct Admission {
    /// The database as it was then.
    mark: ChangeMark,
    workspace: WorkspaceId,
    revision: i64,
    member: (MemberId, String),
    locale: String,
    entrance: Entrance,
}

impl Admission {
    /// What is to be remembered of a context; nothing of one that looks through the eyes of another member.
    fn of(ctx: &WorkspaceContext, mark: ChangeMark) -> Option<Admission> {
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
}

/// The answers to questions, at a revision of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decisions {
    /// Whether each action is allowed, in the order of the questions.
    pub answers: Vec<bool>,
    /// The revision.
    pub revision: i64,
}

impl App {
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
                self.enter_by_session(token, (origin, request), workspace).await
            }
            RequestCredential::ApiKey(key) => {
                let found = self.principals().find_by_api_key(key, (origin, request)).await?;
                self.enter(&found.ok_or(Error::NotSignedIn)?, workspace).await
            }
        }
    }

    /// Opens a context as [`App::enter_by`] does, and remembers who was admitted, for [`App::decide`].
    ///
    /// # Errors
    ///
    /// Those of [`App::enter_by`].
    pub async fn enter_to_decide(
        &self,
        credential: RequestCredential<'_>,
        (origin, request): (&Origin, &str),
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        // Before anything is read: what is committed from now on is noticed.
        let mark = self.db().look();
        let ctx = self.enter_by(credential, (origin, request), workspace).await?;
        if let Some(admission) = mark.and_then(|mark| Admission::of(&ctx, mark)) {
            self.admissions().0.insert(key(credential, workspace), Arc::new(admission));
        }
        Ok(ctx)
    }

    /// Answers questions about a member, without one about the caller, by what is remembered and without a
    /// transaction. `None` where that does not suffice: then enter by [`App::enter_to_decide`].
    pub async fn decide(
        &self,
        credential: RequestCredential<'_>,
        (origin, request): (&Origin, &str),
        workspace: &str,
        (member, questions): (Option<MemberId>, &[Question]),
    ) -> Option<Decisions> {
        let admission = self.admissions().0.get(&key(credential, workspace))?;
        if self.db().look()? != admission.mark {
            return None;
        }
        let mut ctx = self.admit_again(&admission, (origin, request))?;
        // Whoever may not ask is denied by a transaction, which audits it.
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
        let Entrance { principal, email, seen_at } = &admission.entrance;
        let principal = self.principals().again(principal, (origin, request))?;
        let snapshot = self.snapshots().find(admission.workspace, admission.revision)?;
        if self.is_seen_at_outdated(*seen_at) && principal.key().is_none() {
            let member = (admission.workspace, id);
            self.presence_log().note_member(member, principal.account(), self.now());
        }
        let actor = Actor::Member { id, name };
        let mut ctx = self.context(GatedTx::closed(), snapshot, actor, request.to_owned());
        ctx.locale.clone_from(&admission.locale);
        let scopes = principal.key().and_then(|(_, key)| key.scopes.clone());
        let entrance = Entrance { principal, email: email.clone(), seen_at: *seen_at };
        let ctx = ctx.signed_in_already(entrance)?.within(scopes.as_ref()).ok()?;
        (!ctx.is_bounded_to_nothing()).then_some(ctx)
    }
}

fn key(credential: RequestCredential<'_>, workspace: &str) -> Key {
    let (kind, secret) = match credential {
        RequestCredential::Session(token) => (b"session ", token.expose()),
        RequestCredential::ApiKey(key) => (b"api key ", key),
    };
    let mut hash = Sha256::new();
    hash.update(kind);
    // No workspace has a NUL in its name.
    hash.update(workspace);
    hash.update(b"\0");
    hash.update(secret);
    hash.finalize().into()
}
