//! API keys: what programs act for members with, made by those whom the access model lets.
//!
//! **Invariant:** a key does what its member may when it is used, and nothing that whoever made it
//! may not do then.

use hallpass_domain::api_key::ApiKey;
use hallpass_domain::id::{ApiKeyId, MemberId};
use hallpass_domain::model::guard::check_stand_in;
use hallpass_domain::name::Name;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::{Span, Timestamp};
use serde_json::{Value, json};

use crate::app::App;
use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::{CreateApiKeys, ReadApiKeys, RevokeApiKeys};
use crate::principal::Principal;
use crate::secret::Token;

/// What every key begins with, so that people and scanners know one when they see it.
pub const MARK: &str = "hpk_";

/// The most keys of a workspace.
const MOST: usize = 500;

/// A key that somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct NewApiKey {
    /// What people call it.
    pub name: String,
    /// For whom it acts; for whoever asks where nobody is named.
    pub member: Option<MemberId>,
    /// From when on it does not count any more.
    pub expires_at: Option<Timestamp>,
}

impl App {
    /// Who brings an API key; nobody when there is none such, or it has expired.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn principal_by_key(
        &self,
        secret: &str,
        request: &str,
    ) -> Result<Option<Principal>, Error> {
        let token = secret.strip_prefix(MARK).map(Token::brought);
        let Some((token, workspace)) =
            token.and_then(|token| token.workspace().map(|workspace| (token, workspace)))
        else {
            return Ok(None);
        };
        let now = self.now();
        let Some(mut tx) = self.db().read_in(workspace.0).await? else { return Ok(None) };
        let found = tx.api_keys().find_by_token(&token.hash()).await?;
        let Some(key) = found.filter(|key| key.is_alive(now)) else { return Ok(None) };
        let Some(member) = tx.members().find(key.member).await? else { return Ok(None) };
        drop(tx);
        if key.seen_at.is_none_or(|seen| now - seen >= Span::minutes(1))
            && let Some(mut tx) = self.db().write_in(workspace.0).await?
        {
            tx.api_keys().update_seen_at(key.id, now).await?;
            tx.commit().await?;
        }
        Ok(Some(Principal::of_key(member.account, workspace, key, request)))
    }
}

impl WorkspaceContext {
    /// Every API key, the latest first.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn list_api_keys(&mut self) -> Result<Vec<ApiKey>, Error> {
        let pass = self.check(ReadApiKeys).await?;
        Ok(self.tx(&pass)?.api_keys().list_all().await?)
    }

    /// Makes an API key; its secret is told here and never again.
    ///
    /// # Errors
    ///
    /// `Denied`; `NotByKey` when a key asks; `MayNotTouch` and `GrantCeiling` when it would act for
    /// somebody whom the asker may not stand in for; `Fields` with what is wrong.
    pub async fn create_api_key(
        &mut self,
        principal: &Principal,
        ask: &NewApiKey,
    ) -> Result<(ApiKey, String), Error> {
        let pass = self.check(CreateApiKeys).await?;
        // One that ends would make one that does not.
        principal.person()?;
        let made_by = self.member_id().ok_or_else(no_workspace)?;
        let name = Name::parse(&ask.name)
            .map_err(|why| Refusal::field("/name", "bad_name", why.to_string()))?;
        if ask.expires_at.is_some_and(|at| at <= self.now) {
            return Err(Refusal::field("/expires_at", "past", "this time is over").into());
        }
        let member = ask.member.unwrap_or(made_by);
        if self.model().member(member).is_none_or(|member| !member.is_active) {
            let detail = "there is no such active member";
            return Err(Refusal::field("/member", "unknown", detail).into());
        }
        check_stand_in(self.model(), made_by, member)?;
        if self.tx(&pass)?.api_keys().list_all().await?.len() >= MOST {
            let detail = format!("there are {MOST} keys: revoke some first");
            return Err(Refusal::field("", "too_many", detail).into());
        }
        let token = Token::of(self.workspace_id(), self.app.random());
        let key = ApiKey {
            id: self.id(),
            name: name.into_string(),
            member,
            made_by,
            created_at: self.now,
            expires_at: ask.expires_at,
            seen_at: None,
        };
        self.tx(&pass)?.api_keys().insert(&token.hash(), &key).await?;
        self.record_audit(&pass, "api_key.create", key.id, &(), &audit_view(&key)).await?;
        self.commit(&pass).await?;
        Ok((key, format!("{MARK}{}", token.expose())))
    }

    /// Revokes an API key: the next request with it is refused.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`.
    pub async fn revoke_api_key(&mut self, id: ApiKeyId) -> Result<(), Error> {
        let pass = self.check(RevokeApiKeys).await?;
        let key = self.tx(&pass)?.api_keys().find(id).await?;
        let key = key.ok_or(Error::Missing { noun: "API key" })?;
        self.tx(&pass)?.api_keys().delete(id).await?;
        self.record_audit(&pass, "api_key.revoke", id, &audit_view(&key), &()).await?;
        self.commit(&pass).await.map(drop)
    }

    /// Whether whoever made a key could still make it.
    pub(crate) fn check_key(&self, key: &ApiKey) -> Result<(), Error> {
        Ok(check_stand_in(self.model(), key.made_by, key.member)
            .map_err(|_| Refusal::KeyRests)?)
    }
}

/// What the audit log says of a key.
fn audit_view(key: &ApiKey) -> Value {
    json!({
        "name": key.name,
        "member": key.member.to_string(),
        "expires_at": key.expires_at.map(|at| at.to_string()),
    })
}
