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
struct LinkView {
    /// From the root of this server. It grants nothing: whoever opens it needs to be let read.
    link: String,
}

/// Get a link to a record.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}/share", tag = "Records",
    responses((status = 201, body = LinkView), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn share(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((ws, entity, record)): Path<(String, String, String)>,
) -> Answer<LinkView> {
    let record = id(&record, "record")?;
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    let link = visit.share(&entity, record).await?;
    Ok(Reply::created(LinkView { link }).at(visit.revision()))
}
