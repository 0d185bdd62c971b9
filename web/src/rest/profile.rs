//! Profiles over HTTP: matrices that reach members through their teams.

use std::collections::BTreeMap;

use hallpass_app::naming::ProfileRef;
use hallpass_app::profile::{self, ProfileChange, ProfileDetails};
use hallpass_domain::profile::write_cells;
use hallpass_domain::team::Team;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::member::TeamRef;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(load, change, remove))
}

/// A profile.
#[derive(Serialize, ToSchema)]
struct ProfileResponse {
    /// The id.
    #[schema(value_type = scalar::ProfileId)]
    id: String,
    /// The key of the template that it was created from.
    key: Option<String>,
    /// The name.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// The description.
    #[schema(value_type = scalar::Description)]
    description: String,
    /// What is written in the profile: a scope by record type, or `every`, and action.
    #[schema(value_type = BTreeMap<scalar::Key, BTreeMap<scalar::Key, scalar::ProfileScope>>)]
    grants: Map<String, Value>,
    /// The scope of each action on each record type that results from `grants`.
    matrix: BTreeMap<String, BTreeMap<String, String>>,
    /// The teams that use it; empty for a caller who may not read teams.
    teams: Vec<TeamRef>,
    /// The permissions that differ from its template; `null` if it has none.
    changed_from_template: Option<Vec<ChangedCell>>,
}

/// A permission that differs from the template.
#[derive(Serialize, ToSchema)]
struct ChangedCell {
    /// The key of the record type.
    resource: String,
    /// The key of the action.
    action: String,
    /// The scope in the template.
    template: String,
    /// The scope in the profile.
    profile: String,
}

impl From<ProfileDetails> for ProfileResponse {
    fn from(details: ProfileDetails) -> ProfileResponse {
        let ProfileDetails { profile, matrix, teams, changes } = details;
        let team = |team: Team| TeamRef::new(team.id.to_string(), team.name.as_str());
        let cell = |cell: profile::ChangedCell| ChangedCell {
            resource: cell.resource,
            action: cell.action,
            template: cell.template.to_owned(),
            profile: cell.profile.to_owned(),
        };
        let row = |row: BTreeMap<String, &str>| {
            row.into_iter().map(|(action, scope)| (action, scope.to_owned())).collect()
        };
        ProfileResponse {
            id: profile.id.to_string(),
            key: profile.template,
            name: profile.name.into_string(),
            description: profile.description,
            grants: write_cells(&profile.cells),
            matrix: matrix.into_iter().map(|(key, cells)| (key, row(cells))).collect(),
            teams: teams.into_iter().map(team).collect(),
            changed_from_template: changes.map(|cells| cells.into_iter().map(cell).collect()),
        }
    }
}

/// List profiles
///
/// Lists the profiles by name, with their matrix and the teams that use them. Requires
/// `profiles: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/profiles", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<ProfileResponse>),
        (status = 403, description = "`denied`: the caller may not read profiles.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<ProfileResponse>> {
    let profiles = ctx.profiles().list().await?;
    let items = profiles.into_iter().map(ProfileResponse::from).collect();
    let page = Page::part("profiles", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A new profile, or changes to one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProfileRequest {
    /// The name; required for a new profile.
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<String>,
    /// The description; may be empty.
    #[schema(value_type = Option<scalar::Description>)]
    description: Option<String>,
    /// Cells of the matrix: a scope by record type and action. A change leaves the cells that it
    /// does not name as they are, and `null` removes one; a new profile grants nothing else.
    #[schema(value_type = Option<BTreeMap<scalar::Key, BTreeMap<scalar::Key, scalar::ProfileCell>>>)]
    grants: Option<Map<String, Value>>,
}

impl ProfileRequest {
    fn read(self) -> ProfileChange {
        ProfileChange { name: self.name, description: self.description, grants: self.grants }
    }
}

/// Create a profile
///
/// Creates a profile. `name` is required; actions that `grants` does not name are `none`.
/// Requires `profiles: create`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/profiles", tag = "Access model", request_body = ProfileRequest,
    responses((status = 201, body = ProfileResponse),
        (status = 403, description = "`denied`: the caller may not create profiles."),
        (status = 409, description = "`name_taken`, or `no_such_layer`: the access model of this workspace has no profiles.")))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<ProfileRequest>,
) -> Answer<ProfileResponse> {
    let profile = ctx.profiles().create(&ask.read()).await?;
    let version = profile.profile.version;
    Ok(Reply::created(profile.into()).at(ctx.revision()).version(version))
}

/// Get a profile
///
/// Gets a profile by its id or by the key of its template. Requires `profiles: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/profiles/{id}", tag = "Access model",
    responses((status = 200, body = ProfileResponse),
        (status = 403, description = "`denied`: the caller may not read profiles.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, profile)): Path<(String, String)>,
) -> Answer<ProfileResponse> {
    let profile = ctx.profiles().load(ProfileRef::from(profile)).await?;
    let version = profile.profile.version;
    Ok(Reply::ok(profile.into()).at(ctx.revision()).version(version))
}

/// Update a profile
///
/// Changes the fields that the request names, and of `grants` the cells that it names. It takes
/// effect with the next request of every member whom the profile reaches. Requires `profiles:
/// update`.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/profiles/{id}", tag = "Access model", request_body = ProfileRequest,
    responses((status = 200, body = ProfileResponse),
        (status = 403, description = "`denied`, or `grant_ceiling`: it would give members more than the caller may do."),
        (status = 409, description = "`name_taken`: a profile has this name.")))]
async fn change(
    Path((_, profile)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<ProfileRequest>,
) -> Answer<ProfileResponse> {
    let profile = ctx.profiles().update(ProfileRef::from(profile), &ask.read()).await?;
    let version = profile.profile.version;
    Ok(Reply::ok(profile.into()).at(ctx.revision()).version(version))
}

/// Delete a profile
///
/// Deletes a profile that no team uses. Requires `profiles: delete`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/profiles/{id}", tag = "Access model",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may not delete profiles."),
        (status = 409, description = "`in_use`: teams use it.")))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, profile)): Path<(String, String)>,
) -> Answer<()> {
    ctx.profiles().delete(ProfileRef::from(profile)).await?;
    Ok(Reply::done().at(ctx.revision()))
}
