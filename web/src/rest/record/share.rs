//! Links to records over HTTP.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

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
    /// The path of the record on this server. It grants nothing.
    link: String,
}

/// Create a link to a record
///
/// Creates a link to the record and writes it to the timeline. The link grants nothing: to open
/// it, a member needs permission to read the record. Requires the action `share` on the record.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}/share", tag = "Records",
    responses((status = 201, body = ShareLinkResponse),
        (status = 403, description = "`denied`: the caller may not share the record."),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn share(
    WriteContext(mut ctx): WriteContext,
    Path((_, entity, record)): Path<(String, String, String)>,
) -> Answer<ShareLinkResponse> {
    let record = id(&record, "record")?;
    let link = ctx.records().share(&entity, record).await?;
    Ok(Reply::created(ShareLinkResponse { link }).at(ctx.revision()))
}
