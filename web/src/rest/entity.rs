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

use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path, given};
use crate::openapi::{object, scalar};
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
    /// The key in URLs and permissions.
    #[schema(value_type = scalar::Key)]
    key: String,
    /// The name of the records, plural.
    name: String,
    /// The name of one record.
    one: String,
    /// The description.
    description: String,
    /// Whether the workspace added it.
    added: bool,
    /// Whether it is switched on.
    on: bool,
    /// Whether it can be switched off.
    can_switch_off: bool,
    /// Its fields.
    #[schema(value_type = Vec<object::RecordField>)]
    fields: Vec<FieldForm>,
    /// Its stages, in order.
    #[schema(value_type = Vec<object::RecordStage>)]
    stages: Vec<StageForm>,
    /// Its actions.
    actions: Vec<EntityAction>,
    /// The levels that members can have on it, the lowest first; each includes those below.
    ladder: Vec<Level>,
    /// The key of the action that changes the owner of a record.
    reassign: Option<String>,
}

/// An action.
#[derive(Serialize, ToSchema)]
struct EntityAction {
    /// The key.
    #[schema(value_type = scalar::Key)]
    key: String,
    /// The name.
    name: String,
}

/// A level.
#[derive(Serialize, ToSchema)]
struct Level {
    /// The key.
    #[schema(value_type = scalar::Key)]
    level: String,
    /// The name.
    name: String,
    /// The keys of the actions that it adds to the levels below.
    actions: Vec<String>,
    /// How far the actions reach.
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

/// List record types
///
/// Lists the record types of the workspace: those of the access model, then those that the
/// workspace added. Requires `schema: read` or `pipelines: read`; others see the record types whose
/// records they work with.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/schema/entities", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<EntityResponse>),
        (status = 403, description = "`denied`: the caller may not read record types.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<EntityResponse>> {
    let items = ctx.entities().list().await?.iter().map(EntityResponse::of).collect();
    let page = Page::part("entities", &ask, items, |one| &one.key)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A new record type.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateEntityRequest {
    /// The key in URLs and permissions; it cannot be changed.
    #[schema(value_type = scalar::Key)]
    key: String,
    /// The name of the records, plural.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// The name of one record; derived from `name` if absent.
    #[schema(value_type = Option<scalar::Name>)]
    one: Option<String>,
    /// Its fields; at least one is required and of the type `text`.
    #[schema(value_type = Vec<object::RecordField>, min_items = 1, max_items = 100)]
    fields: Vec<FieldForm>,
    /// Its stages, in order.
    #[serde(default)]
    #[schema(value_type = Vec<object::RecordStage>, max_items = 50)]
    stages: Vec<StageForm>,
}

/// Create a record type
///
/// Adds a record type, if the access model allows it. Its permissions start as the access model
/// says. At least one field must be required and of the type `text`: it is the title of a
/// record. A workspace adds at most 100 record types. Requires `schema: update`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/schema/entities", tag = "Access model", request_body = CreateEntityRequest,
    responses((status = 201, body = EntityResponse),
        (status = 403, description = "`denied`: the caller may not change record types."),
        (status = 409, description = "`name_taken`; `in_use`: the scopes of an API key name the key; or `no_such_layer`: the access model does not allow record types of the workspace.")))]
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

/// Get a record type
///
/// Gets a record type with its fields, stages, actions and levels. Requires `schema: read`,
/// `pipelines: read`, or any permission on its records.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/schema/entities/{entity}", tag = "Access model",
    responses((status = 200, body = EntityResponse),
        (status = 403, description = "`denied`: the caller may not read record types.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity)): Path<(String, String)>,
) -> Answer<EntityResponse> {
    let entity = ctx.entities().load(&entity).await?;
    Ok(Reply::ok(EntityResponse::of(&entity)).at(ctx.revision()).version(entity.version))
}

/// Changes to a record type; `null` restores what the access model says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateEntityRequest {
    /// Another name of the records, plural.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<Option<String>>,
    /// Another name of one record.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::Name>)]
    one: Option<Option<String>>,
    /// All of its fields.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<object::RecordField>>, max_items = 100)]
    fields: Option<Option<Vec<FieldForm>>>,
    /// All of its stages, in order.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<object::RecordStage>>, max_items = 50)]
    stages: Option<Option<Vec<StageForm>>>,
}

/// Update a record type
///
/// Changes the fields that the request names; the others keep their value. `null` restores what
/// the access model says. Lists are replaced as a whole: a field, option or stage that is missing
/// from them is deleted. An option of a choice keeps its records when only its `name` changes; to
/// delete one that records have, give those records another option first. Requires `schema: update`, and `pipelines: update` for stages.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/schema/entities/{entity}", tag = "Access model", request_body = UpdateEntityRequest,
    responses((status = 200, body = EntityResponse),
        (status = 403, description = "`denied`: the caller may not change record types or stages."),
        (status = 409, description = "`in_use`: records have a value in a deleted field, have a deleted option or are in a deleted stage, or a saved report counts the records in a deleted stage.")))]
async fn change(
    Path((_, entity)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateEntityRequest>,
) -> Answer<EntityResponse> {
    let ask =
        EntityChange { name: ask.name, one: ask.one, fields: ask.fields, stages: ask.stages };
    let entity = ctx.entities().update(&entity, &ask).await?;
    Ok(Reply::ok(EntityResponse::of(&entity)).at(ctx.revision()).version(entity.version))
}

/// Delete a record type
///
/// Deletes a record type that the workspace added and that has no records. Requires `schema:
/// update`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/schema/entities/{entity}", tag = "Access model",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may not change record types."),
        (status = 409, description = "`in_use`: there are records of it, or a role, a profile, the scopes of an API key or an open invitation name it. `built_in`: it belongs to the access model.")))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, entity)): Path<(String, String)>,
) -> Answer<()> {
    ctx.entities().delete(&entity).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// The permissions on a record type.
#[derive(Serialize, ToSchema)]
struct PermissionsResponse {
    /// The key of the record type.
    entity: String,
    /// The columns of the matrix.
    actions: Vec<EntityAction>,
    /// The rows of the matrix.
    rows: Vec<PermissionMatrixRow>,
}

/// The permissions that a profile or role gives.
#[derive(Serialize, ToSchema)]
struct PermissionMatrixRow {
    /// Whether the row is a profile or a role.
    #[schema(value_type = scalar::HolderKind)]
    kind: &'static str,
    /// The id of the profile or role.
    id: String,
    /// The key of the profile's template or of the built-in role.
    key: Option<String>,
    /// The name.
    name: String,
    /// The scope of each action.
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
    /// Whether to include rows without a permission.
    #[serde(default)]
    all: bool,
}

/// Get the permission matrix
///
/// Gets which profiles give which actions on a record type; where the access model has no
/// profiles, which roles do. Rows without a permission are left out unless `all` is `true`.
/// Requires `schema: read`, and where the access model has profiles `profiles: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/schema/entities/{entity}/permissions", tag = "Access model", params(PermissionParams),
    responses((status = 200, body = PermissionsResponse),
        (status = 403, description = "`denied`: the caller may not read record types or profiles.")))]
async fn permissions(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity)): Path<(String, String)>,
    Params(ask): Params<PermissionParams>,
) -> Answer<PermissionsResponse> {
    let rows = if ask.all { Rows::All } else { Rows::Granted };
    let table = ctx.entity_permissions().list(&entity, rows).await?;
    Ok(Reply::ok(table.into()).at(ctx.revision()))
}

/// Changes to the permissions of several profiles.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdatePermissionsRequest {
    /// The profiles to change.
    #[schema(max_items = 1000)]
    rows: Vec<PermissionRowUpdate>,
}

/// Changes to the permissions of one profile.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PermissionRowUpdate {
    /// The profile, by id, key or name.
    #[schema(value_type = scalar::ProfileNamed)]
    id: String,
    /// The scopes of the actions to change.
    #[schema(value_type = BTreeMap<scalar::Key, scalar::ProfileScope>)]
    cells: Map<String, Value>,
}

/// Update the permission matrix
///
/// Sets cells of several profiles on one record type, all of them or none; cells that the
/// request does not name keep their value. Requires `schema: read` and `profiles: update`.
#[utoipa::path(put, path = "/api/v1/workspaces/{ws}/schema/entities/{entity}/permissions", tag = "Access model", request_body = UpdatePermissionsRequest,
    responses((status = 200, body = PermissionsResponse),
        (status = 403, description = "`denied`, or `grant_ceiling`: the change would give members more than the caller may do."),
        (status = 409, description = "`no_such_layer`: the access model of this workspace has no profiles.")))]
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
