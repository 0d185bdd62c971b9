//! Links to records over HTTP.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::{Path, SignedIn, id};
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(share))
}

/// A link to a record.
#[derive(Serialize, ToSchema)]
struct LinkResponse {
    /// From the root of this server. It grants nothing: whoever opens it needs to be let read.
    link: String,
}

/// Get a link to a record.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}/share", tag = "Records",
    responses((status = 201, body = LinkResponse), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn share(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path((ws, entity, record)): Path<(String, String, String)>,
) -> Answer<LinkResponse> {
    let record = id(&record, "record")?;
    let mut ctx = web.app.enter_to_write(&principal, &ws).await?;
    let link = ctx.share(&entity, record).await?;
    Ok(Reply::created(LinkResponse { link }).at(ctx.revision()))
}
