//! API keys: list, create, edit, rotate, revoke. A key acts for a member.
//!
//! **Invariant:** a key may do what its member may when it is used, within its scopes. That of a person acts
//! as long as its maker could still make it. No key makes a secret, or changes what one may do, its own or
//! that of another.

pub mod reminder;

use hallpass_domain::api_key::{ApiKey, check_expiry, parse_networks, parse_scopes};
use hallpass_domain::id::{ApiKeyId, MemberId};
use hallpass_domain::model::guard::{check_key, check_key_use, check_revoke_key};
use hallpass_domain::name::Name;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::time::Timestamp;
use serde_json::{Value, json};

use crate::account::confirmation::check_actor_confirmed;
use crate::boxed;
use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::{CreateApiKeys, ReadApiKeys, RevokeApiKeys};
use crate::gate::{Pass, Permission};
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
    /// What it may do at most, as permission strings such as `contacts:read`; without, whatever its member
    /// may do.
    pub scopes: Option<Vec<String>>,
    /// The networks from which it is used; empty for all.
    pub networks: Vec<String>,
}

/// A change of a key; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct ApiKeyChange {
    /// The display name.
    pub name: Option<String>,
    /// When it expires, or that it does not.
    pub expires_at: Option<Option<Timestamp>>,
    /// What it may do at most, or whatever its member may do.
    pub scopes: Option<Option<Vec<String>>>,
    /// The networks from which it is used; empty for all.
    pub networks: Option<Vec<String>>,
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

    /// Loads an API key.
    #[boxed]
    pub async fn load(&mut self, id: ApiKeyId) -> Result<ApiKey, Error> {
        let pass = self.0.check(ReadApiKeys).await?;
        load(self.0, &pass, id).await
    }

    /// Creates an API key and returns it with its secret, which is not stored. `MayNotTouch` and
    /// `GrantCeiling` when the acting member may not do for the key's member what the key would.
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
        let key = build(ctx, made_by, new)?;
        check_key(ctx.model(), &key)?;
        if ctx.read(&pass)?.api_keys().list_all().await?.len() >= MOST {
            let detail = format!("the workspace has {MOST} API keys; revoke some first");
            return Err(Refusal::field("", "too_many", detail).into());
        }
        let token = Token::of(ctx.workspace_id(), ctx.app.random());
        ctx.tx(&pass)?.api_keys().insert(&token.hash(), &key).await?;
        ctx.record_audit(&pass, "api_key.create", key.id, &(), &audit_view(&key)).await?;
        ctx.commit(&pass).await?;
        Ok((key, format!("{API_KEY_PREFIX}{}", token.expose())))
    }

    /// Changes the name, scopes, networks or expiry of an API key. Its secret and its maker stay.
    ///
    /// # Errors
    ///
    /// Those of [`create`](ApiKeys::create), of the key before and after: who changes what a secret may do
    /// could have made it. `Fields` also for an expired key, and when the maker, who may know the secret, could
    /// not have made the key with the scopes.
    #[boxed]
    pub async fn update(
        &mut self,
        principal: &Principal,
        id: ApiKeyId,
        change: &ApiKeyChange,
    ) -> Result<ApiKey, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(CreateApiKeys).await?;
        principal.person()?;
        check_actor_confirmed(ctx, &pass).await?;
        let actor = ctx.member_id().ok_or_else(no_workspace)?;
        let before = load(ctx, &pass, id).await?;
        check_key(ctx.model(), &ApiKey { made_by: actor, ..before.clone() })?;
        ctx.check_version(before.version)?;
        before.check_alive(ctx.now)?;
        let after = changed(ctx, before.clone(), change, Vec::new())?;
        check_key(ctx.model(), &ApiKey { made_by: actor, ..after.clone() })?;
        if after.scopes != before.scopes {
            before.check_no_former(ctx.now)?;
            let maker = ctx.read(&pass)?.members().find(after.made_by).await?;
            let maker = maker.map(|maker| maker.to_engine());
            check_key_use(ctx.model(), &after, maker.as_ref()).map_err(|_| beyond_maker())?;
        }
        if !ctx.tx(&pass)?.api_keys().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(&pass, "api_key.update", id, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(ApiKey { version: after.version + 1, ..after })
    }

    /// Gives an API key another secret and returns both; the former one works for some hours more. The
    /// acting member becomes its maker.
    ///
    /// # Errors
    ///
    /// Those of [`create`](ApiKeys::create): who sees a secret could have made the key.
    #[boxed]
    pub async fn rotate(
        &mut self,
        principal: &Principal,
        id: ApiKeyId,
        overlap_hours: Option<i64>,
    ) -> Result<(ApiKey, String), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(CreateApiKeys).await?;
        principal.person()?;
        check_actor_confirmed(ctx, &pass).await?;
        let made_by = ctx.member_id().ok_or_else(no_workspace)?;
        let before = load(ctx, &pass, id).await?;
        ctx.check_version(before.version)?;
        let key = before.clone().rotated(made_by, overlap_hours, ctx.now)?;
        check_key(ctx.model(), &key)?;
        let token = Token::of(ctx.workspace_id(), ctx.app.random());
        ctx.tx(&pass)?.api_keys().rotate(&token.hash(), &key).await?;
        let (was, is) = (audit_view(&before), audit_view(&key));
        ctx.record_audit(&pass, "api_key.rotate", id, &was, &is).await?;
        ctx.commit(&pass).await?;
        let key = ApiKey { version: key.version + 1, ..key };
        Ok((key, format!("{API_KEY_PREFIX}{}", token.expose())))
    }

    /// Ends the secret that an API key had before its last rotation; the present one stays.
    ///
    /// # Errors
    ///
    /// Those of [`revoke`](ApiKeys::revoke).
    #[boxed]
    pub async fn end_former_secret(&mut self, id: ApiKeyId) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(RevokeApiKeys).await?;
        let key = load_to_revoke(ctx, &pass, id).await?;
        if key.working_former(ctx.now).is_none() {
            return Err(Error::Missing { noun: "former secret" });
        }
        let after = ApiKey { former: None, ..key.clone() };
        ctx.tx(&pass)?.api_keys().end_former(id).await?;
        let (was, is) = (audit_view(&key), audit_view(&after));
        ctx.record_audit(&pass, "api_key.end_former_secret", id, &was, &is).await?;
        ctx.commit(&pass).await.map(drop)
    }

    /// Revokes an API key, with every secret of it.
    ///
    /// # Errors
    ///
    /// Those of [`create`](ApiKeys::create): revoking a key of a member takes what creating it takes.
    #[boxed]
    pub async fn revoke(&mut self, id: ApiKeyId) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(RevokeApiKeys).await?;
        let key = load_to_revoke(ctx, &pass, id).await?;
        ctx.tx(&pass)?.api_keys().delete(id).await?;
        ctx.record_audit(&pass, "api_key.revoke", id, &audit_view(&key), &()).await?;
        ctx.commit(&pass).await.map(drop)
    }
}

async fn load(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    id: ApiKeyId,
) -> Result<ApiKey, Error> {
    let found = ctx.read(pass)?.api_keys().find(id).await?;
    found.ok_or(Error::Missing { noun: "API key" })
}

/// A key that the acting member may end, in the version that the request expects.
async fn load_to_revoke(
    ctx: &mut WorkspaceContext,
    pass: &Pass<RevokeApiKeys>,
    id: ApiKeyId,
) -> Result<ApiKey, Error> {
    let key = load(ctx, pass, id).await?;
    if let Some(member) = ctx.member_id() {
        check_revoke_key(ctx.model(), member, key.member)?;
    }
    ctx.check_version(key.version)?;
    Ok(key)
}

fn beyond_maker() -> Refusal {
    let detail = "the member who made the secret of this API key may not do all of that; rotate the key \
                  first, so that the secret is yours";
    Refusal::field("/scopes", "beyond_maker", detail)
}

/// The API key of a request, with every mistake in it.
fn build(
    ctx: &WorkspaceContext,
    made_by: MemberId,
    new: &NewApiKey,
) -> Result<ApiKey, Refusal> {
    let mut errors = Vec::new();
    let member = new.member.unwrap_or(made_by);
    if ctx.model().member(member).is_none_or(|member| !member.is_active) {
        let detail = format!("no active member `{member}`");
        errors.push(FieldError::new("/member", "unknown", detail));
    }
    let blank = ApiKey::new(ctx.id(), String::new(), (member, made_by), ctx.now);
    let change = ApiKeyChange {
        name: Some(new.name.clone()),
        expires_at: Some(new.expires_at),
        scopes: Some(new.scopes.clone()),
        networks: Some(new.networks.clone()),
    };
    changed(ctx, blank, &change, errors)
}

/// A key after a change, with every mistake in it beside those that were found before.
fn changed(
    ctx: &WorkspaceContext,
    before: ApiKey,
    change: &ApiKeyChange,
    found: Vec<FieldError>,
) -> Result<ApiKey, Refusal> {
    let (mut key, mut errors) = (before, found);
    if let Some(name) = &change.name {
        match Name::parse(name) {
            Ok(name) => key.name = name.into_string(),
            Err(why) => errors.push(FieldError::new("/name", "bad_name", why.to_string())),
        }
    }
    if let Some(expires_at) = change.expires_at {
        errors.extend(check_expiry(expires_at, ctx.now));
        key = key.expiring(expires_at, ctx.now);
    }
    if let Some(scopes) = &change.scopes {
        match parse_scopes(scopes.as_deref(), ctx.policy()) {
            Ok(scopes) => key.scopes = scopes,
            Err(wrong) => errors.extend(wrong),
        }
    }
    if let Some(networks) = &change.networks {
        match parse_networks(networks) {
            Ok(networks) => key.networks = networks,
            Err(wrong) => errors.extend(wrong),
        }
    }
    Refusal::unless_valid(errors)?;
    Ok(key)
}

/// An API key in the audit log.
fn audit_view(key: &ApiKey) -> Value {
    json!({
        "name": key.name,
        "member": key.member.to_string(),
        "expires_at": key.expires_at.map(|at| at.to_string()),
        "scopes": key.scopes.as_ref().map(|scopes| scopes.entries().collect::<Vec<_>>()),
        "networks": key.networks.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "rotated_at": key.rotated_at.map(|at| at.to_string()),
        "former_secret_until": key.former.map(|former| former.until.to_string()),
    })
}
