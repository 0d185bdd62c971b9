//! Roles over HTTP: those that are built in and those that the workspace made, in one list.

mod assignment;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use hallpass_app::context::WorkspaceContext;
use hallpass_app::role::{RoleAction, RoleChange};
use hallpass_domain::id::RoleId;
use hallpass_domain::role::Role;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::audit::{AuditEntry, below, page_of};
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{IfMatch, Params, Path, id, limit};
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

impl RoleResponse {
    fn of(ctx: &WorkspaceContext, role: &Role) -> RoleResponse {
        let rules = ctx.model().blueprint().custom_roles.as_ref();
        let key = role.id.to_string();
        RoleResponse {
            name: role.name.to_string(),
            description: role.description.clone(),
            rank: rules.map_or(0, |rules| rules.rank),
            built_in: false,
            top: false,
            grants: role.grants.iter().map(ToString::to_string).collect(),
            ..RoleResponse::bare(ctx, key)
        }
    }

    fn built_in(ctx: &WorkspaceContext, role: &hallpass_engine::Role) -> RoleResponse {
        let grants = ctx.grants_of_built_in(&role.key);
        RoleResponse {
            name: role.name.clone(),
            description: role.description.clone(),
            rank: role.rank,
            built_in: true,
            top: role.is_top,
            grants: grants.iter().map(ToString::to_string).collect(),
            ..RoleResponse::bare(ctx, role.key.clone())
        }
    }

    fn bare(ctx: &WorkspaceContext, key: String) -> RoleResponse {
        let mut matrix: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (resource, action, scopes) in ctx.policy().granted_by_role(&key) {
            let row = matrix.entry(resource.to_owned()).or_default();
            row.insert(action.to_owned(), scopes.to_string());
        }
        RoleResponse {
            members: ctx.model().count_holders(&key),
            may_give: ctx.may_give(&key),
            matrix,
            id: key,
            name: String::new(),
            description: String::new(),
            rank: 0,
            built_in: false,
            top: false,
            grants: Vec::new(),
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
    let custom = ctx.list_roles().await?;
    let built_in = ctx.model().blueprint().roles.iter();
    let mut items: Vec<RoleResponse> =
        built_in.map(|role| RoleResponse::built_in(&ctx, role)).collect();
    items.extend(custom.iter().map(|role| RoleResponse::of(&ctx, role)));
    items.sort_by_key(|role| (Reverse(role.rank), !role.built_in));
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
    let role = ctx.create_role(&ask.read()).await?;
    let view = RoleResponse::of(&ctx, &role);
    Ok(Reply::created(view).at(ctx.revision()).version(role.version))
}

/// A role, by its id or, where it is built in, by its key.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/roles/{id}", tag = "Access model",
    responses((status = 200, body = RoleResponse), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, role)): Path<(String, String)>,
) -> Answer<RoleResponse> {
    if ctx.model().blueprint().role(&role).is_some() {
        ctx.look_at_roles().await?;
        let found = ctx.model().blueprint().role(&role);
        let found = found.ok_or_else(|| Problem::missing("role"))?;
        let view = RoleResponse::built_in(&ctx, found);
        return Ok(Reply::ok(view).at(ctx.revision()));
    }
    let role = ctx.load_role(named(&ctx, &role)?).await?;
    let view = RoleResponse::of(&ctx, &role);
    Ok(Reply::ok(view).at(ctx.revision()).version(role.version))
}

/// The id of a custom role, which goes by its id or its name.
fn named(ctx: &WorkspaceContext, text: &str) -> Result<RoleId, Problem> {
    id(&ctx.role_named(text), "role")
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
    if ctx.model().blueprint().role(&role).is_some() {
        ctx.refuse_built_in(&role, RoleAction::Change).await?;
    }
    let role = named(&ctx, &role)?;
    let role = ctx.change_role(role, &ask.read(), version).await?;
    let view = RoleResponse::of(&ctx, &role);
    Ok(Reply::ok(view).at(ctx.revision()).version(role.version))
}

/// Delete a role that nobody has. What is built in is fixed.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/roles/{id}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, role)): Path<(String, String)>,
) -> Answer<()> {
    if ctx.model().blueprint().role(&role).is_some() {
        ctx.refuse_built_in(&role, RoleAction::Delete).await?;
    }
    let role = named(&ctx, &role)?;
    ctx.delete_role(role).await?;
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
    let role = ctx.role_named(&role);
    let (entries, has_more) = ctx.history_of_role(&role, from, most).await?;
    Ok(Reply::ok(page_of(&list, &entries, has_more)).at(ctx.revision()))
}
