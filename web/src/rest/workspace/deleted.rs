//! Deleted workspaces that can be restored, over HTTP.

use axum::extract::State;
use hallpass_domain::time::Timestamp;
use hallpass_domain::workspace::Workspace;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::SignedIn;
use crate::openapi::scalar;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list_deleted))
}

/// A deleted workspace.
#[derive(Serialize, ToSchema)]
struct DeletedWorkspace {
    /// The id.
    #[schema(value_type = scalar::WorkspaceId)]
    id: String,
    /// The slug.
    #[schema(value_type = scalar::Slug)]
    slug: String,
    /// The name.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// When it was deleted.
    #[schema(value_type = Option<scalar::Timestamp>)]
    deleted_at: Option<String>,
    /// Until when it can be restored.
    #[schema(value_type = scalar::Timestamp)]
    purge_at: String,
}

/// List deleted workspaces
///
/// Lists the deleted workspaces that the caller may restore, with the time at which each is deleted
/// permanently.
#[utoipa::path(get, path = "/api/v1/deleted-workspaces", tag = "Workspaces",
    responses((status = 200, body = Page<DeletedWorkspace>),
        (status = 403, description = "`not_by_key`: an API key acts only in its workspace.")))]
async fn list_deleted(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
) -> Answer<Page<DeletedWorkspace>> {
    let deleted = web.app.workspaces().list_restorable(&principal).await?;
    let view = |(workspace, purge_at): (Workspace, Timestamp)| DeletedWorkspace {
        id: workspace.id.to_string(),
        slug: workspace.slug.to_string(),
        name: workspace.name.to_string(),
        deleted_at: workspace.deleted_at.map(|at| at.to_string()),
        purge_at: purge_at.to_string(),
    };
    Ok(Reply::ok(Page::whole(deleted.into_iter().map(view).collect())))
}
