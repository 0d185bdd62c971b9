//! Presets over HTTP: named sets of levels to start from.

use std::collections::BTreeMap;

use hallpass_domain::model::Model;
use hallpass_engine::Preset;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::Params;
use crate::extract::context::ReadContext;
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A preset.
#[derive(Serialize, ToSchema)]
struct PresetResponse {
    /// The key by which requests name it.
    #[schema(value_type = scalar::Key)]
    key: String,
    /// The name.
    name: String,
    /// Whom it is for.
    description: String,
    /// The level on every resource that has levels; `none` where it gives none.
    levels: BTreeMap<String, String>,
    /// The same with names, in the order of the access model.
    rows: Vec<PresetLevel>,
    /// The roles to which it can be given: keys of built-in roles, ids of custom ones. A preset that
    /// only reads is not offered on a role that does more.
    #[schema(value_type = Vec<scalar::RoleKey>)]
    roles: Vec<String>,
}

/// A level of a preset.
#[derive(Serialize, ToSchema)]
struct PresetLevel {
    /// The key of the resource.
    resource: String,
    /// The name of the resource.
    resource_name: String,
    /// The key of the level, or `none`.
    level: String,
    /// The name of the level.
    level_name: String,
}

fn view(model: &Model, preset: &Preset) -> PresetResponse {
    let blueprint = model.blueprint();
    let laddered = blueprint.resources.iter().filter(|known| !known.ladder.is_empty());
    let row = |resource: &hallpass_engine::Resource| {
        let level = preset.levels.iter().find(|(key, _)| *key == resource.key);
        let rung = level.and_then(|(_, level)| resource.ladder.get(resource.level(level)?));
        PresetLevel {
            resource: resource.key.clone(),
            resource_name: resource.name.clone(),
            level: rung.map_or_else(|| "none".to_owned(), |rung| rung.key.clone()),
            level_name: rung.map_or_else(|| "None".to_owned(), |rung| rung.name.clone()),
        }
    };
    let rows: Vec<PresetLevel> = laddered.map(row).collect();
    PresetResponse {
        key: preset.key.clone(),
        name: preset.name.clone(),
        description: preset.description.clone(),
        levels: rows.iter().map(|row| (row.resource.clone(), row.level.clone())).collect(),
        rows,
        roles: model.roles_offered(preset).map(str::to_owned).collect(),
    }
}

/// List presets
///
/// Lists the presets of the workspace's access model, in its order: named sets of levels that
/// invitations and members can start from. Every member may read them.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/presets", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<PresetResponse>)))]
async fn list(
    ReadContext(ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<PresetResponse>> {
    let model = ctx.model();
    let presets = model.blueprint().presets.iter();
    let items = presets.map(|preset| view(model, preset)).collect();
    let page = Page::part("presets", &ask, items, |one| &one.key)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}
