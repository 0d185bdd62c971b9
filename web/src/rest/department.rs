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
use crate::extract::{IfMatch, Params, Path, field_id, given, id};
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(load, change, remove))
}

/// A department.
#[derive(Serialize, ToSchema)]
struct DepartmentResponse {
    id: String,
    name: String,
    /// The department above it.
    parent: Option<String>,
    /// The member who leads it; it grants nothing.
    manager: Option<String>,
    /// How many members are in it, those below it not counted.
    members: usize,
}

impl From<DepartmentDetails> for DepartmentResponse {
    fn from(details: DepartmentDetails) -> DepartmentResponse {
        let DepartmentDetails { department, members } = details;
        DepartmentResponse {
            id: department.id.to_string(),
            name: department.name.into_string(),
            parent: department.parent.map(|id| id.to_string()),
            manager: department.manager.map(|id| id.to_string()),
            members,
        }
    }
}

/// The departments, by name.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/departments", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<DepartmentResponse>), (status = 403, body = Problem)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<DepartmentResponse>> {
    let departments = ctx.departments().list().await?;
    let items = departments.into_iter().map(DepartmentResponse::from).collect();
    let page = Page::part("departments", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A department to be made, or what to change about one; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DepartmentRequest {
    name: Option<String>,
    /// The department above it, by id or name; or null.
    #[serde(default, deserialize_with = "given")]
    parent: Option<Option<String>>,
    /// The member who leads it, by id; or null.
    #[serde(default, deserialize_with = "given")]
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

/// Make a department.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/departments", tag = "Access model", request_body = DepartmentRequest,
    responses((status = 201, body = DepartmentResponse), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<DepartmentRequest>,
) -> Answer<DepartmentResponse> {
    let department = ctx.departments().create(&ask.read()?).await?;
    let version = department.department.version;
    Ok(Reply::created(department.into()).at(ctx.revision()).version(version))
}

/// A department.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/departments/{id}", tag = "Access model",
    responses((status = 200, body = DepartmentResponse), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, department)): Path<(String, String)>,
) -> Answer<DepartmentResponse> {
    let department: DepartmentId = id(&department, "department")?;
    let department = ctx.departments().load(department).await?;
    let version = department.department.version;
    Ok(Reply::ok(department.into()).at(ctx.revision()).version(version))
}

/// Change a department. It cannot come to stand below itself.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/departments/{id}", tag = "Access model", request_body = DepartmentRequest,
    responses((status = 200, body = DepartmentResponse), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change(
    Path((_, department)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    WriteContextWith(mut ctx, ask): WriteContextWith<DepartmentRequest>,
) -> Answer<DepartmentResponse> {
    let department: DepartmentId = id(&department, "department")?;
    let department = ctx.departments().update(department, &ask.read()?, version).await?;
    let version = department.department.version;
    Ok(Reply::ok(department.into()).at(ctx.revision()).version(version))
}

/// Delete a department that has neither members nor departments below it.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/departments/{id}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, department)): Path<(String, String)>,
) -> Answer<()> {
    let department: DepartmentId = id(&department, "department")?;
    ctx.departments().delete(department).await?;
    Ok(Reply::done().at(ctx.revision()))
}
