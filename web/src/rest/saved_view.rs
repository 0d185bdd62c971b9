//! Saved views over HTTP: create, list, update, delete, and the records of one.

use hallpass_app::saved_view::{CheckedView, ViewChange};
use hallpass_domain::id::ViewId;
use hallpass_domain::saved_view::{FilterParts, SavedView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::record::{RecordResponse, page, place};
use crate::error::WrongField;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path, given, id, limit};
use crate::openapi::{object, scalar};
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(load, change, remove))
        .routes(routes!(records))
}

/// A saved view.
#[derive(Serialize, ToSchema)]
struct SavedViewResponse {
    /// The id.
    #[schema(value_type = scalar::ViewId)]
    id: String,
    /// The name.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// Whether others who may read reports and the record type see it.
    shared: bool,
    /// The member who created it.
    #[schema(value_type = scalar::MemberId)]
    created_by: String,
    /// The key of the record type.
    #[schema(value_type = scalar::Key)]
    entity: String,
    /// Which records it lists.
    #[schema(value_type = object::ViewFilter)]
    filter: FilterParts,
    /// Their order; `null` for the order of lists.
    #[schema(value_type = Option<scalar::RecordSort>)]
    sort: Option<String>,
    /// The columns beside the title: keys of fields, `stage`, `owner`, `created` or `updated`; `null` for those
    /// of lists.
    #[schema(value_type = Option<Vec<scalar::Key>>)]
    columns: Option<Vec<String>>,
    /// What of it the record type no longer has; empty for a view that works.
    errors: Vec<WrongField>,
    /// The version, also in `ETag`.
    #[schema(minimum = 0)]
    version: i64,
}

impl From<CheckedView> for SavedViewResponse {
    fn from(checked: CheckedView) -> SavedViewResponse {
        let errors = checked.faults.into_iter().map(WrongField::from).collect();
        SavedViewResponse { errors, ..SavedViewResponse::from(checked.view) }
    }
}

impl From<SavedView> for SavedViewResponse {
    fn from(view: SavedView) -> SavedViewResponse {
        SavedViewResponse {
            id: view.id.to_string(),
            name: view.name.into_string(),
            shared: view.sharing.is_shared,
            created_by: view.sharing.created_by.to_string(),
            entity: view.entity,
            filter: FilterParts::of(&view.settings.filter),
            sort: view.settings.sort,
            columns: view.settings.columns,
            errors: Vec::new(),
            version: view.version,
        }
    }
}

/// A new view, or changes to one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SavedViewRequest {
    /// The name; required for a new view.
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<String>,
    /// Whether others who may read reports and the record type see it; a new view is not shared.
    shared: Option<bool>,
    /// The key of a record type; required for a new view.
    #[schema(value_type = Option<scalar::Key>)]
    entity: Option<String>,
    /// Which records it lists, instead of those before; every record for a new view.
    #[schema(value_type = Option<object::ViewFilter>)]
    filter: Option<FilterParts>,
    /// Their order, or `null` for the order of lists.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::RecordSort>)]
    sort: Option<Option<String>>,
    /// The columns beside the title, at most 12: keys of fields, `stage`, `owner`, `created` or `updated`; or
    /// `null` for those of lists.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<scalar::Key>>, max_items = 12)]
    columns: Option<Option<Vec<String>>>,
}

impl SavedViewRequest {
    fn read(self) -> ViewChange {
        let SavedViewRequest { name, shared, entity, filter, sort, columns } = self;
        ViewChange { name, is_shared: shared, entity, filter, sort, columns }
    }
}

/// Which views.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ViewParams {
    /// Only those of this record type, by key.
    #[param(value_type = Option<scalar::Key>)]
    entity: Option<String>,
    /// The items per page, from 1 to 200; 50 by default.
    #[param(value_type = Option<scalar::Limit>)]
    limit: Option<usize>,
    /// The `next_cursor` of the previous page.
    #[param(value_type = Option<scalar::Cursor>)]
    cursor: Option<String>,
}

/// List saved views
///
/// Lists the caller's own views and the shared ones of record types that the caller may read, the first created
/// first. `errors` lists what of a view its record type no longer has. Requires `reports: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/views", tag = "Records", params(ViewParams),
    responses((status = 200, body = Page<SavedViewResponse>),
        (status = 403, description = "`denied`: the caller may not read reports.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<ViewParams>,
) -> Answer<Page<SavedViewResponse>> {
    let ViewParams { entity, limit, cursor } = ask;
    let views = ctx.saved_views().list(entity.as_deref()).await?;
    let items = views.into_iter().map(SavedViewResponse::from).collect();
    let page = Page::part("views", &PageParams { limit, cursor }, items, |one| &one.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// Create a saved view
///
/// Saves the filter, the order and the columns of a list of records of a type that the caller may read. `name`
/// and `entity` are required. A member creates at most 100. Requires `reports: create`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/views", tag = "Records", request_body = SavedViewRequest,
    responses((status = 201, body = SavedViewResponse),
        (status = 403, description = "`denied`: the caller may not create reports, or may not read the record type.")))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<SavedViewRequest>,
) -> Answer<SavedViewResponse> {
    let view = ctx.saved_views().create(&ask.read()).await?;
    let version = view.version;
    Ok(Reply::created(view.into()).at(ctx.revision()).version(version))
}

/// Get a saved view
///
/// Gets a view of the caller, or a shared one of a record type that the caller may read. Requires
/// `reports: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/views/{id}", tag = "Records",
    responses((status = 200, body = SavedViewResponse),
        (status = 403, description = "`denied`: the caller may not read reports.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, view)): Path<(String, String)>,
) -> Answer<SavedViewResponse> {
    let view: ViewId = id(&view, "view")?;
    let checked = ctx.saved_views().load(view).await?;
    let version = checked.view.version;
    Ok(Reply::ok(checked.into()).at(ctx.revision()).version(version))
}

/// Update a saved view
///
/// Changes what the request names; `filter` is replaced as a whole. Requires `reports: update`, and that the view
/// is shared or the caller's own.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/views/{id}", tag = "Records", request_body = SavedViewRequest,
    responses((status = 200, body = SavedViewResponse),
        (status = 403, description = "`denied`: the caller may not change reports, or may not read the record type.")))]
async fn change(
    Path((_, view)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<SavedViewRequest>,
) -> Answer<SavedViewResponse> {
    let view: ViewId = id(&view, "view")?;
    let view = ctx.saved_views().update(view, &ask.read()).await?;
    let version = view.version;
    Ok(Reply::ok(view.into()).at(ctx.revision()).version(version))
}

/// Delete a saved view
///
/// Deletes a view; no record changes. Requires `reports: delete`, and that the view is shared or the caller's
/// own.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/views/{id}", tag = "Records",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may not delete reports.")))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, view)): Path<(String, String)>,
) -> Answer<()> {
    let view: ViewId = id(&view, "view")?;
    ctx.saved_views().delete(view).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// List the records of a saved view
///
/// Lists the records that the caller may read and that the filter of the view leaves, in its order, as the list
/// of records with the same filter does: a view gives no reader more. Requires `reports: read`, and the action
/// `read` on the record type.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/views/{id}/records", tag = "Records", params(PageParams),
    responses((status = 200, body = Page<RecordResponse>),
        (status = 403, description = "`denied`: the caller may not read reports, or no record of this type."),
        (status = 409, description = "`view_outdated`: the record type no longer has a field, a stage or an option \
            that the view needs; `errors` lists them. `switched_off`: the record type is switched off.")))]
async fn records(
    ReadContext(mut ctx): ReadContext,
    Path((_, view)): Path<(String, String)>,
    Params(ask): Params<PageParams>,
) -> Answer<Page<RecordResponse>> {
    let limit = limit(ask.limit)?;
    let (view, query) = ctx.saved_views().query(id(&view, "view")?).await?;
    let name = format!("view {} {} {}", view.id, view.version, query.order);
    let after = ask.cursor.as_deref().map(|text| place(&name, text)).transpose()?;
    let found = ctx.records().list(&view.entity, &query.page(after, limit)).await?;
    Ok(Reply::ok(page(&name, found)).at(ctx.revision()))
}
