//! The audit log as a file: all pages of a list, each with the rights of its moment.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hallpass_app::Principal;
use hallpass_app::audit::{AuditFormat, AuditPage};
use hallpass_app::export::ExportPlace;
use hallpass_app::export_file::subject::{AuditExport, ExportSubject};
use hallpass_domain::id::AuditId;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Filters;
use crate::csv::pages;
use crate::error::Problem;
use crate::extract::{Params, Path, SignedIn};
use crate::openapi::scalar;
use crate::rest::export_file::{ExportResponse, audit_headers, prepared};
use crate::state::Web;

/// How many entries are read at a time.
const PAGE: usize = 200;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(export, prepare))
}

/// Which entries.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportParams {
    /// Only entries in which each of these words is found, as in the list.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only what this member did.
    #[param(value_type = Option<scalar::MemberId>)]
    actor: Option<String>,
    /// Only this action, exactly: `role.update`, or `contacts:delete` for a denial.
    #[param(max_length = 200)]
    action: Option<String>,
    /// Only what touched this id: a record, a member, a team, …
    #[param(max_length = 200)]
    subject: Option<String>,
    /// Only what was carried out (`done`) or denied.
    #[param(value_type = Option<scalar::AuditOutcome>)]
    outcome: Option<String>,
    /// Only from this time on.
    #[param(value_type = Option<scalar::Timestamp>)]
    from: Option<String>,
    /// Only before this time.
    #[param(value_type = Option<scalar::Timestamp>)]
    to: Option<String>,
    /// `csv`, or `jsonl` for JSON Lines: each line is an entry as the list has it. By default `csv`.
    #[param(value_type = Option<scalar::AuditFormat>)]
    format: Option<String>,
    /// Whether a CSV file begins with a byte order mark, by which Excel recognises UTF-8.
    byte_order_mark: Option<bool>,
}

impl ExportParams {
    /// The export that the parameters ask for.
    fn wanted(&self) -> Result<AuditExport, Problem> {
        let filters = Filters {
            q: self.q.as_deref(),
            actor: self.actor.as_deref(),
            action: self.action.as_deref(),
            subject: self.subject.as_deref(),
            outcome: self.outcome.as_deref(),
            period: [self.from.as_deref(), self.to.as_deref()],
        };
        let format = match self.format.as_deref().map(AuditFormat::parse) {
            None => AuditFormat::Csv,
            Some(Some(format)) => format,
            Some(None) => {
                let detail = "the formats are `csv` and `jsonl`";
                return Err(Problem::field("/format", "unknown", detail));
            }
        };
        let has_mark = self.byte_order_mark == Some(true);
        if has_mark && format == AuditFormat::Jsonl {
            let detail = "only CSV begins with a byte order mark";
            return Err(Problem::field("/byte_order_mark", "not_for_format", detail));
        }
        Ok(AuditExport { filter: filters.read()?, format, has_mark })
    }
}

/// Export audit entries
///
/// Exports what the list of audit entries shows, all pages of it, the latest first, as CSV with a header line or as
/// JSON Lines. In CSV, `before` and `after` are JSON, and a text that a spreadsheet would read as a formula begins with
/// an apostrophe. Where the caller may not read the values of an entry, it has the names of the fields in `hidden`. The
/// permissions are checked again for every 200 entries. The audit log notes the export, and this entry is not in the
/// file.
/// Requires `audit: read` and `audit: export`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/audit/export", tag = "Administration", params(ExportParams),
    responses((status = 200, description = "A CSV file (RFC 4180), or one entry as JSON per line.",
            content((String = "text/csv"), (String = "application/jsonl"))),
        (status = 403, description = "`denied`: the caller may not read or not export the audit log.")))]
async fn export(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(ws): Path<String>,
    Params(ask): Params<ExportParams>,
) -> Result<Response, Problem> {
    let export = Export { wanted: ask.wanted()?, web, principal, ws };
    // Who may not read the log leaves no entry of an export that they do not get.
    let (lines, next) = export.page(None).await?;
    let place = export.begin().await?;
    let AuditExport { format, has_mark, .. } = export.wanted;
    let first = format!("{}{lines}", format.start(has_mark));
    let body = pages::body(export, place, first, next);
    Ok((audit_headers(format), body).into_response())
}

/// Create an export of audit entries
///
/// Starts a bulk job that writes what the export of the same parameters would send into a file. The response is 202,
/// and `Location` names the export, which says how far it is and when its file is ready. It has the entries that are there when it
/// starts; its own entry is not among them. The file can be downloaded
/// for 24 hours, by the member who asked for it, while they may read and export the audit log, and may read all values that they
/// might read when it was made. A
/// file has at most 64 MiB; a member has at most 5 exports at once, and a workspace 20. The permissions are checked again for each
/// batch, and the audit log notes the export once. Requires `audit: read` and `audit: export`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/audit/export", tag = "Administration", params(ExportParams),
    responses((status = 202, body = ExportResponse, description = "A bulk job prepares the file; `Location` is the URL of the export."),
        (status = 403, description = "`denied`: the caller may not read or not export the audit log."),
        (status = 422, description = "`too_many_exports`: the member or the workspace has as many exports as it can have.")))]
async fn prepare(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(ws): Path<String>,
    Params(ask): Params<ExportParams>,
) -> Result<Response, Problem> {
    prepared((&web, &principal, &ws), ExportSubject::Audit(ask.wanted()?)).await
}

/// A list that is read page by page.
struct Export {
    web: Web,
    principal: Principal,
    ws: String,
    wanted: AuditExport,
}

impl Export {
    /// A page as lines, and where the next one begins.
    async fn page(&self, below: Option<AuditId>) -> Result<(String, Option<AuditId>), Problem> {
        let AuditExport { filter, format, .. } = &self.wanted;
        let mut ctx = self.web.app.enter(&self.principal, &self.ws).await?;
        let AuditPage { entries, next, .. } = ctx.audit().list(filter, below, PAGE).await?;
        Ok((entries.iter().map(|entry| format.line(&ctx, entry)).collect(), next))
    }

    /// Notes the export in the audit log.
    async fn begin(&self) -> Result<ExportPlace, Problem> {
        let mut ctx = self.web.app.enter_to_write(&self.principal, &self.ws).await?;
        Ok(ctx.audit().begin_export(&self.wanted.filter).await?)
    }
}

impl pages::Pages for Export {
    type Position = AuditId;

    async fn lines(&self, from: AuditId) -> Result<(String, Option<AuditId>), Problem> {
        self.page(Some(from)).await
    }
}
