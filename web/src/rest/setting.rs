//! Settings over HTTP: the switches of the access model, and the areas behind doors of their own.

use std::collections::BTreeMap;

use hallpass_app::context::WorkspaceContext;
use hallpass_domain::setting::Area;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::Path;
use crate::extract::context::{ReadContext, WriteContextWith};
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(switches, turn)).routes(routes!(load, change))
}

/// The switches of the access model.
#[derive(Serialize, ToSchema)]
struct SwitchesResponse {
    /// Whether each is on.
    switches: BTreeMap<String, bool>,
    /// What they are, in the order of the access model.
    known: Vec<SwitchInfo>,
}

/// A switch.
#[derive(Serialize, ToSchema)]
struct SwitchInfo {
    key: String,
    name: String,
    description: String,
    on: bool,
}

impl SwitchesResponse {
    fn of(ctx: &WorkspaceContext) -> SwitchesResponse {
        let model = ctx.model();
        let view = |switch: &hallpass_engine::Switch| SwitchInfo {
            key: switch.key.clone(),
            name: switch.name.clone(),
            description: switch.description.clone(),
            on: model.is_on(&switch.key),
        };
        let known: Vec<SwitchInfo> = model.blueprint().switches.iter().map(view).collect();
        let switches = known.iter().map(|switch| (switch.key.clone(), switch.on)).collect();
        SwitchesResponse { switches, known }
    }
}

/// The switches of the access model.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/settings", tag = "Settings",
    responses((status = 200, body = SwitchesResponse), (status = 403, body = Problem)))]
async fn switches(ReadContext(mut ctx): ReadContext) -> Answer<SwitchesResponse> {
    ctx.switches().await?;
    Ok(Reply::ok(SwitchesResponse::of(&ctx)).at(ctx.revision()))
}

/// Which switches to turn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateSwitchesRequest {
    /// True or false for some of them; the others stay.
    #[schema(value_type = BTreeMap<String, bool>)]
    switches: Map<String, Value>,
}

/// Turn switches of the access model.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/settings", tag = "Settings", request_body = UpdateSwitchesRequest,
    responses((status = 200, body = SwitchesResponse), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn turn(
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateSwitchesRequest>,
) -> Answer<SwitchesResponse> {
    ctx.turn_switches(&ask.switches).await?;
    Ok(Reply::ok(SwitchesResponse::of(&ctx)).at(ctx.revision()))
}

fn area(word: &str) -> Result<Area, Problem> {
    Area::parse(word).ok_or_else(|| Problem::missing("area of settings"))
}

/// What is set in an area: `general`, `branding`, `modules`, `integrations`, `intelligence`,
/// `authentication` or `security`. Secrets are hidden.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/settings/{area}", tag = "Settings",
    responses((status = 200, body = Object), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, word)): Path<(String, String)>,
) -> Answer<Map<String, Value>> {
    let area = area(&word)?;
    let values = ctx.settings(area).await?;
    Ok(Reply::ok(values).at(ctx.revision()))
}

/// Change what is set in an area: what is not named stays, null clears.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/settings/{area}", tag = "Settings", request_body = Object,
    responses((status = 200, body = Object), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn change(
    Path((_, word)): Path<(String, String)>,
    WriteContextWith(mut ctx, given): WriteContextWith<Map<String, Value>>,
) -> Answer<Map<String, Value>> {
    let area = area(&word)?;
    let values = ctx.change_settings(area, &given).await?;
    Ok(Reply::ok(values).at(ctx.revision()))
}
