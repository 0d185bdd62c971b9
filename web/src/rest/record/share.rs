//! Links to records over HTTP.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::context::WriteContext;
use crate::extract::{Path, id};
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(share))
}

/// A link to a record.
#[derive(Serialize, ToSchema)]
struct ShareLinkResponse {
    /// From the root of this server. It grants nothing: whoever opens it needs to be let read.
    link: String,
}

/// Get a link to a record.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}/share", tag = "Records",
    responses((status = 201, body = ShareLinkResponse), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn share(
    WriteContext(mut ctx): WriteContext,
    Path((_, entity, record)): Path<(String, String, String)>,
) -> Answer<ShareLinkResponse> {
    let record = id(&record, "record")?;
    let link = ctx.records().share(&entity, record).await?;
    Ok(Reply::created(ShareLinkResponse { link }).at(ctx.revision()))
}
