//! Departments over HTTP: the tree that visibility looks at.

use hallpass_app::department::{DepartmentChange, DepartmentDetails};
use hallpass_app::naming::DepartmentRef;
use hallpass_domain::id::DepartmentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path, field_id, given, id};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(load, change, remove))
}

/// A department.
#[derive(Serialize, ToSchema)]
struct DepartmentResponse {
    /// The id.
    #[schema(value_type = scalar::DepartmentId)]
    id: String,
    /// The name.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// The department above it.
    #[schema(value_type = Option<scalar::DepartmentId>)]
    parent: Option<String>,
    /// The member who leads it; this grants nothing.
    #[schema(value_type = Option<scalar::MemberId>)]
    manager: Option<String>,
    /// The name of that member, as far as the caller may know it.
    manager_name: Option<String>,
    /// How many members are in it, without those of departments below it; `null` for a caller who
    /// may not read members.
    #[schema(minimum = 0)]
    members: Option<usize>,
    /// How many members are in it and in the departments below it; `null` for a caller who may not read members.
    #[schema(minimum = 0)]
    members_with_below: Option<usize>,
}

impl From<DepartmentDetails> for DepartmentResponse {
    fn from(details: DepartmentDetails) -> DepartmentResponse {
        let DepartmentDetails { department, members, members_with_below, manager_name } =
            details;
        DepartmentResponse {
            id: department.id.to_string(),
            name: department.name.into_string(),
            parent: department.parent.map(|id| id.to_string()),
            manager: department.manager.map(|id| id.to_string()),
            manager_name,
            members,
            members_with_below,
        }
    }
}

/// List departments
///
/// Lists the departments by name. Requires `departments: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/departments", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<DepartmentResponse>),
        (status = 403, description = "`denied`: the caller may not read departments.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<DepartmentResponse>> {
    let departments = ctx.departments().list().await?;
    let items = departments.into_iter().map(DepartmentResponse::from).collect();
    let page = Page::part("departments", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A new department, or changes to one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DepartmentRequest {
    /// The name; required for a new department.
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<String>,
    /// The department above it, by id or name, or `null` for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::DepartmentNamed>)]
    parent: Option<Option<String>>,
    /// The member who leads it, or `null` for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::MemberId>)]
    manager: Option<Option<String>>,
}

impl DepartmentRequest {
    fn read(self) -> Result<DepartmentChange, Problem> {
        let parent = self.parent.map(|parent| parent.map(DepartmentRef::from));
        let manager = self.manager.map(|text| text.map(|text| field_id("/manager", &text)));
        let manager = manager.map(Option::transpose).transpose()?;
        Ok(DepartmentChange { name: self.name, parent, manager })
    }
}

/// Create a department
///
/// Creates a department, at the top or below another. `name` is required. Requires
/// `departments: create`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/departments", tag = "Access model", request_body = DepartmentRequest,
    responses((status = 201, body = DepartmentResponse),
        (status = 403, description = "`denied`: the caller may not create departments."),
        (status = 409, description = "`name_taken`, or `no_such_layer`: the access model of this workspace has no departments.")))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<DepartmentRequest>,
) -> Answer<DepartmentResponse> {
    let department = ctx.departments().create(&ask.read()?).await?;
    let version = department.department.version;
    Ok(Reply::created(department.into()).at(ctx.revision()).version(version))
}

/// Get a department
///
/// Requires `departments: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/departments/{id}", tag = "Access model",
    responses((status = 200, body = DepartmentResponse),
        (status = 403, description = "`denied`: the caller may not read departments.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, department)): Path<(String, String)>,
) -> Answer<DepartmentResponse> {
    let department: DepartmentId = id(&department, "department")?;
    let department = ctx.departments().load(department.into()).await?;
    let version = department.department.version;
    Ok(Reply::ok(department.into()).at(ctx.revision()).version(version))
}

/// Update a department
///
/// Changes the fields that the request names; the others keep their value. A department cannot
/// be below itself (422 `cycle`). Requires `departments: update`.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/departments/{id}", tag = "Access model", request_body = DepartmentRequest,
    responses((status = 200, body = DepartmentResponse),
        (status = 403, description = "`denied` or `grant_ceiling`: the move would give members more than the caller may do."),
        (status = 409, description = "`name_taken`: a department has this name.")))]
async fn change(
    Path((_, department)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<DepartmentRequest>,
) -> Answer<DepartmentResponse> {
    let department: DepartmentId = id(&department, "department")?;
    let department = ctx.departments().update(department.into(), &ask.read()?).await?;
    let version = department.department.version;
    Ok(Reply::ok(department.into()).at(ctx.revision()).version(version))
}

/// Delete a department
///
/// Deletes a department that has neither members nor departments below it. Requires
/// `departments: delete`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/departments/{id}", tag = "Access model",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may not delete departments."),
        (status = 409, description = "`in_use`: members, invitations or departments belong to it.")))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, department)): Path<(String, String)>,
) -> Answer<()> {
    let department: DepartmentId = id(&department, "department")?;
    ctx.departments().delete(department.into()).await?;
    Ok(Reply::done().at(ctx.revision()))
}
