//! Roles over HTTP: those that are built in and those that the workspace made, in one list.

mod assignment;

use std::collections::BTreeMap;

use hallpass_app::naming::RoleRef;
use hallpass_app::role::{RoleChange, RoleDetails};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::audit::{AuditEntry, below, page_of};
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{IfMatch, Params, Path, limit};
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(load, change, remove))
        .routes(routes!(history))
        .merge(assignment::routes())
}

/// A role.
#[derive(Serialize, ToSchema)]
struct RoleResponse {
    /// The key of a built-in role, the id of another.
    id: String,
    name: String,
    description: String,
    /// Higher ranks stand above lower ones.
    rank: u32,
    /// Whether the access model builds it in: then it is fixed.
    built_in: bool,
    /// Whether a workspace always has an active holder of it.
    top: bool,
    /// How many members have it, active or not.
    members: usize,
    /// Whether the asker may give it.
    may_give: bool,
    /// What it grants, as permission strings.
    grants: Vec<String>,
    /// The same by resource and action; what is not named is none.
    matrix: BTreeMap<String, BTreeMap<String, String>>,
}

impl From<RoleDetails> for RoleResponse {
    fn from(role: RoleDetails) -> RoleResponse {
        RoleResponse {
            id: role.id,
            name: role.name,
            description: role.description,
            rank: role.rank,
            built_in: role.is_built_in,
            top: role.is_top,
            members: role.holders,
            may_give: role.may_give,
            grants: role.grants.iter().map(ToString::to_string).collect(),
            matrix: role.matrix,
        }
    }
}

/// Every role, the highest rank first; of the same rank the built-in ones, then by name.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/roles", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<RoleResponse>), (status = 403, body = Problem)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<RoleResponse>> {
    let items = ctx.roles().list().await?.into_iter().map(RoleResponse::from).collect();
    let page = Page::part("roles", &ask, items, |role| &role.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A role to be made, or what to change about one; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleRequest {
    name: Option<String>,
    description: Option<String>,
    /// Permission strings, all of them; or `matrix`.
    grants: Option<Vec<String>>,
    /// By resource and action, all of them: `{"contacts": {"read": "own + assigned"}}`.
    #[schema(value_type = Option<BTreeMap<String, BTreeMap<String, String>>>)]
    matrix: Option<Map<String, Value>>,
}

impl RoleRequest {
    fn read(self) -> RoleChange {
        RoleChange {
            name: self.name,
            description: self.description,
            grants: self.grants,
            matrix: self.matrix,
        }
    }
}

/// Make a role.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/roles", tag = "Access model", request_body = RoleRequest,
    responses((status = 201, body = RoleResponse), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<RoleRequest>,
) -> Answer<RoleResponse> {
    let role = ctx.roles().create(&ask.read()).await?;
    let version = role.version;
    Ok(Reply::created(role.into()).at(ctx.revision()).version_if(version))
}

/// A role, by its id or, where it is built in, by its key.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/roles/{id}", tag = "Access model",
    responses((status = 200, body = RoleResponse), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, role)): Path<(String, String)>,
) -> Answer<RoleResponse> {
    let role = ctx.roles().load(RoleRef::from(role)).await?;
    let version = role.version;
    Ok(Reply::ok(role.into()).at(ctx.revision()).version_if(version))
}

/// Change a role. What is built in is fixed.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/roles/{id}", tag = "Access model", request_body = RoleRequest,
    responses((status = 200, body = RoleResponse), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change(
    Path((_, role)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    WriteContextWith(mut ctx, ask): WriteContextWith<RoleRequest>,
) -> Answer<RoleResponse> {
    let role = ctx.roles().update(RoleRef::from(role), &ask.read(), version).await?;
    let version = role.version;
    Ok(Reply::ok(role.into()).at(ctx.revision()).version_if(version))
}

/// Delete a role that nobody has. What is built in is fixed.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/roles/{id}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, role)): Path<(String, String)>,
) -> Answer<()> {
    ctx.roles().delete(RoleRef::from(role)).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// What was done to a role, the latest first.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/roles/{id}/history", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<AuditEntry>), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn history(
    ReadContext(mut ctx): ReadContext,
    Path((_, role)): Path<(String, String)>,
    Params(ask): Params<PageParams>,
) -> Answer<Page<AuditEntry>> {
    let list = format!("history of {role}");
    let most = limit(ask.limit)?;
    let from = below(&list, ask.cursor.as_deref())?;
    let (entries, has_more) = ctx.roles().history(RoleRef::from(role), from, most).await?;
    Ok(Reply::ok(page_of(&list, &entries, has_more)).at(ctx.revision()))
}
