//! Departments over HTTP: the tree that visibility looks at.

use axum::extract::State;
use hallpass_app::department::DepartmentChange;
use hallpass_app::visit::Visit;
use hallpass_domain::department::Department;
use hallpass_domain::id::DepartmentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::visit::Inside;
use crate::extract::{Body, IfMatch, Params, Path, SignedIn, field_id, given, id};
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(load, change, remove))
}

/// A department.
#[derive(Serialize, ToSchema)]
struct DepartmentView {
    id: String,
    name: String,
    /// The department above it.
    parent: Option<String>,
    /// The member who leads it; it grants nothing.
    manager: Option<String>,
    /// How many members are in it, those below it not counted.
    members: usize,
}

impl DepartmentView {
    fn of(visit: &Visit, department: &Department) -> DepartmentView {
        let id = department.id.to_string();
        let is_in =
            |one: &&hallpass_engine::Member| one.department.as_deref() == Some(id.as_str());
        DepartmentView {
            members: visit.model().members().filter(is_in).count(),
            name: department.name.to_string(),
            parent: department.parent.map(|id| id.to_string()),
            manager: department.manager.map(|id| id.to_string()),
            id,
        }
    }
}

/// The departments, by name.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/departments", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<DepartmentView>), (status = 403, body = Problem)))]
async fn list(
    Inside(mut visit): Inside,
    Params(ask): Params<PageParams>,
) -> Answer<Page<DepartmentView>> {
    let departments = visit.list_departments().await?;
    let items = departments.iter().map(|one| DepartmentView::of(&visit, one)).collect();
    let page = Page::part("departments", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page).at(visit.revision()))
}

/// A department to be made, or what to change about one; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DepartmentAsked {
    name: Option<String>,
    /// The department above it, by id or name; or null.
    #[serde(default, deserialize_with = "given")]
    parent: Option<Option<String>>,
    /// The member who leads it, by id; or null.
    #[serde(default, deserialize_with = "given")]
    manager: Option<Option<String>>,
}

impl DepartmentAsked {
    async fn read(self, visit: &mut Visit) -> Result<DepartmentChange, Problem> {
        let parent = match self.parent {
            Some(Some(text)) => Some(Some(visit.department_named(&text).await?)),
            Some(None) => Some(None),
            None => None,
        };
        let manager = self.manager.map(|text| text.map(|text| field_id("/manager", &text)));
        let manager = manager.map(Option::transpose).transpose()?;
        Ok(DepartmentChange { name: self.name, parent, manager })
    }
}

/// Make a department.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/departments", tag = "Access model", request_body = DepartmentAsked,
    responses((status = 201, body = DepartmentView), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path(ws): Path<String>,
    Body(ask): Body<DepartmentAsked>,
) -> Answer<DepartmentView> {
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    let ask = ask.read(&mut visit).await?;
    let department = visit.create_department(&ask).await?;
    let view = DepartmentView::of(&visit, &department);
    Ok(Reply::created(view).at(visit.revision()).version(department.version))
}

/// A department.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/departments/{id}", tag = "Access model",
    responses((status = 200, body = DepartmentView), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    Inside(mut visit): Inside,
    Path((_, department)): Path<(String, String)>,
) -> Answer<DepartmentView> {
    let department = visit.load_department(id(&department, "department")?).await?;
    let view = DepartmentView::of(&visit, &department);
    Ok(Reply::ok(view).at(visit.revision()).version(department.version))
}

/// Change a department. It cannot come to stand below itself.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/departments/{id}", tag = "Access model", request_body = DepartmentAsked,
    responses((status = 200, body = DepartmentView), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((ws, department)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    Body(ask): Body<DepartmentAsked>,
) -> Answer<DepartmentView> {
    let department: DepartmentId = id(&department, "department")?;
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    let ask = ask.read(&mut visit).await?;
    let department = visit.change_department(department, &ask, version).await?;
    let view = DepartmentView::of(&visit, &department);
    Ok(Reply::ok(view).at(visit.revision()).version(department.version))
}

/// Delete a department that has neither members nor departments below it.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/departments/{id}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((ws, department)): Path<(String, String)>,
) -> Answer<()> {
    let department = id(&department, "department")?;
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    visit.delete_department(department).await?;
    Ok(Reply::done().at(visit.revision()))
}
