//! Record types over HTTP: fields, stages, and the permissions that profiles or roles give on them.

use std::collections::BTreeMap;

use hallpass_app::entity::permission::{
    EntityPermissionTable, Holder, PermissionChange, PermissionRow, Rows,
};
use hallpass_app::entity::{Entity, EntityChange, NewEntity};
use hallpass_app::naming::ProfileRef;
use hallpass_domain::entity::{FieldForm, StageForm};
use hallpass_engine::Resource;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{IfMatch, Params, Path, given};
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(load, change, remove))
        .routes(routes!(permissions, change_permissions))
}

/// A record type.
#[derive(Serialize, ToSchema)]
struct EntityResponse {
    /// The word in addresses and permission strings.
    key: String,
    name: String,
    /// The name of one of it.
    one: String,
    description: String,
    /// Whether the workspace added it.
    added: bool,
    /// Whether it is switched on.
    on: bool,
    can_switch_off: bool,
    /// `key`, `name`, `type`, `required` and `options` of each field.
    #[schema(value_type = Vec<Object>)]
    fields: Vec<FieldForm>,
    /// `key`, `name`, `open` and `by` of each stage.
    #[schema(value_type = Vec<Object>)]
    stages: Vec<StageForm>,
    actions: Vec<EntityAction>,
    /// The levels that members can have on it, lowest first; each includes those below.
    ladder: Vec<Level>,
    /// The action that changing the owner of a record needs.
    reassign: Option<String>,
}

/// Something that can be done.
#[derive(Serialize, ToSchema)]
struct EntityAction {
    key: String,
    name: String,
}

/// A level.
#[derive(Serialize, ToSchema)]
struct Level {
    level: String,
    name: String,
    /// What it adds to the levels below.
    actions: Vec<String>,
    /// How far it reaches.
    scope: String,
}

impl EntityResponse {
    fn of(entity: &Entity) -> EntityResponse {
        let resource = &entity.resource;
        let action =
            |place: &usize| resource.actions.get(*place).map(|known| known.key.clone());
        let rung = |rung: &hallpass_engine::Level| Level {
            level: rung.key.clone(),
            name: rung.name.clone(),
            actions: rung.actions.iter().filter_map(action).collect(),
            scope: rung.scope.word().to_owned(),
        };
        EntityResponse {
            key: resource.key.clone(),
            name: resource.name.clone(),
            one: resource.one.clone(),
            description: resource.description.clone(),
            added: entity.is_added,
            on: entity.is_on,
            can_switch_off: resource.can_switch_off,
            fields: resource.fields.iter().map(FieldForm::of).collect(),
            stages: resource
                .stages
                .iter()
                .map(|stage| StageForm::of(stage, resource))
                .collect(),
            actions: actions(resource),
            ladder: resource.ladder.iter().map(rung).collect(),
            reassign: resource.reassign.as_ref().and_then(action),
        }
    }
}

fn actions(resource: &Resource) -> Vec<EntityAction> {
    let view = |action: &hallpass_engine::Action| EntityAction {
        key: action.key.clone(),
        name: action.name.clone(),
    };
    resource.actions.iter().map(view).collect()
}

/// The record types, those that the workspace added last.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/schema/entities", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<EntityResponse>), (status = 403, body = Problem)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<EntityResponse>> {
    let items = ctx.entities().list().await?.iter().map(EntityResponse::of).collect();
    let page = Page::part("entities", &ask, items, |one| &one.key)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A record type to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateEntityRequest {
    /// The word in addresses and permission strings; it stays.
    key: String,
    name: String,
    /// The name of one of it.
    one: Option<String>,
    #[schema(value_type = Vec<Object>)]
    fields: Vec<FieldForm>,
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    stages: Vec<StageForm>,
}

/// Add a record type, where the access model lets workspaces do so.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/schema/entities", tag = "Access model", request_body = CreateEntityRequest,
    responses((status = 201, body = EntityResponse), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<CreateEntityRequest>,
) -> Answer<EntityResponse> {
    let ask = NewEntity {
        key: ask.key,
        name: ask.name,
        one: ask.one,
        fields: ask.fields,
        stages: ask.stages,
    };
    let entity = ctx.entities().create(&ask).await?;
    Ok(Reply::created(EntityResponse::of(&entity)).at(ctx.revision()).version(entity.version))
}

/// A record type.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/schema/entities/{entity}", tag = "Access model",
    responses((status = 200, body = EntityResponse), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity)): Path<(String, String)>,
) -> Answer<EntityResponse> {
    let entity = ctx.entities().load(&entity).await?;
    Ok(Reply::ok(EntityResponse::of(&entity)).at(ctx.revision()).version(entity.version))
}

/// What to change about a record type; null is what the access model says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateEntityRequest {
    #[serde(default, deserialize_with = "given")]
    name: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    one: Option<Option<String>>,
    /// All of its fields.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<Object>>)]
    fields: Option<Option<Vec<FieldForm>>>,
    /// All of its stages.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<Object>>)]
    stages: Option<Option<Vec<StageForm>>>,
}

/// Change a record type.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/schema/entities/{entity}", tag = "Access model",
    request_body = UpdateEntityRequest,
    responses((status = 200, body = EntityResponse), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change(
    Path((_, entity)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateEntityRequest>,
) -> Answer<EntityResponse> {
    let ask =
        EntityChange { name: ask.name, one: ask.one, fields: ask.fields, stages: ask.stages };
    let entity = ctx.entities().update(&entity, &ask, version).await?;
    Ok(Reply::ok(EntityResponse::of(&entity)).at(ctx.revision()).version(entity.version))
}

/// Delete a record type that the workspace added and of which there are no records.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/schema/entities/{entity}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, entity)): Path<(String, String)>,
) -> Answer<()> {
    ctx.entities().delete(&entity).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// Who may do what with a record type.
#[derive(Serialize, ToSchema)]
struct PermissionsResponse {
    entity: String,
    /// The columns.
    actions: Vec<EntityAction>,
    rows: Vec<PermissionMatrixRow>,
}

/// What a profile or role gives.
#[derive(Serialize, ToSchema)]
struct PermissionMatrixRow {
    /// `profile` or `role`.
    kind: &'static str,
    id: String,
    /// The key of a profile's template, or of a built-in role.
    key: Option<String>,
    name: String,
    /// The scope for each action.
    cells: BTreeMap<String, String>,
}

impl From<EntityPermissionTable> for PermissionsResponse {
    fn from(table: EntityPermissionTable) -> PermissionsResponse {
        PermissionsResponse {
            entity: table.resource.key.clone(),
            actions: actions(&table.resource),
            rows: table.rows.into_iter().map(PermissionMatrixRow::of).collect(),
        }
    }
}

impl PermissionMatrixRow {
    fn of(row: PermissionRow) -> PermissionMatrixRow {
        let kind = match row.holder {
            Holder::Profile => "profile",
            Holder::Role => "role",
        };
        let cells = row.cells.into_iter().collect();
        PermissionMatrixRow { kind, id: row.id, key: row.key, name: row.name, cells }
    }
}

/// Which rows.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PermissionParams {
    /// Whether rows without a grant are there too.
    #[serde(default)]
    all: bool,
}

/// Who may do what with a record type: profiles where the access model has them, else roles.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/schema/entities/{entity}/permissions", tag = "Access model",
    params(PermissionParams),
    responses((status = 200, body = PermissionsResponse), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn permissions(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity)): Path<(String, String)>,
    Params(ask): Params<PermissionParams>,
) -> Answer<PermissionsResponse> {
    let rows = if ask.all { Rows::All } else { Rows::Granted };
    let table = ctx.entity_permissions().list(&entity, rows).await?;
    Ok(Reply::ok(table.into()).at(ctx.revision()))
}

/// Cells of several profiles.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdatePermissionsRequest {
    rows: Vec<PermissionRowUpdate>,
}

/// Cells of one profile; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PermissionRowUpdate {
    /// A profile, by id, key or name.
    id: String,
    /// `none`, `own`, `team` or `all` for some actions.
    #[schema(value_type = BTreeMap<String, String>)]
    cells: Map<String, Value>,
}

/// Change what several profiles give on a record type, all of it or nothing.
#[utoipa::path(put, path = "/api/v1/workspaces/{ws}/schema/entities/{entity}/permissions", tag = "Access model",
    request_body = UpdatePermissionsRequest,
    responses((status = 200, body = PermissionsResponse), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn change_permissions(
    Path((_, entity)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdatePermissionsRequest>,
) -> Answer<PermissionsResponse> {
    let change = |row: PermissionRowUpdate| PermissionChange {
        profile: ProfileRef::from(row.id),
        cells: row.cells,
    };
    let changes: Vec<PermissionChange> = ask.rows.into_iter().map(change).collect();
    let table = ctx.entity_permissions().update(&entity, &changes).await?;
    Ok(Reply::ok(table.into()).at(ctx.revision()))
}
