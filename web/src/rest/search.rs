//! Search over HTTP: a text in the records of every type.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::record::RecordResponse;
use crate::error::Problem;
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
    /// A part of the title or of a field.
    #[serde(default)]
    q: String,
}

/// What was found of a record type.
#[derive(Serialize, ToSchema)]
struct EntityMatches {
    /// The record type, by key.
    entity: String,
    name: String,
    /// The latest ones, at most ten.
    records: Vec<RecordResponse>,
    /// Whether its list has more.
    has_more: bool,
}

/// Search in everything that one may see.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/search", tag = "Records", params(SearchParams),
    responses((status = 200, body = Page<EntityMatches>), (status = 422, body = Problem)))]
async fn search(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<SearchParams>,
) -> Answer<Page<EntityMatches>> {
    let found = ctx.search().find(&ask.q).await?;
    let mut items = Vec::with_capacity(found.len());
    for one in found {
        let records = one.records.into_iter().map(RecordResponse::from);
        items.push(EntityMatches {
            records: records.collect(),
            entity: one.resource.key.clone(),
            name: one.resource.name.clone(),
            has_more: one.has_more,
        });
    }
    Ok(Reply::ok(Page::whole(items)).at(ctx.revision()))
}
