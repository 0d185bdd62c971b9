//! The audit log over HTTP: who did or tried what, the latest first.

use hallpass_app::audit::AuditQuery;
use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::AuditId;
use hallpass_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cursor;
use crate::error::Problem;
use crate::extract::context::ReadContext;
use crate::extract::{Params, field_id, limit};
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

const LIST: &str = "audit";

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list))
}

/// An entry of the audit log.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    id: String,
    at: String,
    /// The member who acted; null for the operator and for jobs.
    actor: Option<String>,
    /// Their name as it was then.
    actor_name: String,
    /// What was done: `member.update`; for a denial `resource:action`.
    action: String,
    /// `done` or `denied`.
    outcome: String,
    /// The id of what it was done to.
    subject: String,
    /// How it was; null when it was not.
    before: Value,
    /// How it is; null when it is not any more. For a denial why.
    after: Value,
    /// The revision of the workspace after it.
    revision: i64,
    /// The request that did it.
    request: String,
}

impl AuditEntry {
    fn of(entry: &Entry) -> AuditEntry {
        AuditEntry {
            id: entry.id.to_string(),
            at: entry.at.to_string(),
            actor: entry.actor.map(|id| id.to_string()),
            actor_name: entry.actor_name.clone(),
            action: entry.action.clone(),
            outcome: entry.outcome.word().to_owned(),
            subject: entry.subject.clone(),
            before: entry.before.clone(),
            after: entry.after.clone(),
            revision: entry.revision,
            request: entry.request.clone(),
        }
    }
}

/// Which entries, and how many.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AuditParams {
    /// A member's id.
    actor: Option<String>,
    /// What was done, exactly: `role.update`, or `contacts:delete` for a denial.
    action: Option<String>,
    /// The id of what it was done to.
    subject: Option<String>,
    /// `done` or `denied`.
    outcome: Option<String>,
    /// From this time on (RFC 3339).
    from: Option<String>,
    /// Before this time (RFC 3339).
    to: Option<String>,
    /// 1 to 200.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The audit log, the latest first.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/audit", tag = "Administration", params(AuditParams),
    responses((status = 200, body = Page<AuditEntry>), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<AuditParams>,
) -> Answer<Page<AuditEntry>> {
    let most = limit(ask.limit)?;
    let from = below(LIST, ask.cursor.as_deref())?;
    let query = AuditQuery {
        actor: ask.actor.as_deref().map(|text| field_id("/actor", text)).transpose()?,
        action: ask.action,
        subject: ask.subject,
        outcome: ask.outcome.as_deref().map(outcome).transpose()?,
        from: ask.from.as_deref().map(|text| time("/from", text)).transpose()?,
        to: ask.to.as_deref().map(|text| time("/to", text)).transpose()?,
    };
    let (entries, has_more) = ctx.audit().list(&query, from, most).await?;
    Ok(Reply::ok(page_of(LIST, &entries, has_more)).at(ctx.revision()))
}

fn outcome(word: &str) -> Result<Outcome, Problem> {
    Outcome::parse(word).ok_or_else(|| {
        Problem::field("/outcome", "unknown", "the outcomes are `done` and `denied`")
    })
}

pub(super) fn time(pointer: &str, text: &str) -> Result<Timestamp, Problem> {
    let detail = "a time is written as `2026-03-15T12:00:00Z`";
    text.parse().map_err(|_| Problem::field(pointer, "bad_time", detail))
}

/// The entry below which a page begins.
pub(crate) fn below(list: &str, text: Option<&str>) -> Result<Option<AuditId>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let id: String = cursor::read(list, text)?;
    field_id("/cursor", &id).map(Some)
}

/// A page of entries.
pub(crate) fn page_of(list: &str, entries: &[Entry], has_more: bool) -> Page<AuditEntry> {
    let last = entries.last().filter(|_| has_more);
    Page {
        items: entries.iter().map(AuditEntry::of).collect(),
        next_cursor: last.map(|entry| cursor::write(list, &entry.id.to_string())),
        total: None,
    }
}
