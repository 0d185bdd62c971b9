//! Principals: who authenticated a request, an account by its session or an API key of a member.

use std::sync::Arc;

use hallpass_domain::api_key::{ApiKey, Secret};
use hallpass_domain::id::{AccountId, ApiKeyId, SessionId, WorkspaceId};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::Session;
use hallpass_domain::session::policy::{Missing, RECENT};
use hallpass_domain::time::Timestamp;
use hallpass_domain::view::View;
use hallpass_engine::Member;
use hallpass_store::{Tx, WorkspaceTx};

use crate::dry_run::{DryRun, Run};
use crate::error::Error;
use crate::idempotency::request::{Effect, IdempotentRequest};
use crate::origin::Origin;
use crate::secret::Token;
use crate::version::Precondition;

pub mod lookup;

/// The prefix of every API key, by which people and scanners recognise one.
pub const API_KEY_PREFIX: &str = "hpk_";

/// Who authenticated a request. Only the lookup of a session or an API key makes one.
#[derive(Clone, Debug)]
pub struct Principal {
    account: AccountId,
    authentication: Authentication,
    /// The network address that the request comes from; empty where it is not known.
    address: String,
    pub(crate) request: String,
    precondition: Precondition,
    idempotent_request: Option<IdempotentRequest>,
    run: Run,
    /// The view of the session.
    view: Option<View>,
}

#[derive(Clone, Debug)]
enum Authentication {
    Session(Box<Session>),
    /// The workspace in which it counts, by which of its secrets it was found, and its maker, where it
    /// is the key of a service account.
    ApiKey(WorkspaceId, Box<ApiKey>, Secret, Option<Arc<Member>>),
}

/// The credential that a request carries, valid or not.
#[derive(Clone, Copy)]
pub enum RequestCredential<'r> {
    /// The token of a session.
    Session(&'r Token),
    /// An API key.
    ApiKey(&'r str),
}

impl Principal {
    pub(crate) fn of_session(session: Session, origin: &Origin, request: &str) -> Principal {
        let (account, view) = (session.account, session.view.clone());
        let authentication = Authentication::Session(Box::new(session));
        Principal { view, ..Principal::new(account, authentication, origin, request) }
    }

    fn of_key(
        account: AccountId,
        workspace: WorkspaceId,
        (key, secret, maker): (ApiKey, Secret, Option<Arc<Member>>),
        (origin, request): (&Origin, &str),
    ) -> Principal {
        let authentication = Authentication::ApiKey(workspace, Box::new(key), secret, maker);
        Principal::new(account, authentication, origin, request)
    }

    fn new(
        account: AccountId,
        authentication: Authentication,
        origin: &Origin,
        request: &str,
    ) -> Principal {
        Principal {
            account,
            authentication,
            address: origin.address.clone(),
            request: request.to_owned(),
            precondition: Precondition::default(),
            idempotent_request: None,
            run: Run::Real,
            view: None,
        }
    }

    /// The principal, whose request expects versions of what it changes.
    #[must_use]
    pub fn expecting(self, precondition: Precondition) -> Principal {
        Principal { precondition, ..self }
    }

    /// The principal, whose request changes something only as a preview has shown it.
    #[must_use]
    pub fn as_previewed(self, preview: String) -> Principal {
        Principal { run: Run::AsPreviewed(preview), ..self }
    }

    /// The principal, whose request runs without its writes; it expects no versions.
    #[must_use]
    pub fn dry(self, dry_run: DryRun) -> Principal {
        Principal { run: Run::Dry(dry_run), precondition: Precondition::default(), ..self }
    }

    /// How the use cases of the request run.
    pub(crate) fn run(&self) -> &Run {
        &self.run
    }

    /// What the request expects of the version that it changes.
    pub(crate) fn precondition(&self) -> &Precondition {
        &self.precondition
    }

    /// The principal as themselves, whatever their session views.
    #[must_use]
    pub fn without_view(self) -> Principal {
        Principal { view: None, ..self }
    }

    /// The view of the session.
    pub(crate) fn view(&self) -> Option<&View> {
        self.view.as_ref()
    }

    /// The principal, whose request has an idempotency key.
    #[must_use]
    pub fn with_idempotent_request(self, request: IdempotentRequest) -> Principal {
        Principal { idempotent_request: Some(request), ..self }
    }

    /// The request with its idempotency key, given by its hash.
    #[must_use]
    pub fn request_with_key(&self, key: String, hash: Vec<u8>) -> IdempotentRequest {
        IdempotentRequest::new(self.account, key, hash)
    }

    /// Commits the transaction of a use case outside a workspace. A request with an idempotency key takes
    /// it over, and commits it with the response.
    pub(crate) async fn commit(&self, tx: Tx) -> Result<(), Error> {
        match &self.idempotent_request {
            Some(request) => request.hand_over(tx, None),
            None => Ok(tx.commit().await?),
        }
    }

    /// Does something after the commit of the request. Its failure does not concern the request.
    pub(crate) async fn after_commit(&self, effect: Effect) {
        match &self.idempotent_request {
            Some(request) => request.after_commit(effect).await,
            None => effect.await,
        }
    }

    /// The request, if it has an idempotency key.
    pub(crate) fn idempotent_request(&self) -> Option<&IdempotentRequest> {
        self.idempotent_request.as_ref()
    }

    /// The account of a person; `NotByKey` for an API key, which does nothing outside its workspace.
    pub fn person(&self) -> Result<AccountId, Error> {
        self.session().map(|_| self.account)
    }

    /// The account of a person who has authenticated for the account itself: single sign-on of a
    /// workspace opens that workspace alone, so that its provider neither reads nor changes anything else.
    ///
    /// # Errors
    ///
    /// `StepUp`; `NotByKey` for an API key.
    pub fn holder(&self) -> Result<AccountId, Error> {
        let session = self.signed_in().ok_or(Refusal::NotByKey)?;
        if session.authentications.count_in(None) {
            Ok(self.account)
        } else {
            Err(Error::StepUp(vec![Missing::SignIn]))
        }
    }

    /// Whether the session may know of a workspace of the account.
    pub(crate) fn counts_in(&self, workspace: WorkspaceId) -> bool {
        let session = self.signed_in();
        session.is_none_or(|session| session.authentications.count_in(Some(workspace)))
    }

    /// The session; `NotByKey` for an API key.
    pub fn session(&self) -> Result<SessionId, Error> {
        self.signed_in().map(|session| session.id).ok_or_else(|| Refusal::NotByKey.into())
    }

    /// The session, if it is one, as the request has found it.
    pub(crate) fn signed_in(&self) -> Option<&Session> {
        match &self.authentication {
            Authentication::Session(session) => Some(session),
            Authentication::ApiKey(..) => None,
        }
    }

    /// Checks that the person has proved who they are a short time ago, by what counts for the account
    /// itself: single sign-on of a workspace does not. For what changes how an account signs in.
    ///
    /// # Errors
    ///
    /// `StepUp`; `NotByKey` for an API key.
    pub fn check_recent(&self, now: Timestamp) -> Result<(), Error> {
        let session = self.signed_in().ok_or(Refusal::NotByKey)?;
        let is_recent = session.authentications.are_recent(None, RECENT, now);
        if is_recent { Ok(()) } else { Err(Error::StepUp(vec![Missing::RecentSignIn])) }
    }

    /// The network address that the request comes from; empty where it is not known.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The API key with the one workspace in which it counts.
    pub(crate) fn key(&self) -> Option<(WorkspaceId, &ApiKey)> {
        match &self.authentication {
            Authentication::Session(..) => None,
            Authentication::ApiKey(workspace, key, ..) => Some((*workspace, key)),
        }
    }

    /// The maker of the API key of a service account, active or not.
    pub(crate) fn key_maker(&self) -> Option<&Member> {
        match &self.authentication {
            Authentication::ApiKey(_, _, _, maker) => maker.as_deref(),
            Authentication::Session(..) => None,
        }
    }

    /// The id of the API key, if it is one.
    #[must_use]
    pub fn key_id(&self) -> Option<ApiKeyId> {
        self.key().map(|(_, key)| key.id)
    }

    /// Whether it is an API key of a service account.
    pub(crate) fn is_service(&self) -> bool {
        self.key().is_some_and(|(_, key)| is_service(key, self.account))
    }

    /// The account: the person's own, or that of the member for whom the API key acts; for a service
    /// account its own id, which no account has.
    pub(crate) fn account(&self) -> AccountId {
        self.account
    }
}

/// Whether a key acts for a service account, whose own id takes the place of an account.
fn is_service(key: &ApiKey, account: AccountId) -> bool {
    account.0 == key.member.0
}

/// The maker of a key of a service account, who may have left.
pub(crate) async fn key_maker(
    tx: &mut WorkspaceTx,
    key: &ApiKey,
    account: AccountId,
) -> Result<Option<Member>, Error> {
    if !is_service(key, account) {
        return Ok(None);
    }
    let maker = tx.members().find(key.made_by).await?;
    Ok(maker.map(|maker| maker.to_engine()))
}

/// Whether the accounts behind a key let it act. The key of a person acts only as long as that person and
/// its maker may sign in. That of a service account goes on when its maker leaves, and stops where the
/// operator has disabled the account of its maker.
pub(crate) async fn key_counts(
    tx: &mut WorkspaceTx,
    key: &ApiKey,
    account: AccountId,
) -> Result<bool, Error> {
    if is_service(key, account) {
        return Ok(!tx.members().is_disabled(key.made_by).await?);
    }
    if !tx.global().accounts().may_sign_in(account).await? {
        return Ok(false);
    }
    if key.made_by == key.member {
        return Ok(true);
    }
    let found = tx.members().list_who_may_sign_in(&[key.made_by]).await?;
    Ok(found.contains(&key.made_by))
}

#[cfg(test)]
mod tests;
