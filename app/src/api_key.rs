//! API keys: list, create, revoke. A key acts for a member.
//!
//! **Invariant:** a key may do what its member may when it is used, as long as its creator could still
//! create it.

use hallpass_domain::api_key::ApiKey;
use hallpass_domain::id::{ApiKeyId, MemberId};
use hallpass_domain::model::guard::{check_revoke_key, check_stand_in};
use hallpass_domain::name::Name;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use serde_json::{Value, json};

use crate::account::confirmation::check_actor_confirmed;
use crate::boxed;
use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::{CreateApiKeys, ReadApiKeys, RevokeApiKeys};
use crate::principal::{API_KEY_PREFIX, Principal};
use crate::secret::Token;

/// How many keys a workspace has at most.
const MOST: usize = 500;

/// A request to create a key.
#[derive(Clone, Debug, Default)]
pub struct NewApiKey {
    /// The display name.
    pub name: String,
    /// The member for whom it acts; without one, the acting member.
    pub member: Option<MemberId>,
    /// When it expires, if it does.
    pub expires_at: Option<Timestamp>,
}

/// The API keys of a workspace.
pub struct ApiKeys<'c>(pub(crate) &'c mut WorkspaceContext);

impl ApiKeys<'_> {
    /// Lists the API keys, the latest first.
    #[boxed]
    pub async fn list(&mut self) -> Result<Vec<ApiKey>, Error> {
        let pass = self.0.check(ReadApiKeys).await?;
        Ok(self.0.read(&pass)?.api_keys().list_all().await?)
    }

    /// Creates an API key and returns it with its secret, which is not stored. `MayNotTouch` and
    /// `GrantCeiling` when the acting member may not act for the key's member.
    #[boxed]
    pub async fn create(
        &mut self,
        principal: &Principal,
        new: &NewApiKey,
    ) -> Result<(ApiKey, String), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(CreateApiKeys).await?;
        // A key that expires must not create one that does not.
        principal.person()?;
        check_actor_confirmed(ctx, &pass).await?;
        let made_by = ctx.member_id().ok_or_else(no_workspace)?;
        let name = Name::parse(&new.name)
            .map_err(|why| Refusal::field("/name", "bad_name", why.to_string()))?;
        if new.expires_at.is_some_and(|at| at <= ctx.now) {
            return Err(
                Refusal::field("/expires_at", "past", "this time is in the past").into()
            );
        }
        let member = new.member.unwrap_or(made_by);
        if ctx.model().member(member).is_none_or(|member| !member.is_active) {
            let detail = format!("no active member `{member}`");
            return Err(Refusal::field("/member", "unknown", detail).into());
        }
        check_stand_in(ctx.model(), made_by, member)?;
        if ctx.read(&pass)?.api_keys().list_all().await?.len() >= MOST {
            let detail = format!("the workspace has {MOST} API keys; revoke some first");
            return Err(Refusal::field("", "too_many", detail).into());
        }
        let token = Token::of(ctx.workspace_id(), ctx.app.random());
        let key = ApiKey {
            id: ctx.id(),
            name: name.into_string(),
            member,
            made_by,
            created_at: ctx.now,
            expires_at: new.expires_at,
            seen_at: None,
        };
        ctx.tx(&pass)?.api_keys().insert(&token.hash(), &key).await?;
        ctx.record_audit(&pass, "api_key.create", key.id, &(), &audit_view(&key)).await?;
        ctx.commit(&pass).await?;
        Ok((key, format!("{API_KEY_PREFIX}{}", token.expose())))
    }

    /// Revokes an API key.
    ///
    /// # Errors
    ///
    /// Those of [`create`](ApiKeys::create): revoking a key of a member takes what creating it takes.
    #[boxed]
    pub async fn revoke(&mut self, id: ApiKeyId) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(RevokeApiKeys).await?;
        let key = ctx.read(&pass)?.api_keys().find(id).await?;
        let key = key.ok_or(Error::Missing { noun: "API key" })?;
        if let Some(member) = ctx.member_id() {
            check_revoke_key(ctx.model(), member, key.member)?;
        }
        ctx.tx(&pass)?.api_keys().delete(id).await?;
        ctx.record_audit(&pass, "api_key.revoke", id, &audit_view(&key), &()).await?;
        ctx.commit(&pass).await.map(drop)
    }
}

/// An API key in the audit log.
fn audit_view(key: &ApiKey) -> Value {
    json!({
        "name": key.name,
        "member": key.member.to_string(),
        "expires_at": key.expires_at.map(|at| at.to_string()),
    })
}
