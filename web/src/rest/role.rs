//! Roles over HTTP: those that are built in and those that the workspace made, in one list.

mod assignment;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use axum::extract::State;
use hallpass_app::role::{RoleChange, RoleDeed};
use hallpass_app::visit::Visit;
use hallpass_domain::id::RoleId;
use hallpass_domain::role::Role;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::audit::{EntryView, below, page_of};
use crate::error::Problem;
use crate::extract::visit::Inside;
use crate::extract::{Body, IfMatch, Params, Path, SignedIn, id, limit};
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
struct RoleView {
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

impl RoleView {
    fn of(visit: &Visit, role: &Role) -> RoleView {
        let rules = visit.model().blueprint().custom_roles.as_ref();
        let key = role.id.to_string();
        RoleView {
            name: role.name.to_string(),
            description: role.description.clone(),
            rank: rules.map_or(0, |rules| rules.rank),
            built_in: false,
            top: false,
            grants: role.grants.iter().map(ToString::to_string).collect(),
            ..RoleView::bare(visit, key)
        }
    }

    fn built_in(visit: &Visit, role: &hallpass_engine::Role) -> RoleView {
        let grants = visit.grants_of_built_in(&role.key);
        RoleView {
            name: role.name.clone(),
            description: role.description.clone(),
            rank: role.rank,
            built_in: true,
            top: role.is_top,
            grants: grants.iter().map(ToString::to_string).collect(),
            ..RoleView::bare(visit, role.key.clone())
        }
    }

    fn bare(visit: &Visit, key: String) -> RoleView {
        let mut matrix: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (resource, action, scopes) in visit.policy().granted_by_role(&key) {
            let row = matrix.entry(resource.to_owned()).or_default();
            row.insert(action.to_owned(), scopes.to_string());
        }
        RoleView {
            members: visit.model().count_holders(&key),
            may_give: visit.may_give(&key),
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
    responses((status = 200, body = Page<RoleView>), (status = 403, body = Problem)))]
async fn list(
    Inside(mut visit): Inside,
    Params(ask): Params<PageParams>,
) -> Answer<Page<RoleView>> {
    let custom = visit.list_roles().await?;
    let built_in = visit.model().blueprint().roles.iter();
    let mut items: Vec<RoleView> =
        built_in.map(|role| RoleView::built_in(&visit, role)).collect();
    items.extend(custom.iter().map(|role| RoleView::of(&visit, role)));
    items.sort_by_key(|role| (Reverse(role.rank), !role.built_in));
    let page = Page::part("roles", &ask, items, |role| &role.id)?;
    Ok(Reply::ok(page).at(visit.revision()))
}

/// A role to be made, or what to change about one; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleAsked {
    name: Option<String>,
    description: Option<String>,
    /// Permission strings, all of them; or `matrix`.
    grants: Option<Vec<String>>,
    /// By resource and action, all of them: `{"contacts": {"read": "own + assigned"}}`.
    #[schema(value_type = Option<BTreeMap<String, BTreeMap<String, String>>>)]
    matrix: Option<Map<String, Value>>,
}

impl RoleAsked {
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
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/roles", tag = "Access model", request_body = RoleAsked,
    responses((status = 201, body = RoleView), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path(ws): Path<String>,
    Body(ask): Body<RoleAsked>,
) -> Answer<RoleView> {
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    let role = visit.create_role(&ask.read()).await?;
    let view = RoleView::of(&visit, &role);
    Ok(Reply::created(view).at(visit.revision()).version(role.version))
}

/// A role, by its id or, where it is built in, by its key.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/roles/{id}", tag = "Access model",
    responses((status = 200, body = RoleView), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    Inside(mut visit): Inside,
    Path((_, role)): Path<(String, String)>,
) -> Answer<RoleView> {
    if visit.model().blueprint().role(&role).is_some() {
        visit.look_at_roles().await?;
        let found = visit.model().blueprint().role(&role);
        let found = found.ok_or_else(|| Problem::missing("role"))?;
        let view = RoleView::built_in(&visit, found);
        return Ok(Reply::ok(view).at(visit.revision()));
    }
    let role = visit.load_role(named(&visit, &role)?).await?;
    let view = RoleView::of(&visit, &role);
    Ok(Reply::ok(view).at(visit.revision()).version(role.version))
}

/// The id of a custom role, which goes by its id or its name.
fn named(visit: &Visit, text: &str) -> Result<RoleId, Problem> {
    id(&visit.role_named(text), "role")
}

/// Change a role. What is built in is fixed.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/roles/{id}", tag = "Access model", request_body = RoleAsked,
    responses((status = 200, body = RoleView), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((ws, role)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    Body(ask): Body<RoleAsked>,
) -> Answer<RoleView> {
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    if visit.model().blueprint().role(&role).is_some() {
        visit.refuse_built_in(&role, RoleDeed::Change).await?;
    }
    let role = named(&visit, &role)?;
    let role = visit.change_role(role, &ask.read(), version).await?;
    let view = RoleView::of(&visit, &role);
    Ok(Reply::ok(view).at(visit.revision()).version(role.version))
}

/// Delete a role that nobody has. What is built in is fixed.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/roles/{id}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((ws, role)): Path<(String, String)>,
) -> Answer<()> {
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    if visit.model().blueprint().role(&role).is_some() {
        visit.refuse_built_in(&role, RoleDeed::Delete).await?;
    }
    let role = named(&visit, &role)?;
    visit.delete_role(role).await?;
    Ok(Reply::done().at(visit.revision()))
}

/// What was done to a role, the latest first.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/roles/{id}/history", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<EntryView>), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn history(
    Inside(mut visit): Inside,
    Path((_, role)): Path<(String, String)>,
    Params(ask): Params<PageParams>,
) -> Answer<Page<EntryView>> {
    let list = format!("history of {role}");
    let most = limit(ask.limit)?;
    let from = below(&list, ask.cursor.as_deref())?;
    let role = visit.role_named(&role);
    let (entries, has_more) = visit.history_of_role(&role, from, most).await?;
    Ok(Reply::ok(page_of(&list, &entries, has_more)).at(visit.revision()))
}
