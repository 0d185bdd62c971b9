//! API keys over HTTP: list, create, edit, rotate, revoke. A secret is in one response and nowhere else.

use hallpass_app::api_key::{ApiKeyChange, NewApiKey};
use hallpass_domain::api_key::ApiKey;
use hallpass_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path, SignedIn, field_id, given, id};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, make))
        .routes(routes!(load, change, revoke))
        .routes(routes!(rotate))
        .routes(routes!(end_former_secret))
}

/// An API key.
#[derive(Serialize, ToSchema)]
struct ApiKeyResponse {
    /// The id.
    #[schema(value_type = scalar::ApiKeyId)]
    id: String,
    /// The name.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// The member that it acts for.
    #[schema(value_type = scalar::MemberId)]
    member: String,
    /// The member who created it, or who rotated it last. A key of a person works as long as they could create it.
    #[schema(value_type = scalar::MemberId)]
    made_by: String,
    /// When it was created.
    #[schema(value_type = scalar::Timestamp)]
    created_at: String,
    /// When it expires; `null` if it does not.
    #[schema(value_type = Option<scalar::Timestamp>)]
    expires_at: Option<String>,
    /// Whether it expires within two weeks.
    expires_soon: bool,
    /// What it may do at most; `null` for whatever its member may do.
    #[schema(value_type = Option<Vec<scalar::ApiKeyScope>>, max_items = 100)]
    scopes: Option<Vec<String>>,
    /// The networks from which it can be used; empty for all.
    #[schema(value_type = Vec<scalar::NetworkRange>, max_items = 100)]
    networks: Vec<String>,
    /// When it was last used, to one minute.
    #[schema(value_type = Option<scalar::Timestamp>)]
    last_used_at: Option<String>,
    /// The network address from which it was last used.
    last_used_from: Option<String>,
    /// When it was rotated.
    #[schema(value_type = Option<scalar::Timestamp>)]
    rotated_at: Option<String>,
    /// The secret before the rotation, as long as it works.
    former_secret: Option<FormerSecretResponse>,
    /// The version, also in `ETag`.
    #[schema(minimum = 0)]
    version: i64,
    /// The secret; only in the responses that create one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = scalar::ApiKeySecret)]
    key: Option<String>,
}

/// The secret of an API key before its last rotation.
#[derive(Serialize, ToSchema)]
struct FormerSecretResponse {
    /// Until when it works.
    #[schema(value_type = scalar::Timestamp)]
    works_until: String,
    /// When it was last used since the rotation, to one minute.
    #[schema(value_type = Option<scalar::Timestamp>)]
    last_used_at: Option<String>,
}

impl ApiKeyResponse {
    fn of(key: &ApiKey, now: Timestamp) -> ApiKeyResponse {
        let scopes = key.scopes.as_ref();
        let former = key.working_former(now).map(|former| FormerSecretResponse {
            works_until: former.until.to_string(),
            last_used_at: former.seen_at.map(|at| at.to_string()),
        });
        ApiKeyResponse {
            id: key.id.to_string(),
            name: key.name.clone(),
            member: key.member.to_string(),
            made_by: key.made_by.to_string(),
            created_at: key.created_at.to_string(),
            expires_at: key.expires_at.map(|at| at.to_string()),
            expires_soon: key.expires_soon(now),
            scopes: scopes.map(|scopes| scopes.entries().collect()),
            networks: key.networks.iter().map(ToString::to_string).collect(),
            last_used_at: key.seen_at.map(|at| at.to_string()),
            last_used_from: Some(key.address.clone()).filter(|address| !address.is_empty()),
            rotated_at: key.rotated_at.map(|at| at.to_string()),
            former_secret: former,
            version: key.version,
            key: None,
        }
    }
}

/// List API keys
///
/// Lists the API keys of the workspace, the latest first, without their secrets. Requires
/// `api_keys: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/api-keys", tag = "Administration", params(PageParams),
    responses((status = 200, body = Page<ApiKeyResponse>),
        (status = 403, description = "`denied`: the caller may not read API keys.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<ApiKeyResponse>> {
    let keys = ctx.api_keys().list().await?;
    let now = ctx.now();
    let items = keys.iter().map(|key| ApiKeyResponse::of(key, now)).collect();
    let page = Page::part("API keys", &ask, items, |key| &key.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A new API key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateApiKeyRequest {
    /// The name, for people.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// The member that it acts for; the caller if absent.
    #[schema(value_type = Option<scalar::MemberId>)]
    member: Option<String>,
    /// When it expires, in ten years at most; never if absent.
    #[schema(value_type = Option<scalar::Timestamp>)]
    expires_at: Option<String>,
    /// What it may do at most, such as `contacts:read` or `*:read`; whatever its member may do if absent.
    #[schema(value_type = Option<Vec<scalar::ApiKeyScope>>, min_items = 1, max_items = 100)]
    scopes: Option<Vec<String>>,
    /// The networks from which it can be used, in addition to those that the workspace allows; all if
    /// absent.
    #[serde(default)]
    #[schema(value_type = Vec<scalar::NetworkRange>, max_items = 100, required = false)]
    networks: Vec<String>,
}

/// Create an API key
///
/// Creates an API key that acts for a member, with the permissions that the member has at the
/// time of each request. The secret is in `key` of this response only. A workspace has at most
/// 500 keys.
///
/// Scopes limit the key: a request may do what both the member and the scopes allow. A scope names a
/// resource and an action, `contacts:read`, or several, `contacts,opportunities:read,update`; `own` limits it to
/// the member's own records, `contacts:update:own`. `*` is every resource or every action, `@records`,
/// `@modules` and `@settings` those of a kind, including those that are added later: `*:read` reads
/// everything that the member may read. As for members, changing records includes only those that the
/// key may read. A key gives others no more than it holds itself.
///
/// Requires `api_keys: create`. What a key for another member may do must not exceed what the caller may
/// do.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/api-keys", tag = "Administration", request_body = CreateApiKeyRequest,
    responses((status = 201, body = ApiKeyResponse),
        (status = 403, description = "`denied`, `grant_ceiling`: the member may do more than the caller, `address_not_confirmed`: the caller has not confirmed their address, or `not_by_key`: an API key cannot create another.")))]
async fn make(
    SignedIn(principal): SignedIn,
    WriteContextWith(mut ctx, ask): WriteContextWith<CreateApiKeyRequest>,
) -> Answer<ApiKeyResponse> {
    let ask = NewApiKey {
        name: ask.name,
        member: ask.member.as_deref().map(|text| field_id("/member", text)).transpose()?,
        expires_at: ask.expires_at.as_deref().map(expiry).transpose()?,
        scopes: ask.scopes,
        networks: ask.networks,
    };
    let (key, secret) = ctx.api_keys().create(&principal, &ask).await?;
    let view = ApiKeyResponse { key: Some(secret), ..ApiKeyResponse::of(&key, ctx.now()) };
    Ok(Reply::created(view).shown_once().at(ctx.revision()).version(key.version))
}

fn expiry(text: &str) -> Result<Timestamp, Problem> {
    super::audit::time("/expires_at", text)
}

/// Get an API key
///
/// Gets an API key without its secret. Requires `api_keys: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/api-keys/{id}", tag = "Administration",
    responses((status = 200, body = ApiKeyResponse),
        (status = 403, description = "`denied`: the caller may not read API keys.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, key)): Path<(String, String)>,
) -> Answer<ApiKeyResponse> {
    let key = ctx.api_keys().load(id(&key, "API key")?).await?;
    let view = ApiKeyResponse::of(&key, ctx.now());
    Ok(Reply::ok(view).at(ctx.revision()).version(key.version))
}

/// Changes to an API key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateApiKeyRequest {
    /// The name, for people.
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<String>,
    /// When it expires, in ten years at most, or `null` for never.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::Timestamp>)]
    expires_at: Option<Option<String>>,
    /// What it may do at most, instead of its scopes, or `null` for whatever its member may do.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<scalar::ApiKeyScope>>, min_items = 1, max_items = 100)]
    scopes: Option<Option<Vec<String>>>,
    /// The networks from which it can be used, instead of its networks; empty for all.
    #[schema(value_type = Option<Vec<scalar::NetworkRange>>, max_items = 100)]
    networks: Option<Vec<String>>,
}

/// Update an API key
///
/// Changes what the request names, from the next request with the key on. Its secret, its member and its maker
/// (`made_by`) stay.
///
/// Requires `api_keys: create`, and what creating the key takes, before the change and after it. New scopes
/// must not exceed what the maker may do either, who may know the secret: rotate the key first, which makes
/// the caller the maker. They are refused while a former secret works, and an expired key stays as it is.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/api-keys/{id}", tag = "Administration", request_body = UpdateApiKeyRequest,
    responses((status = 200, body = ApiKeyResponse),
        (status = 403, description = "`denied`, `grant_ceiling`: the key may do more than the caller, `address_not_confirmed`: the caller has not confirmed their address, or `not_by_key`: an API key cannot change one.")))]
async fn change(
    SignedIn(principal): SignedIn,
    Path((_, key)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateApiKeyRequest>,
) -> Answer<ApiKeyResponse> {
    let UpdateApiKeyRequest { name, expires_at, scopes, networks } = ask;
    let time = |at: Option<String>| at.as_deref().map(expiry).transpose();
    let expires_at = expires_at.map(time).transpose()?;
    let change = ApiKeyChange { name, expires_at, scopes, networks };
    let key = ctx.api_keys().update(&principal, id(&key, "API key")?, &change).await?;
    let view = ApiKeyResponse::of(&key, ctx.now());
    Ok(Reply::ok(view).at(ctx.revision()).version(key.version))
}

/// How an API key is rotated.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RotateApiKeyRequest {
    /// For how many hours the former secret works, at most a week; a day if absent. With `0` it ends at
    /// once.
    #[schema(minimum = 0, maximum = 168)]
    overlap_hours: Option<i64>,
}

/// Replace the secret of an API key
///
/// Gives the key another secret, which is in `key` of this response only. The former one works for
/// `overlap_hours` more, so that every program can get the new one first; the secret before that ends.
/// Scopes, networks and expiry stay. The caller becomes the maker of the key (`made_by`).
///
/// Requires `api_keys: create`, and what creating the key takes.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/api-keys/{id}/rotate", tag = "Administration", request_body = RotateApiKeyRequest,
    responses((status = 200, body = ApiKeyResponse),
        (status = 403, description = "`denied`, `grant_ceiling`: the key may do more than the caller, `address_not_confirmed`: the caller has not confirmed their address, or `not_by_key`: an API key cannot rotate one.")))]
async fn rotate(
    SignedIn(principal): SignedIn,
    Path((_, key)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<RotateApiKeyRequest>,
) -> Answer<ApiKeyResponse> {
    let key = id(&key, "API key")?;
    let (key, secret) = ctx.api_keys().rotate(&principal, key, ask.overlap_hours).await?;
    let view = ApiKeyResponse { key: Some(secret), ..ApiKeyResponse::of(&key, ctx.now()) };
    Ok(Reply::ok(view).shown_once().at(ctx.revision()).version(key.version))
}

/// Revoke the former secret of an API key
///
/// The secret before the last rotation ends now and not at the end of the overlap; the present one stays.
/// Requires `api_keys: delete`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/api-keys/{id}/former-secret", tag = "Administration",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may not revoke API keys."),
        (status = 404, description = "There is no such key, or no former secret of it works.")))]
async fn end_former_secret(
    WriteContext(mut ctx): WriteContext,
    Path((_, key)): Path<(String, String)>,
) -> Answer<()> {
    let key = id(&key, "API key")?;
    ctx.api_keys().end_former_secret(key).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// Revoke an API key
///
/// The next request with any secret of the key is refused with 401. Requires `api_keys: delete`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/api-keys/{id}", tag = "Administration",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may not revoke API keys.")))]
async fn revoke(
    WriteContext(mut ctx): WriteContext,
    Path((_, key)): Path<(String, String)>,
) -> Answer<()> {
    let key = id(&key, "API key")?;
    ctx.api_keys().revoke(key).await?;
    Ok(Reply::done().at(ctx.revision()))
}
