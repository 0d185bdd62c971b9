//! The audit log over HTTP: who did or tried what, the latest first.

mod export;

use std::collections::BTreeMap;

use hallpass_app::audit::{AuditFilter, AuditPage, AuditQuery, ShownEntry};
use hallpass_app::context::WorkspaceContext;
use hallpass_app::record::Total;
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
use crate::openapi::scalar;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

const LIST: &str = "audit";

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list)).merge(export::routes())
}

/// An audit entry: an action that was carried out or denied.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// The id.
    #[schema(value_type = scalar::AuditId)]
    id: String,
    /// When it happened.
    #[schema(value_type = scalar::Timestamp)]
    at: String,
    /// The member who acted; `null` for the operator and for jobs.
    #[schema(value_type = Option<scalar::MemberId>)]
    actor: Option<String>,
    /// The name of the actor at that time.
    actor_name: String,
    /// The action, such as `member.update`; for a denial `resource:action`.
    action: String,
    /// Whether the action was carried out or denied.
    #[schema(value_type = scalar::AuditOutcome)]
    outcome: String,
    /// The id of what it was done to.
    subject: String,
    /// The values before; `null` if it did not exist. A caller who may not read what the entry is
    /// about gets the names of the fields in `hidden`.
    before: Value,
    /// The values after; `null` if it no longer exists. For a denial, the reason.
    after: Value,
    /// The names of the members in `subject`, `before` and `after`, by id, as far as the caller
    /// may know them.
    #[schema(value_type = BTreeMap<scalar::MemberId, String>)]
    names: BTreeMap<String, String>,
    /// The revision of the workspace after it.
    revision: i64,
    /// The id of the request that did it; the first one, where `times` is more than one.
    request: String,
    /// How many times: a denial that is repeated within an hour is counted in one entry.
    #[schema(minimum = 1)]
    times: i64,
    /// When it happened for the last time.
    #[schema(value_type = scalar::Timestamp)]
    last_at: String,
}

impl AuditEntry {
    fn of(ctx: &WorkspaceContext, entry: &Entry) -> AuditEntry {
        ShownEntry::of(ctx, entry).into()
    }
}

impl From<ShownEntry> for AuditEntry {
    fn from(shown: ShownEntry) -> AuditEntry {
        let ShownEntry {
            id,
            at,
            actor,
            actor_name,
            action,
            outcome,
            subject,
            before,
            after,
            names,
            revision,
            request,
            times,
            last_at,
        } = shown;
        AuditEntry {
            id,
            at,
            actor,
            actor_name,
            action,
            outcome,
            subject,
            before,
            after,
            names,
            revision,
            request,
            times,
            last_at,
        }
    }
}

/// Which entries, and how many.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AuditParams {
    /// Only entries in which each of these words is found, without regard to case and accents: in the name of the
    /// actor, the action, the id or name of what it is about, the id of the request, or a value that the caller may
    /// read.
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
    /// The largest number of items on the page.
    #[param(value_type = Option<scalar::Limit>)]
    limit: Option<usize>,
    /// `next_cursor` of the previous page.
    #[param(value_type = Option<scalar::Cursor>)]
    cursor: Option<String>,
}

/// List audit entries
///
/// Lists what was done in the workspace, and what was denied, the latest first. An entry is found
/// under everything that it touched: a reassignment under each record and both owners. Values that
/// the caller may not read are left out. The filters combine. A search looks at up to 10,000 entries that the other
/// filters find; then the page is `incomplete`, perhaps without items, and `next_cursor` goes on. The number of all entries is not counted: there is no `total`. Requires `audit:
/// read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/audit", tag = "Administration", params(AuditParams),
    responses((status = 200, body = Page<AuditEntry>),
        (status = 403, description = "`denied`: the caller may not read the audit log.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<AuditParams>,
) -> Answer<Page<AuditEntry>> {
    let most = limit(ask.limit)?;
    let from = below(LIST, ask.cursor.as_deref())?;
    let filters = Filters {
        q: ask.q.as_deref(),
        actor: ask.actor.as_deref(),
        action: ask.action.as_deref(),
        subject: ask.subject.as_deref(),
        outcome: ask.outcome.as_deref(),
        period: [ask.from.as_deref(), ask.to.as_deref()],
    };
    let AuditPage { entries, next, reached } =
        ctx.audit().list(&filters.read()?, from, most).await?;
    let items = entries.iter().map(|entry| AuditEntry::of(&ctx, entry)).collect();
    let next = next.map(|next| cursor::write(LIST, &next.to_string()));
    let page = Page::filtered(items, next, Total::Unknown, reached.is_some());
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// The filters as a request writes them.
struct Filters<'r> {
    q: Option<&'r str>,
    actor: Option<&'r str>,
    action: Option<&'r str>,
    subject: Option<&'r str>,
    outcome: Option<&'r str>,
    /// Its beginning and its end.
    period: [Option<&'r str>; 2],
}

impl Filters<'_> {
    fn read(&self) -> Result<AuditFilter, Problem> {
        let [from, to] = self.period;
        let query = AuditQuery {
            actor: self.actor.map(|text| field_id("/actor", text)).transpose()?,
            action: self.action.map(str::to_owned),
            subject: self.subject.map(str::to_owned),
            outcome: self.outcome.map(outcome).transpose()?,
            from: from.map(|text| time("/from", text)).transpose()?,
            to: to.map(|text| time("/to", text)).transpose()?,
        };
        Ok(AuditFilter { query, text: self.q.map(str::to_owned) })
    }
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
pub(crate) fn page_of(
    ctx: &WorkspaceContext,
    list: &str,
    entries: &[Entry],
    has_more: bool,
) -> Page<AuditEntry> {
    let last = entries.last().filter(|_| has_more);
    let items = entries.iter().map(|entry| AuditEntry::of(ctx, entry)).collect();
    Page::new(items, last.map(|entry| cursor::write(list, &entry.id.to_string())), None)
}
