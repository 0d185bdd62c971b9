//! The audit log as a file: all pages of a list, each with the rights of its moment.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use hallpass_app::Principal;
use hallpass_app::audit::{AuditFilter, AuditPage};
use hallpass_app::context::WorkspaceContext;
use hallpass_app::export::ExportPlace;
use hallpass_domain::audit::Entry;
use hallpass_domain::id::{AuditId, MemberId};
use serde::Deserialize;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{AuditEntry, Filters};
use crate::csv::{self, pages};
use crate::error::Problem;
use crate::extract::{Params, Path, SignedIn};
use crate::jsonl;
use crate::openapi::scalar;
use crate::state::Web;

/// How many entries are read at a time.
const PAGE: usize = 200;

const COLUMNS: [&str; 13] = [
    "id",
    "at",
    "actor",
    "actor_name",
    "action",
    "outcome",
    "subject",
    "subject_name",
    "before",
    "after",
    "request",
    "times",
    "last_at",
];

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(export))
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
    let filters = Filters {
        q: ask.q.as_deref(),
        actor: ask.actor.as_deref(),
        action: ask.action.as_deref(),
        subject: ask.subject.as_deref(),
        outcome: ask.outcome.as_deref(),
        period: [ask.from.as_deref(), ask.to.as_deref()],
    };
    let format = ask.format.as_deref().map_or(Ok(Format::Csv), Format::parse)?;
    let start = format.start(ask.byte_order_mark)?;
    let export = Export { filter: filters.read()?, format, web, principal, ws };
    // Who may not read the log leaves no entry of an export that they do not get.
    let (lines, next) = export.page(None).await?;
    let place = export.begin().await?;
    let body = pages::body(export, place, format!("{start}{lines}"), next);
    Ok((format.headers(), body).into_response())
}

/// What a file is written in.
#[derive(Clone, Copy)]
enum Format {
    Csv,
    /// JSON Lines: an entry of the list on each line.
    Jsonl,
}

impl Format {
    fn parse(word: &str) -> Result<Format, Problem> {
        match word {
            "csv" => Ok(Format::Csv),
            "jsonl" => Ok(Format::Jsonl),
            _ => {
                let detail = "the formats are `csv` and `jsonl`";
                Err(Problem::field("/format", "unknown", detail))
            }
        }
    }

    /// What a file begins with.
    fn start(self, byte_order_mark: Option<bool>) -> Result<String, Problem> {
        match (self, byte_order_mark) {
            (Format::Csv, mark) => {
                Ok(format!("{}{}", csv::start(mark == Some(true)), csv::line(COLUMNS)))
            }
            (Format::Jsonl, None | Some(false)) => Ok(String::new()),
            (Format::Jsonl, Some(true)) => {
                let detail = "only CSV begins with a byte order mark";
                Err(Problem::field("/byte_order_mark", "not_for_format", detail))
            }
        }
    }

    fn headers(self) -> [(HeaderName, HeaderValue); 2] {
        match self {
            Format::Csv => csv::headers("audit-log"),
            Format::Jsonl => jsonl::headers("audit-log"),
        }
    }

    fn line(self, ctx: &WorkspaceContext, entry: &Entry) -> String {
        match self {
            Format::Csv => line(ctx, entry),
            Format::Jsonl => jsonl::line(&AuditEntry::of(ctx, entry)),
        }
    }
}

/// A list that is read page by page.
struct Export {
    web: Web,
    principal: Principal,
    ws: String,
    filter: AuditFilter,
    format: Format,
}

impl Export {
    /// A page as lines, and where the next one begins.
    async fn page(&self, below: Option<AuditId>) -> Result<(String, Option<AuditId>), Problem> {
        let mut ctx = self.web.app.enter(&self.principal, &self.ws).await?;
        let AuditPage { entries, next, .. } =
            ctx.audit().list(&self.filter, below, PAGE).await?;
        Ok((entries.iter().map(|entry| self.format.line(&ctx, entry)).collect(), next))
    }

    /// Notes the export in the audit log.
    async fn begin(&self) -> Result<ExportPlace, Problem> {
        let mut ctx = self.web.app.enter_to_write(&self.principal, &self.ws).await?;
        Ok(ctx.audit().begin_export(&self.filter).await?)
    }
}

impl pages::Pages for Export {
    type Position = AuditId;

    async fn lines(&self, from: AuditId) -> Result<(String, Option<AuditId>), Problem> {
        self.page(Some(from)).await
    }
}

fn line(ctx: &WorkspaceContext, entry: &Entry) -> String {
    let subject = entry.subject.parse::<MemberId>().ok().and_then(|id| ctx.known_name(id));
    let json = |value: &Value| if value.is_null() { String::new() } else { value.to_string() };
    csv::line([
        entry.id.to_string().as_str(),
        &entry.at.to_string(),
        &entry.actor.map(|id| id.to_string()).unwrap_or_default(),
        &entry.actor_name,
        &entry.action,
        entry.outcome.word(),
        &entry.subject,
        subject.unwrap_or_default(),
        &json(&entry.before),
        &json(&entry.after),
        &entry.request,
        &entry.times.to_string(),
        &entry.last_at.to_string(),
    ])
}
