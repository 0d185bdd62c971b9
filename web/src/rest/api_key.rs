//! API keys over HTTP: list, make, revoke. The key itself is in one answer and nowhere else.

use hallpass_app::api_key::NewApiKey;
use hallpass_domain::api_key::ApiKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path, SignedIn, field_id, id};
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, make)).routes(routes!(revoke))
}

/// An API key.
#[derive(Serialize, ToSchema)]
struct ApiKeyResponse {
    id: String,
    name: String,
    /// The member for whom it acts.
    member: String,
    /// The member who made it.
    made_by: String,
    created_at: String,
    /// Null when it does not expire.
    expires_at: Option<String>,
    last_used_at: Option<String>,
    /// The key itself, where it was made; never again.
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// The API keys, the latest first.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/api-keys", tag = "Administration", params(PageParams),
    responses((status = 200, body = Page<ApiKeyResponse>), (status = 403, body = Problem)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<ApiKeyResponse>> {
    let keys = ctx.api_keys().list().await?;
    let items = keys.iter().map(ApiKeyResponse::of).collect();
    let page = Page::part("API keys", &ask, items, |key| &key.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// An API key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateApiKeyRequest {
    name: String,
    /// The member for whom it acts; oneself where nobody is named.
    member: Option<String>,
    /// From when on it does not count any more (RFC 3339).
    expires_at: Option<String>,
}

/// Make an API key. It may what its member may when it is used.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/api-keys", tag = "Administration", request_body = CreateApiKeyRequest,
    responses((status = 201, body = ApiKeyResponse), (status = 403, body = Problem), (status = 422, body = Problem)))]
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

/// Revoke an API key: the next request with it is refused.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/api-keys/{id}", tag = "Administration",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn revoke(
    WriteContext(mut ctx): WriteContext,
    Path((_, key)): Path<(String, String)>,
) -> Answer<()> {
    let key = id(&key, "API key")?;
    ctx.api_keys().revoke(key).await?;
    Ok(Reply::done().at(ctx.revision()))
}
