//! Reassignments over HTTP: many records from one owner to another.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hallpass_app::record::reassignment::{Reassigned, Reassignment};
use hallpass_domain::id::RecordId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::owner;
use crate::error::Problem;
use crate::extract::{Body, Path, SignedIn, field_id};
use crate::openapi::scalar;
use crate::reply::Reply;
use crate::rest::bulk_job::{BulkJobResponse, started};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(reassign))
}

/// Records that are to get another owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReassignmentRequest {
    /// The current owner: a member's id, `me` or `unowned`.
    #[schema(value_type = scalar::OwnerKey)]
    from: String,
    /// The new owner: a member's id, `me` or `unowned`.
    #[schema(value_type = scalar::OwnerKey)]
    to: String,
    /// The keys of the record types; all that the caller may reassign if absent.
    #[schema(value_type = Option<Vec<scalar::Key>>, max_items = 1000)]
    entities: Option<Vec<String>>,
    /// The ids of the records; all of the owner's if absent.
    #[schema(value_type = Option<Vec<scalar::RecordId>>, max_items = 10_000)]
    records: Option<Vec<String>>,
    /// Whether only to count.
    #[serde(default)]
    dry_run: bool,
}

/// What was reassigned, or would be.
#[derive(Serialize, ToSchema)]
struct ReassignmentResponse {
    /// The number of records by record type.
    #[schema(value_type = BTreeMap<String, i64>)]
    counts: Map<String, Value>,
    /// The number of all of them.
    #[schema(minimum = 0)]
    total: i64,
    /// The number of records of `from` that stay with their owner because they are out of the caller's
    /// sight or reach, by record type.
    #[schema(value_type = BTreeMap<String, i64>)]
    out_of_reach: Map<String, Value>,
    /// Whether they were only counted.
    dry_run: bool,
}

/// Reassign records
///
/// Changes the owner of many records at once: all records of `from`, or those that `entities`
/// and `records` name. The number of records is exact; with `dry_run` nothing is changed.
/// Requires `members: reassign`, on every record type the action that changes owners, and that the
/// caller may give records to `to`. Records of `from` that the caller does not reach stay, and
/// `out_of_reach` counts them. At most 10,000 records can be named.
///
/// At most 2,000 records are reassigned at once. More are a bulk job, which reassigns them in batches beside
/// other requests: the response is 202, and `Location` names the job. Until it is done, some of the records
/// have their new owner and others do not. It checks the rights of the caller again before each batch, and goes
/// on after a restart of the server. A workspace has at most 20 bulk jobs at once.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/reassignments", tag = "Records", request_body = ReassignmentRequest,
    responses((status = 200, body = ReassignmentResponse),
        (status = 202, body = BulkJobResponse, description = "A bulk job reassigns them; `Location` is its URL."),
        (status = 403, description = "`denied`: the caller may not reassign many records at once, or not records of this type, or not to this owner."),
        (status = 409, description = "`stale`: records were changed at the same time; repeat the request.")))]
async fn reassign(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(ws): Path<String>,
    Body(ask): Body<ReassignmentRequest>,
) -> Result<Response, Problem> {
    let mut ctx = if ask.dry_run {
        web.app.enter(&principal, &ws).await?
    } else {
        web.app.enter_to_write(&principal, &ws).await?
    };
    let records = match &ask.records {
        Some(records) => {
            let each = records.iter().enumerate();
            let ids: Result<Vec<RecordId>, Problem> = each
                .map(|(place, text)| field_id(&format!("/records/{place}"), text))
                .collect();
            Some(ids?)
        }
        None => None,
    };
    let reassignment = Reassignment {
        from: owner("/from", &ask.from)?,
        to: owner("/to", &ask.to)?,
        entities: ask.entities,
        records,
    };
    let counts = if ask.dry_run {
        ctx.records().preview_reassignment(&reassignment).await?
    } else {
        match ctx.records().reassign(&reassignment).await? {
            Reassigned::Done(counts) => counts,
            Reassigned::Started(job) => return Ok(started(*job, &ws, ctx.revision())),
        }
    };
    let total = counts.moved.iter().map(|(_, n)| n).sum();
    let by_type = |counts: Vec<(String, i64)>| -> Map<String, Value> {
        counts.into_iter().map(|(entity, n)| (entity, n.into())).collect()
    };
    let out_of_reach = by_type(counts.out_of_reach);
    let mut counts = by_type(counts.moved);
    // A record type of which nothing moves is counted too.
    counts.extend(out_of_reach.keys().map(|entity| (entity.clone(), 0.into())));
    let told = ReassignmentResponse { counts, total, out_of_reach, dry_run: ask.dry_run };
    Ok(Reply::ok(told).at(ctx.revision()).into_response())
}
