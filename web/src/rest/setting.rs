//! Settings over HTTP: the switches of the access model, and the settings areas.

use std::collections::BTreeMap;

use hallpass_app::setting::{SwitchState, switches_tag, tag};
use hallpass_domain::setting::Area;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::Path;
use crate::extract::context::{ReadContext, WriteContextWith};
use crate::openapi::{object, scalar};
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(switches, turn)).routes(routes!(load, change))
}

/// The switches of the access model.
#[derive(Serialize, ToSchema)]
struct SwitchesResponse {
    /// Whether each switch is on, by key.
    switches: BTreeMap<String, bool>,
    /// The switches, in the order of the access model.
    known: Vec<SwitchInfo>,
}

/// A switch.
#[derive(Serialize, ToSchema)]
struct SwitchInfo {
    /// The key.
    #[schema(value_type = scalar::Key)]
    key: String,
    /// The name.
    name: String,
    /// What it does.
    description: String,
    /// Whether it is on.
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

/// List switches
///
/// Lists the switches of the workspace's access model and whether each is on. Requires
/// `security: read`, or `general: read` where the access model does not cover security.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/settings", tag = "Settings",
    responses((status = 200, body = SwitchesResponse),
        (status = 403, description = "`denied`: the caller may not read these settings.")))]
async fn switches(ReadContext(mut ctx): ReadContext) -> Answer<SwitchesResponse> {
    let switches = ctx.settings().list_switches().await?;
    let tag = switches_tag(&switches);
    Ok(Reply::ok(switches.into()).at(ctx.revision()).tag(&tag))
}

/// Changes to switches.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateSwitchesRequest {
    /// `true` or `false` by key of the switch.
    #[schema(value_type = BTreeMap<String, bool>)]
    switches: Map<String, Value>,
}

/// Update switches
///
/// Turns the switches that the request names on or off; the others stay. It takes effect with
/// the next request of every member. Requires `security: update`, or `general: update` where
/// the access model does not cover security.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/settings", tag = "Settings", request_body = UpdateSwitchesRequest,
    responses((status = 200, body = SwitchesResponse),
        (status = 403, description = "`denied`, or `grant_ceiling`: it would give members more than the caller may do.")))]
async fn turn(
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateSwitchesRequest>,
) -> Answer<SwitchesResponse> {
    let switches = ctx.settings().update_switches(&ask.switches).await?;
    let tag = switches_tag(&switches);
    Ok(Reply::ok(switches.into()).at(ctx.revision()).tag(&tag))
}

fn area(word: &str) -> Result<Area, Problem> {
    Area::parse(word).ok_or_else(|| Problem::missing("area of settings"))
}

/// Get settings of an area
///
/// Gets what is set in an area. Secrets are masked. Requires the permission `read` of the area.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/settings/{area}", tag = "Settings",
    responses((status = 200, body = object::AreaSettings),
        (status = 403, description = "`denied`: the caller may not read these settings.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, word)): Path<(String, String)>,
) -> Answer<Map<String, Value>> {
    let area = area(&word)?;
    let values = ctx.settings().load(area).await?;
    let tag = tag(&values);
    Ok(Reply::ok(values).at(ctx.revision()).tag(&tag))
}

/// Update settings of an area
///
/// Sets the keys that the request names; `null` clears one, the others stay. Sending a masked
/// secret keeps it. Requires the permission `update` of the area; in `integrations` and
/// `intelligence`, adding a connection or switching it on requires `create`, and removing one or
/// switching it off requires `delete`, where the access model has these.
///
/// Keys of `general`: `logo`, `handbook`, `locale`, `time_zone`, `currency`, `landing`. Of
/// `branding`: `colour`, `logo`, `mail_footer`. Of `modules`: `true` or `false` for each
/// resource that can be switched off. Of `integrations`: `connections`; of `intelligence`:
/// `providers`, `models`: your programs read these and Hallpass does not act on them. Of
/// `authentication`: `allowed_domains`, the domains whose addresses may be invited and join. What
/// this version does not enforce, such as `idle_minutes`, is refused (422 `not_available`).
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/settings/{area}", tag = "Settings", request_body = object::AreaSettings,
    responses((status = 200, body = object::AreaSettings),
        (status = 403, description = "`denied`: the caller may not change these settings."),
        (status = 422, description = "`unknown_setting` for a key that the area does not have, or what is wrong with a value.")))]
async fn change(
    Path((_, word)): Path<(String, String)>,
    WriteContextWith(mut ctx, given): WriteContextWith<Map<String, Value>>,
) -> Answer<Map<String, Value>> {
    let area = area(&word)?;
    let values = ctx.settings().update(area, &given).await?;
    let tag = tag(&values);
    Ok(Reply::ok(values).at(ctx.revision()).tag(&tag))
}
