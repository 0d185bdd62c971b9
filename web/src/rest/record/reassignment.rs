//! Reassignments over HTTP: many records from one owner to another.

use axum::extract::State;
use hallpass_app::record::reassignment::Reassignment;
use hallpass_domain::id::RecordId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::owner;
use crate::error::Problem;
use crate::extract::{Body, Path, SignedIn, field_id};
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(reassign))
}

/// Records to be given from one to another.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReassignmentRequest {
    /// A member's id, or `unowned`.
    from: String,
    /// A member's id, or `unowned`.
    to: String,
    /// Record types, by key; without the field all that one may reassign.
    entities: Option<Vec<String>>,
    /// Records, by id; all of the owner's where none is named.
    records: Option<Vec<String>>,
    /// Whether only to count.
    #[serde(default)]
    dry_run: bool,
}

/// What was moved, or would be.
#[derive(Serialize, ToSchema)]
struct ReassignmentResponse {
    /// Records by record type.
    counts: Map<String, Value>,
    /// All of them.
    total: i64,
    /// Whether it was only counted.
    dry_run: bool,
}

/// Give records from one owner to another.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/reassignments", tag = "Records", request_body = ReassignmentRequest,
    responses((status = 200, body = ReassignmentResponse), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn reassign(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(ws): Path<String>,
    Body(ask): Body<ReassignmentRequest>,
) -> Answer<ReassignmentResponse> {
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
        ctx.records().reassign(&reassignment).await?
    };
    let total = counts.iter().map(|(_, n)| n).sum();
    let counts = counts.into_iter().map(|(entity, n)| (entity, n.into())).collect();
    let told = ReassignmentResponse { counts, total, dry_run: ask.dry_run };
    Ok(Reply::ok(told).at(ctx.revision()))
}
