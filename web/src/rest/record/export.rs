//! A list of records as a file: all of its pages, each with the rights of its moment.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hallpass_app::Principal;
use hallpass_app::export::ExportPlace;
use hallpass_app::export_file::subject::{ExportSubject, RecordExport};
use hallpass_app::record::csv::{head, line};
use hallpass_app::record::export::query;
use hallpass_app::record::{RecordPosition, RecordQuery};
use hallpass_domain::saved_view::ViewFilter;
use hallpass_engine::Resource;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::filter::FilterInput;
use super::owner;
use crate::csv::{self, pages};
use crate::error::Problem;
use crate::extract::{Params, Path, SignedIn};
use crate::openapi::scalar;
use crate::rest::export_file::{ExportResponse, prepared};
use crate::state::Web;

/// How many records are read at a time.
const PAGE: usize = 500;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(export, prepare))
}

/// Which records.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportParams {
    /// Words, each of which the title or a field contains.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only records of this owner: `me`, `unowned` or a member's id.
    #[param(value_type = Option<scalar::OwnerKey>)]
    owner: Option<String>,
    /// Only records in this stage, by key.
    #[param(max_length = 64)]
    stage: Option<String>,
    /// Only open records, or only others.
    open: Option<bool>,
    /// Only records that were created at this time or later.
    #[param(value_type = Option<scalar::Timestamp>)]
    created_from: Option<String>,
    /// Only records that were created at this time or earlier.
    #[param(value_type = Option<scalar::Timestamp>)]
    created_to: Option<String>,
    /// Only records that were last changed at this time or later.
    #[param(value_type = Option<scalar::Timestamp>)]
    updated_from: Option<String>,
    /// Only records that were last changed at this time or earlier.
    #[param(value_type = Option<scalar::Timestamp>)]
    updated_to: Option<String>,
    /// Conditions on fields, as a list of records takes them.
    #[param(max_length = 2000)]
    filter: Option<String>,
    /// Whether the file begins with a byte order mark, by which Excel recognises UTF-8.
    byte_order_mark: Option<bool>,
}

impl ExportParams {
    /// The export that the parameters ask for.
    fn wanted(&self, entity: &str) -> Result<RecordExport, Problem> {
        let rest = FilterInput {
            open: self.open,
            created: [self.created_from.as_deref(), self.created_to.as_deref()],
            updated: [self.updated_from.as_deref(), self.updated_to.as_deref()],
            conditions: self.filter.as_deref(),
        };
        let filter = ViewFilter {
            text: self.q.clone(),
            owner: self.owner.as_deref().map(|text| owner("/owner", text)).transpose()?,
            stage: self.stage.clone(),
            rest: rest.read()?,
        };
        let has_mark = self.byte_order_mark == Some(true);
        Ok(RecordExport { entity: entity.to_owned(), filter, has_mark })
    }
}

/// A list that is read page by page.
struct Export {
    web: Web,
    principal: Principal,
    ws: String,
    entity: String,
    ask: ExportParams,
}

impl Export {
    /// A page as lines, with the record type, and where the next one begins.
    async fn page(
        &self,
        after: Option<RecordPosition>,
    ) -> Result<(Resource, String, Option<RecordPosition>), Problem> {
        let mut ctx = self.web.app.enter(&self.principal, &self.ws).await?;
        let page = ctx.records().list(&self.entity, &self.query(after)?).await?;
        if page.is_incomplete && page.next.is_none() {
            let detail = "not every record was read: narrow the search or the filter, or try again when \
                          the records are indexed";
            return Err(Problem::field("", "incomplete", detail));
        }
        let resource = page.resource;
        let zone = ctx.zone();
        let lines =
            page.records.iter().map(|details| line(&resource, details, &zone)).collect();
        Ok((resource, lines, page.next))
    }

    fn query(&self, after: Option<RecordPosition>) -> Result<RecordQuery, Problem> {
        Ok(query(&self.ask.wanted(&self.entity)?.filter, after, PAGE))
    }

    /// Notes the export in the audit log.
    async fn begin(&self) -> Result<ExportPlace, Problem> {
        let mut ctx = self.web.app.enter_to_write(&self.principal, &self.ws).await?;
        Ok(ctx.records().begin_export(&self.entity, &self.query(None)?).await?)
    }
}

impl pages::Pages for Export {
    type Position = RecordPosition;

    async fn lines(
        &self,
        from: RecordPosition,
    ) -> Result<(String, Option<RecordPosition>), Problem> {
        let (_, lines, next) = self.page(Some(from)).await?;
        Ok((lines, next))
    }
}

/// Export records as CSV
///
/// Exports what the list of records shows, all pages of it, as CSV with a header line: `id`,
/// `title`, `owner`, `owner_name`, `stage`, `created_at`, `updated_at`, then the fields of the record
/// type, an option of a choice by its name. Times are in the time zone of the workspace. A text that a spreadsheet would read as a
/// formula begins with an apostrophe.
/// An export that does not find every record in time breaks off.
/// The permissions are checked again for every 500 records, and the audit log notes the export.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/records/{entity}/export", tag = "Records", params(ExportParams),
    responses((status = 200, body = String, content_type = "text/csv", description = "A CSV file (RFC 4180)."),
        (status = 403, description = "`denied`: the caller may read no record of this type."),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn export(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path((ws, entity)): Path<(String, String)>,
    Params(ask): Params<ExportParams>,
) -> Result<Response, Problem> {
    let export = Export { web, principal, ws, entity, ask };
    let (resource, lines, next) = export.page(None).await?;
    let place = export.begin().await?;
    let file = csv::headers(&resource.key);
    let mark = csv::start(export.ask.byte_order_mark == Some(true));
    let head = format!("{mark}{}{lines}", head(&resource));
    Ok((file, pages::body(export, place, head, next)).into_response())
}

/// Create an export of records
///
/// Starts a bulk job that writes what the export of the same parameters would send into a file. The response is 202,
/// and `Location` names the export, which says how far it is and when its file is ready. The file can be downloaded
/// for 24 hours, by the member who asked for it and while they may read all that they might read when it was made. A
/// file has at most 64 MiB; a member has at most 5 exports at once, and a workspace 20. The permissions are checked again for each
/// batch, and the audit log notes the export once.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/records/{entity}/export", tag = "Records", params(ExportParams),
    responses((status = 202, body = ExportResponse, description = "A bulk job prepares the file; `Location` is the URL of the export."),
        (status = 403, description = "`denied`: the caller may read no record of this type."),
        (status = 409, description = "`switched_off`: the record type is switched off."),
        (status = 422, description = "`too_many_exports`: the member or the workspace has as many exports as it can have.")))]
async fn prepare(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path((ws, entity)): Path<(String, String)>,
    Params(ask): Params<ExportParams>,
) -> Result<Response, Problem> {
    let subject = ExportSubject::Records(ask.wanted(&entity)?);
    prepared((&web, &principal, &ws), subject).await
}
