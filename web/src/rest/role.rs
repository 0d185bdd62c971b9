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
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path, limit};
use crate::openapi::scalar;
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
    /// The key of a built-in role, the id of a custom one.
    #[schema(value_type = scalar::RoleKey)]
    id: String,
    /// The name.
    name: String,
    /// The description.
    description: String,
    /// The rank; higher ranks have more authority.
    rank: u32,
    /// Whether the access model defines it; then it cannot be changed.
    built_in: bool,
    /// Whether a workspace always keeps an active holder of it.
    top: bool,
    /// How many members have it, active or not; `null` for a caller who may not read members.
    #[schema(minimum = 0)]
    members: Option<usize>,
    /// Whether the caller may give it to members.
    may_give: bool,
    /// Its permissions.
    grants: Vec<String>,
    /// The same by resource and action; what is missing is not granted.
    matrix: BTreeMap<String, BTreeMap<String, String>>,
    /// The permissions in `matrix` that the server has no use case for, as `resource:action`: they
    /// are for your own app.
    own_app: Vec<String>,
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
            own_app: role.own_app,
        }
    }
}

/// List roles
///
/// Lists built-in and custom roles, the highest rank first; within a rank the built-in roles,
/// then by name. Requires `roles: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/roles", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<RoleResponse>),
        (status = 403, description = "`denied`: the caller may not read roles.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<RoleResponse>> {
    let items = ctx.roles().list().await?.into_iter().map(RoleResponse::from).collect();
    let page = Page::part("roles", &ask, items, |role| &role.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A new role, or changes to one. `grants` and `matrix` exclude each other.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleRequest {
    /// The name; required for a new role.
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<String>,
    /// The description; may be empty.
    #[schema(value_type = Option<scalar::Description>)]
    description: Option<String>,
    /// All of its permissions: `contacts:read:own`.
    #[schema(value_type = Option<Vec<scalar::PermissionString>>, max_items = 1000)]
    grants: Option<Vec<String>>,
    /// All of its permissions by resource and action: `{"contacts": {"read": "own +
    /// assigned"}}`.
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

/// Create a role
///
/// Creates a custom role. `name` is required; permissions are in `grants` or in `matrix`, not
/// in both. Requires `roles: create`. A role cannot grant what the caller may not do.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/roles", tag = "Access model", request_body = RoleRequest,
    responses((status = 201, body = RoleResponse),
        (status = 403, description = "`denied`, or `grant_ceiling`: the role would grant more than the caller may do."),
        (status = 409, description = "`name_taken`, or `no_such_layer`: the access model has no custom roles.")))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<RoleRequest>,
) -> Answer<RoleResponse> {
    let role = ctx.roles().create(&ask.read()).await?;
    let version = role.version;
    Ok(Reply::created(role.into()).at(ctx.revision()).version_if(version))
}

/// Get a role
///
/// Gets a custom role by its id or a built-in role by its key. Requires `roles: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/roles/{id}", tag = "Access model",
    responses((status = 200, body = RoleResponse),
        (status = 403, description = "`denied`: the caller may not read roles.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, role)): Path<(String, String)>,
) -> Answer<RoleResponse> {
    let role = ctx.roles().load(RoleRef::from(role)).await?;
    let version = role.version;
    Ok(Reply::ok(role.into()).at(ctx.revision()).version_if(version))
}

/// Update a role
///
/// Changes the fields that the request names; `grants` and `matrix` replace all permissions. It
/// takes effect with the next request of every holder. Built-in roles cannot be changed.
/// Requires `roles: update`.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/roles/{id}", tag = "Access model", request_body = RoleRequest,
    responses((status = 200, body = RoleResponse),
        (status = 403, description = "`denied`, or `grant_ceiling`: it would give holders more than the caller may do."),
        (status = 409, description = "`built_in`, or `name_taken`: a role has this name.")))]
async fn change(
    Path((_, role)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<RoleRequest>,
) -> Answer<RoleResponse> {
    let role = ctx.roles().update(RoleRef::from(role), &ask.read()).await?;
    let version = role.version;
    Ok(Reply::ok(role.into()).at(ctx.revision()).version_if(version))
}

/// Delete a role
///
/// Deletes a custom role that no member or pending invitation has. Requires `roles: delete`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/roles/{id}", tag = "Access model",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may not delete roles."),
        (status = 409, description = "`built_in`, or `in_use`: members or invitations have the role.")))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, role)): Path<(String, String)>,
) -> Answer<()> {
    ctx.roles().delete(RoleRef::from(role)).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// List changes to a role
///
/// Lists the audit entries of a role, the latest first. Requires `roles: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/roles/{id}/history", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<AuditEntry>),
        (status = 403, description = "`denied`: the caller may not read roles.")))]
async fn history(
    ReadContext(mut ctx): ReadContext,
    Path((_, role)): Path<(String, String)>,
    Params(ask): Params<PageParams>,
) -> Answer<Page<AuditEntry>> {
    let list = format!("history of {role}");
    let most = limit(ask.limit)?;
    let from = below(&list, ask.cursor.as_deref())?;
    let (entries, has_more) = ctx.roles().history(RoleRef::from(role), from, most).await?;
    Ok(Reply::ok(page_of(&ctx, &list, &entries, has_more)).at(ctx.revision()))
}
