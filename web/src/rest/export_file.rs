//! Exports that bulk jobs prepare over HTTP: list, load, download, delete.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use hallpass_app::Principal;
use hallpass_app::audit::AuditFormat;
use hallpass_app::export::ExportPlace;
use hallpass_app::export_file::ExportDetails;
use hallpass_app::export_file::subject::ExportSubject;
use hallpass_domain::export_file::state::NoFile;
use hallpass_domain::id::BulkJobId;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cursor;
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext};
use crate::extract::{Params, Path, SignedIn, id, limit};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;
use crate::{csv, jsonl};

const LIST: &str = "exports";

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(load, delete))
        .routes(routes!(download))
}

/// An export that a bulk job prepares.
#[derive(Serialize, ToSchema)]
pub(super) struct ExportResponse {
    /// The id, which is that of the bulk job.
    #[schema(value_type = scalar::BulkJobId)]
    id: String,
    /// What it is of: `records` of a type, or entries of the `audit` log.
    #[schema(value_type = scalar::ExportSubject)]
    subject: &'static str,
    /// The key of the record type; `null` for the audit log.
    entity: Option<String>,
    /// How it is: `preparing`; `ready`, and then the file can be downloaded; `outdated`, because the member may read less
    /// than when it was made; `expired`, also where it was deleted; `ended`, because the bulk job ended before the file
    /// was whole.
    #[schema(value_type = scalar::ExportState)]
    state: &'static str,
    /// The number of records or entries that are in the file.
    #[schema(minimum = 0)]
    done: i64,
    /// The number of records or entries that it had to write when it started, and more where there are more by now.
    #[schema(minimum = 0)]
    total: i64,
    /// Whether they were counted when it started; otherwise there are at least `total`.
    is_total_exact: bool,
    /// The number of bytes of the file so far; `null` where there is none any more.
    bytes: Option<i64>,
    /// Why it ended before the file was whole; `null` if it did not.
    reason: Option<String>,
    /// When it started.
    #[schema(value_type = scalar::Timestamp)]
    started_at: String,
    /// When it ended; `null` while it is prepared.
    #[schema(value_type = Option<scalar::Timestamp>)]
    ended_at: Option<String>,
    /// Until when the file can be downloaded; `null` where it cannot.
    #[schema(value_type = Option<scalar::Timestamp>)]
    expires_at: Option<String>,
}

impl From<&ExportDetails> for ExportResponse {
    fn from(details: &ExportDetails) -> ExportResponse {
        let ExportDetails { job, task, file, ready } = details;
        let (subject, entity) = match &task.subject {
            ExportSubject::Records(records) => ("records", Some(records.entity.clone())),
            ExportSubject::Audit(_) => ("audit", None),
        };
        let is_there = match ready {
            Ok(()) | Err(NoFile::Preparing | NoFile::Outdated) => true,
            Err(NoFile::Expired | NoFile::Ended) => false,
        };
        let file = file.filter(|_| is_there);
        let end = file.and_then(|file| file.expires_at).filter(|_| ready.is_ok());
        ExportResponse {
            id: job.id.to_string(),
            subject,
            entity,
            state: ready.map_or_else(NoFile::word, |()| "ready"),
            done: job.done,
            total: job.total,
            is_total_exact: task.is_total_exact,
            bytes: file.map(|file| file.bytes),
            reason: job.reason.as_ref().map(|reason| reason.text.clone()),
            started_at: job.created_at.to_string(),
            ended_at: job.ended_at.map(|at| at.to_string()),
            expires_at: end.map(|at| at.to_string()),
        }
    }
}

/// Starts the bulk job of an export, and says where it is.
pub(super) async fn prepared(
    (web, principal, ws): (&Web, &Principal, &str),
    subject: ExportSubject,
) -> Result<Response, Problem> {
    // Counting keeps no one from writing.
    let mut ctx = web.app.enter(principal, ws).await?;
    let total = ctx.export_files().estimate(&subject).await?;
    drop(ctx);
    let mut ctx = web.app.enter_to_write(principal, ws).await?;
    let details = ctx.export_files().prepare(&subject, total).await?;
    let place = format!("/api/v1/workspaces/{ws}/exports/{}", details.job.id);
    let reply = Reply::ok(ExportResponse::from(&details)).at(ctx.revision());
    let mut response = reply.into_response();
    *response.status_mut() = StatusCode::ACCEPTED;
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// The headers of a file of audit entries.
pub(super) fn audit_headers(format: AuditFormat) -> [(HeaderName, HeaderValue); 2] {
    match format {
        AuditFormat::Csv => csv::headers("audit-log"),
        AuditFormat::Jsonl => jsonl::headers("audit-log"),
    }
}

/// List your exports
///
/// Lists the exports that the caller has asked for and that a bulk job prepares, the latest first. One is listed for 30 days;
/// its file can be downloaded for 24 hours.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/exports", tag = "Records", params(PageParams),
    responses((status = 200, body = Page<ExportResponse>)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<ExportResponse>> {
    let most = limit(ask.limit)?;
    let below = ask.cursor.as_deref().map(|text| cursor::read::<BulkJobId>(LIST, text));
    let (exports, next) = ctx.export_files().list(below.transpose()?, most).await?;
    let next = next.map(|id| cursor::write(LIST, &id));
    let items = exports.iter().map(ExportResponse::from).collect();
    Ok(Reply::ok(Page::new(items, next, None)).at(ctx.revision()))
}

/// Get an export
///
/// Returns how an export is and how far it came. Only the member who asked for it sees it.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/exports/{id}", tag = "Records",
    responses((status = 200, body = ExportResponse)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, export)): Path<(String, String)>,
) -> Answer<ExportResponse> {
    let details = ctx.export_files().load(id(&export, "export")?).await?;
    Ok(Reply::ok(ExportResponse::from(&details)).at(ctx.revision()))
}

/// Cancel or delete an export
///
/// Cancels an export that is being prepared, or deletes the file of one that is ready.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/exports/{id}", tag = "Records",
    responses((status = 204),
        (status = 409, description = "`export_expired`, `export_ended`: there is no file.")))]
async fn delete(
    WriteContext(mut ctx): WriteContext,
    Path((_, export)): Path<(String, String)>,
) -> Answer<()> {
    ctx.export_files().delete(id(&export, "export")?).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// Get the file of an export
///
/// Returns the file of an export. It has what the caller could read when it was made. While it is sent, the
/// permissions are checked again for each piece of it: a download that is not allowed any more breaks off.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/exports/{id}/file", tag = "Records",
    responses((status = 200, description = "A CSV file (RFC 4180), or one audit entry as JSON per line.",
            content((String = "text/csv"), (String = "application/jsonl"))),
        (status = 403, description = "`denied`: the caller may read no record of this type any more, or not read or not export the audit log."),
        (status = 409, description = "`export_preparing`, `export_outdated`, `export_expired`, `export_ended`: the file cannot be downloaded.")))]
async fn download(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path((ws, export)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id: BulkJobId = id(&export, "export")?;
    let mut ctx = web.app.enter_to_write(&principal, &ws).await?;
    let (details, file, place) = ctx.export_files().open(id).await?;
    drop(ctx);
    let headers = match &details.task.subject {
        ExportSubject::Records(records) => csv::headers(&records.entity),
        ExportSubject::Audit(audit) => audit_headers(audit.format),
    };
    let pieces = Pieces { web, principal, ws, id, left: 0..file.pieces, _place: place };
    Ok((headers, Body::from_stream(try_unfold(pieces, Pieces::turn))).into_response())
}

/// What of a file is still to be sent.
struct Pieces {
    web: Web,
    principal: Principal,
    ws: String,
    id: BulkJobId,
    /// The numbers of the pieces.
    left: std::ops::Range<i64>,
    /// Among the exports that run at the same time.
    _place: ExportPlace,
}

impl Pieces {
    /// The next piece, with the rights of its moment. The answer has begun when one fails: then it breaks off.
    async fn turn(mut self) -> Result<Option<(Vec<u8>, Pieces)>, std::io::Error> {
        let Some(number) = self.left.next() else { return Ok(None) };
        let piece = self.load(number).await;
        let piece = piece.map_err(|problem| std::io::Error::other(problem.detail))?;
        Ok(Some((piece, self)))
    }

    async fn load(&self, number: i64) -> Result<Vec<u8>, Problem> {
        let mut ctx = self.web.app.enter(&self.principal, &self.ws).await?;
        Ok(ctx.export_files().load_piece(self.id, number).await?)
    }
}
