//! Settings over HTTP: the switches of the access model, and the areas behind doors of their own.

use std::collections::BTreeMap;

use hallpass_app::setting::SwitchState;
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

impl From<Vec<SwitchState>> for SwitchesResponse {
    fn from(states: Vec<SwitchState>) -> SwitchesResponse {
        let switches = states.iter().map(|state| (state.key.clone(), state.is_on)).collect();
        let known = states.into_iter().map(|state| SwitchInfo {
            key: state.key,
            name: state.name,
            description: state.description,
            on: state.is_on,
        });
        SwitchesResponse { switches, known: known.collect() }
    }
}

/// The switches of the access model.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/settings", tag = "Settings",
    responses((status = 200, body = SwitchesResponse), (status = 403, body = Problem)))]
async fn switches(ReadContext(mut ctx): ReadContext) -> Answer<SwitchesResponse> {
    let switches = ctx.settings().list_switches().await?;
    Ok(Reply::ok(switches.into()).at(ctx.revision()))
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
    let switches = ctx.settings().update_switches(&ask.switches).await?;
    Ok(Reply::ok(switches.into()).at(ctx.revision()))
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
    let values = ctx.settings().load(area).await?;
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
    let values = ctx.settings().update(area, &given).await?;
    Ok(Reply::ok(values).at(ctx.revision()))
}
