//! API keys over HTTP: list, make, revoke. The key itself is in one answer and nowhere else.

use hallpass_app::api_key::NewApiKey;
use hallpass_domain::api_key::ApiKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path, SignedIn, field_id, id};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, make)).routes(routes!(revoke))
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
    /// The member who created it.
    #[schema(value_type = scalar::MemberId)]
    made_by: String,
    /// When it was created.
    #[schema(value_type = scalar::Timestamp)]
    created_at: String,
    /// When it expires; `null` if it does not.
    #[schema(value_type = Option<scalar::Timestamp>)]
    expires_at: Option<String>,
    /// When it was last used, to five minutes.
    #[schema(value_type = Option<scalar::Timestamp>)]
    last_used_at: Option<String>,
    /// The secret; only in the response that creates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = scalar::ApiKeySecret)]
    key: Option<String>,
}

impl ApiKeyResponse {
    fn of(key: &ApiKey) -> ApiKeyResponse {
        ApiKeyResponse {
            id: key.id.to_string(),
            name: key.name.clone(),
            member: key.member.to_string(),
            made_by: key.made_by.to_string(),
            created_at: key.created_at.to_string(),
            expires_at: key.expires_at.map(|at| at.to_string()),
            last_used_at: key.seen_at.map(|at| at.to_string()),
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
    let items = keys.iter().map(ApiKeyResponse::of).collect();
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
    /// When it expires; never if absent.
    #[schema(value_type = Option<scalar::Timestamp>)]
    expires_at: Option<String>,
}

/// Create an API key
///
/// Creates an API key that acts for a member, with the permissions that the member has at the
/// time of each request. The secret is in `key` of this response only. A workspace has at most
/// 500 keys.
///
/// Requires `api_keys: create`. A key for another member must not exceed what the caller may
/// do.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/api-keys", tag = "Administration", request_body = CreateApiKeyRequest,
    responses((status = 201, body = ApiKeyResponse),
        (status = 403, description = "`denied`, `grant_ceiling`: the member may do more than the caller, `address_not_confirmed`: the caller has not confirmed their address, or `not_by_key`: an API key cannot create another.")))]
async fn make(
    SignedIn(principal): SignedIn,
    WriteContextWith(mut ctx, ask): WriteContextWith<CreateApiKeyRequest>,
) -> Answer<ApiKeyResponse> {
    let time = |text: &str| super::audit::time("/expires_at", text);
    let ask = NewApiKey {
        name: ask.name,
        member: ask.member.as_deref().map(|text| field_id("/member", text)).transpose()?,
        expires_at: ask.expires_at.as_deref().map(time).transpose()?,
    };
    let (key, secret) = ctx.api_keys().create(&principal, &ask).await?;
    let view = ApiKeyResponse { key: Some(secret), ..ApiKeyResponse::of(&key) };
    Ok(Reply::created(view).shown_once().at(ctx.revision()))
}

/// Revoke an API key
///
/// The next request with the key is refused with 401. Requires `api_keys: delete`.
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
