//! Search over HTTP: a text in the records of every type.

use hallpass_app::record::CountMode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::record::RecordResponse;
use crate::extract::Params;
use crate::extract::context::ReadContext;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(search))
}

/// What to search for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SearchParams {
    /// Words, each of which the title or a field contains, without regard to case and accents.
    #[serde(default)]
    #[param(min_length = 1, max_length = 200, required = true)]
    q: String,
}

/// The records of one type that match.
#[derive(Serialize, ToSchema)]
struct EntityMatches {
    /// The key of the record type.
    entity: String,
    /// The name of the record type.
    name: String,
    /// The first of them: those with all words in the title, then the others, the newest first.
    #[schema(max_items = 10)]
    records: Vec<RecordResponse>,
    /// Whether there are more.
    has_more: bool,
    /// Whether records may be missing: finding them takes too long, or records of an earlier version are
    /// still being indexed.
    incomplete: bool,
}

/// Search records
///
/// Finds the records of all types that the caller may read and that contain each word of a text, in any
/// order, with up to ten of each record type. Every member may search.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/search", tag = "Records", params(SearchParams),
    responses((status = 200, body = Page<EntityMatches>)))]
async fn search(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<SearchParams>,
) -> Answer<Page<EntityMatches>> {
    let found = ctx.search().find(&ask.q, CountMode::Skipped).await?;
    let mut items = Vec::with_capacity(found.len());
    for one in found {
        let records = one.records.into_iter().map(RecordResponse::from);
        items.push(EntityMatches {
            records: records.collect(),
            entity: one.resource.key.clone(),
            name: one.resource.name.clone(),
            has_more: one.has_more,
            incomplete: one.is_incomplete,
        });
    }
    Ok(Reply::ok(Page::whole(items)).at(ctx.revision()))
}
