//! The lookup of principals: by the token of a session, or an API key.

use std::sync::Arc;

use hallpass_domain::api_key::{ApiKey, Secret};
use hallpass_domain::id::WorkspaceId;
use hallpass_domain::member::Status;
use hallpass_domain::session::Session;
use hallpass_domain::time::Timestamp;

use super::{API_KEY_PREFIX, Authentication, Principal, key_counts, key_maker};
use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::origin::Origin;
use crate::secret::Token;

/// Authentication of requests.
pub struct Principals<'a>(pub(crate) &'a App);

impl Principals<'_> {
    /// Finds the principal of a session token; none when the session has ended.
    #[boxed]
    pub async fn find_by_session(
        &self,
        token: &Token,
        (origin, request): (&Origin, &str),
    ) -> Result<Option<Principal>, Error> {
        let now = self.0.now();
        let found = self.0.db().read().await?.sessions().find(&token.hash()).await?;
        Ok(found.and_then(|session| self.of_session(session, now, (origin, request))))
    }

    /// The principal of a stored session; none when it has ended.
    pub(crate) fn of_session(
        &self,
        session: Session,
        now: Timestamp,
        (origin, request): (&Origin, &str),
    ) -> Option<Principal> {
        let session = self.0.presence_log().with_note(session);
        if !session.is_alive(now) {
            return None;
        }
        let session = self.0.sessions().note_use(session, origin);
        Some(Principal::of_session(session, origin, request))
    }

    /// The principal of another request with the same credential, which is stored as it was; none when it no
    /// longer counts.
    pub(crate) fn again(
        &self,
        principal: &Principal,
        (origin, request): (&Origin, &str),
    ) -> Option<Principal> {
        let now = self.0.now();
        match &principal.authentication {
            Authentication::Session(session) => {
                self.of_session((**session).clone(), now, (origin, request))
            }
            Authentication::ApiKey(workspace, key, secret, maker) => {
                if !key.works(*secret, now) {
                    return None;
                }
                let key = self.note_key_use(*workspace, ((**key).clone(), *secret), origin);
                let key = (key, *secret, maker.clone());
                let account = principal.account;
                Some(Principal::of_key(account, *workspace, key, (origin, request)))
            }
        }
    }

    /// Finds the principal of an API key; none when it does not exist, has expired or got another
    /// secret, or its member is not active.
    #[boxed]
    pub async fn find_by_api_key(
        &self,
        secret: &str,
        (origin, request): (&Origin, &str),
    ) -> Result<Option<Principal>, Error> {
        let token = secret.strip_prefix(API_KEY_PREFIX).map(Token::received);
        let Some((token, workspace)) =
            token.and_then(|token| token.workspace().map(|workspace| (token, workspace)))
        else {
            return Ok(None);
        };
        let (db, now) = (self.0.db(), self.0.now());
        let Some(mut tx) = db.read_in(workspace.0).await? else { return Ok(None) };
        let found = tx.api_keys().find_by_token(&token.hash()).await?;
        let found = found.filter(|(key, secret)| key.works(*secret, now));
        let Some((key, secret)) = found else { return Ok(None) };
        // The key of a member who may not act is no credential (CRM-139).
        let member = tx.members().find(key.member).await?;
        let Some(member) = member.filter(|member| member.status == Status::Active) else {
            return Ok(None);
        };
        let account = member.account_or_own_id();
        if !key_counts(&mut tx, &key, account).await? {
            return Ok(None);
        }
        let maker = key_maker(&mut tx, &key, account).await?.map(Arc::new);
        drop(tx);
        let key = self.note_key_use(workspace, (key, secret), origin);
        let key = (key, secret, maker);
        Ok(Some(Principal::of_key(account, workspace, key, (origin, request))))
    }

    /// Notes that a key is used now, where that is due and the key may be used from there.
    fn note_key_use(
        &self,
        workspace: WorkspaceId,
        (key, secret): (ApiKey, Secret),
        origin: &Origin,
    ) -> ApiKey {
        let now = self.0.now();
        let is_used = key.admits_address(origin.address.parse().ok());
        if !is_used || !key.is_to_be_seen(secret, now) {
            return key;
        }
        let key = key.used(secret, &origin.address, now);
        self.0.presence_log().note_key(workspace, &key, secret);
        key
    }
}
