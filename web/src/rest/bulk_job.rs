//! Bulk jobs over HTTP: list, load, cancel, and the records that one has changed.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use hallpass_app::Principal;
use hallpass_domain::bulk_job::{BulkJob, BulkJobKind};
use hallpass_domain::id::BulkJobId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::csv;
use crate::cursor;
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext};
use crate::extract::{Params, Path, SignedIn, id, limit};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

const LIST: &str = "bulk jobs";

/// How many parts of a job are read at a time.
const PARTS: usize = 10;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(load))
        .routes(routes!(cancel))
        .routes(routes!(records))
}

/// A bulk job.
#[derive(Serialize, ToSchema)]
pub(super) struct BulkJobResponse {
    /// The id.
    #[schema(value_type = scalar::BulkJobId)]
    id: String,
    /// What it does: `reassignment`, `import` or `export`.
    #[schema(value_type = scalar::BulkJobKind)]
    kind: &'static str,
    /// How it is: `running`, and then what is done so far can be seen by everyone; `done`; `stopped`,
    /// because the member who started it may no longer do it, or a rule refused the rest; `cancelled`;
    /// `failed`.
    #[schema(value_type = scalar::BulkJobState)]
    state: &'static str,
    /// The number of records that it has changed; for an export, that are in its file.
    #[schema(minimum = 0)]
    done: i64,
    /// The number of records that it had to change when it started; for an export, that it had to write, and more where
    /// there are more by now.
    #[schema(minimum = 0)]
    total: i64,
    /// The number of records that it has changed, by record type.
    counts: BTreeMap<String, i64>,
    /// The number of records that it leaves, out of reach of the member who started it, by record type.
    out_of_reach: BTreeMap<String, i64>,
    /// Why it ended before it was done; `null` if it did not.
    reason: Option<String>,
    /// The member who started it.
    #[schema(value_type = scalar::MemberId)]
    started_by: String,
    /// When it started.
    #[schema(value_type = scalar::Timestamp)]
    started_at: String,
    /// When its last batch was done.
    #[schema(value_type = scalar::Timestamp)]
    updated_at: String,
    /// When it ended; `null` while it runs.
    #[schema(value_type = Option<scalar::Timestamp>)]
    ended_at: Option<String>,
}

impl From<BulkJob> for BulkJobResponse {
    fn from(job: BulkJob) -> BulkJobResponse {
        let figures = |key: &str| {
            let found = job.result.get(key).and_then(Value::as_object);
            let each = found.into_iter().flatten();
            each.map(|(entity, n)| (entity.clone(), n.as_i64().unwrap_or(0))).collect()
        };
        BulkJobResponse {
            counts: figures("counts"),
            out_of_reach: figures("out_of_reach"),
            id: job.id.to_string(),
            kind: job.kind.word(),
            state: job.state.word(),
            done: job.done,
            total: job.total,
            reason: job.reason.map(|reason| reason.text),
            started_by: job.member.to_string(),
            started_at: job.created_at.to_string(),
            updated_at: job.updated_at.to_string(),
            ended_at: job.ended_at.map(|at| at.to_string()),
        }
    }
}

/// The response to a request that has started a bulk job: where it is.
pub(super) fn started(job: BulkJob, ws: &str, revision: i64) -> Response {
    let place = format!("/api/v1/workspaces/{ws}/bulk-jobs/{}", job.id);
    let mut response = Reply::ok(BulkJobResponse::from(job)).at(revision).into_response();
    *response.status_mut() = StatusCode::ACCEPTED;
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

/// List bulk jobs
///
/// Lists the bulk jobs that the caller has started, the latest first, and those of other members if the caller
/// may read the audit log and every record of their types. A job that has ended is kept for 30 days.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/bulk-jobs", tag = "Records", params(PageParams),
    responses((status = 200, body = Page<BulkJobResponse>)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<BulkJobResponse>> {
    let most = limit(ask.limit)?;
    let below = ask.cursor.as_deref().map(|text| cursor::read::<BulkJobId>(LIST, text));
    let (jobs, next) = ctx.bulk_jobs().list(below.transpose()?, most).await?;
    let next = next.map(|id| cursor::write(LIST, &id));
    let items = jobs.into_iter().map(BulkJobResponse::from).collect();
    Ok(Reply::ok(Page::new(items, next, None)).at(ctx.revision()))
}

/// Get a bulk job
///
/// Returns how a bulk job is and how far it came. Only the member who started it sees it, and those who may
/// read the audit log and every record of its types.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/bulk-jobs/{id}", tag = "Records",
    responses((status = 200, body = BulkJobResponse)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, job)): Path<(String, String)>,
) -> Answer<BulkJobResponse> {
    let job = ctx.bulk_jobs().load(id(&job, "bulk job")?).await?;
    Ok(Reply::ok(job.into()).at(ctx.revision()))
}

/// Cancel a bulk job
///
/// Ends a bulk job after its present batch; what it has done stays. Members cancel their own bulk jobs, and
/// those of others whom they see and which they could have started.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/bulk-jobs/{id}/cancel", tag = "Records",
    responses((status = 200, body = BulkJobResponse),
        (status = 403, description = "`denied`: the caller has not started it, and could not."),
        (status = 409, description = "`already`: it has ended.")))]
async fn cancel(
    WriteContext(mut ctx): WriteContext,
    Path((_, job)): Path<(String, String)>,
) -> Answer<BulkJobResponse> {
    let job = ctx.bulk_jobs().cancel(id(&job, "bulk job")?).await?;
    Ok(Reply::ok(job.into()).at(ctx.revision()))
}

/// Export the records of a bulk job
///
/// Lists the records that a bulk job has changed so far, as CSV with a header line: the record type, the id,
/// and for an import the line. An export changes none.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/bulk-jobs/{id}/records", tag = "Records",
    responses((status = 200, body = String, content_type = "text/csv", description = "A CSV file (RFC 4180).")))]
async fn records(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path((ws, job)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id: BulkJobId = id(&job, "bulk job")?;
    let mut ctx = web.app.enter(&principal, &ws).await?;
    let kind = ctx.bulk_jobs().load(id).await?.kind;
    drop(ctx);
    let head = csv::line(match kind {
        BulkJobKind::Reassignment | BulkJobKind::Export => {
            ["record_type", "record"].as_slice().iter().copied()
        }
        BulkJobKind::Import => ["record_type", "record", "line"].as_slice().iter().copied(),
    });
    let parts = Parts { web, principal, ws, id, ready: Some(head), after: Some(-1) };
    let file = csv::headers(&format!("bulk-job-{id}"));
    Ok((file, Body::from_stream(try_unfold(parts, Parts::turn))).into_response())
}

/// What of a list of records is still to be sent.
struct Parts {
    web: Web,
    principal: Principal,
    ws: String,
    id: BulkJobId,
    ready: Option<String>,
    /// The last part that was sent; none at the end.
    after: Option<i64>,
}

impl Parts {
    /// The next lines, each page with the rights of its moment. The answer has begun when one fails: then it
    /// breaks off.
    async fn turn(mut self) -> Result<Option<(String, Parts)>, std::io::Error> {
        if let Some(ready) = self.ready.take() {
            return Ok(Some((ready, self)));
        }
        let Some(after) = self.after else { return Ok(None) };
        let page = self.page(after).await;
        let (lines, after) = page.map_err(|problem| std::io::Error::other(problem.detail))?;
        self.after = after;
        Ok(Some((lines, self)))
    }

    async fn page(&self, after: i64) -> Result<(String, Option<i64>), Problem> {
        let mut ctx = self.web.app.enter(&self.principal, &self.ws).await?;
        let parts = ctx.bulk_jobs().list_parts(self.id, after, PARTS).await?;
        let next = parts.items.last().map(|part| part.number).filter(|_| parts.has_more);
        Ok((parts.items.iter().map(|part| lines(&part.result)).collect(), next))
    }
}

/// The records of a part: by record type, each as its id, or with its line.
fn lines(result: &Value) -> String {
    let mut text = String::new();
    for (entity, records) in result.as_object().into_iter().flatten() {
        for record in records.as_array().into_iter().flatten() {
            let line = match record {
                Value::String(id) => csv::line([entity.as_str(), id]),
                Value::Array(cells) => {
                    let (number, id) = (cells.first(), cells.get(1).and_then(Value::as_str));
                    let number = number.map(ToString::to_string).unwrap_or_default();
                    csv::line([entity.as_str(), id.unwrap_or_default(), &number])
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => continue,
            };
            text.push_str(&line);
        }
    }
    text
}
