//! The sample data of a workspace over HTTP: what is there of it, and its removal.

use hallpass_app::sample::SampleRecords;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::context::{ReadContext, WriteContext};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, remove))
}

/// The sample records of a type.
#[derive(Serialize, ToSchema)]
struct SampleRecordsResponse {
    /// The key of the record type.
    #[schema(value_type = scalar::Key)]
    entity: String,
    /// How many are as they were when the workspace was founded: they are removed.
    #[schema(minimum = 0)]
    untouched: usize,
    /// How many a member has changed or added to: they stay.
    #[schema(minimum = 0)]
    changed: usize,
}

impl From<SampleRecords> for SampleRecordsResponse {
    fn from(found: SampleRecords) -> SampleRecordsResponse {
        SampleRecordsResponse {
            entity: found.resource.key,
            untouched: found.untouched.len(),
            changed: found.changed,
        }
    }
}

fn page(found: Vec<SampleRecords>) -> Page<SampleRecordsResponse> {
    Page::whole(found.into_iter().map(SampleRecordsResponse::from).collect())
}

/// List sample data
///
/// Counts the records with which the workspace was founded and that are still there, by type: of the types of which
/// the caller may read every record. Requires `general: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/sample-data", tag = "Workspaces",
    responses((status = 200, body = Page<SampleRecordsResponse>),
        (status = 403, description = "`denied`: the caller may not read the general settings.")))]
async fn list(ReadContext(mut ctx): ReadContext) -> Answer<Page<SampleRecordsResponse>> {
    let found = ctx.samples().list().await?;
    Ok(Reply::ok(page(found)).at(ctx.revision()))
}

/// Remove sample data
///
/// Deletes the records with which the workspace was founded and that no member has changed or added to since, and
/// returns how many it has deleted and how many stay, by type. One entry in the audit log is found under each record.
/// Requires `workspace: delete` and a recent sign-in.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/sample-data", tag = "Workspaces",
    responses((status = 200, body = Page<SampleRecordsResponse>),
        (status = 403, description = "`denied`: the caller may not delete the workspace.")))]
async fn remove(WriteContext(mut ctx): WriteContext) -> Answer<Page<SampleRecordsResponse>> {
    let found = ctx.samples().remove().await?;
    Ok(Reply::ok(page(found)).at(ctx.revision()))
}
