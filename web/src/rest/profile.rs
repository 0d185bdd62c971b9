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
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{IfMatch, Params, Path};
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(load, change, remove))
}

/// A profile.
#[derive(Serialize, ToSchema)]
struct ProfileResponse {
    id: String,
    /// The key of the template that it was made from; requests may name the profile by it.
    key: Option<String>,
    name: String,
    description: String,
    /// What is written down: `none`, `own`, `team` or `all` by record type, or `every`, and action.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, String>>)]
    grants: Map<String, Value>,
    /// What that gives for each record type and action.
    matrix: BTreeMap<String, BTreeMap<String, String>>,
    /// The teams that carry it.
    teams: Vec<TeamRef>,
    /// The cells in which it differs from its template; null where it has none.
    changed_from_template: Option<Vec<ChangedCell>>,
}

/// A cell in which a profile differs from its template.
#[derive(Serialize, ToSchema)]
struct ChangedCell {
    resource: String,
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

/// The profiles, by name.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/profiles", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<ProfileResponse>), (status = 403, body = Problem)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<ProfileResponse>> {
    let profiles = ctx.profiles().list().await?;
    let items = profiles.into_iter().map(ProfileResponse::from).collect();
    let page = Page::part("profiles", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A profile to be made, or what to change about one; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProfileRequest {
    name: Option<String>,
    description: Option<String>,
    /// The whole matrix; what it does not name is none.
    #[schema(value_type = Option<BTreeMap<String, BTreeMap<String, String>>>)]
    grants: Option<Map<String, Value>>,
}

impl ProfileRequest {
    fn read(self) -> ProfileChange {
        ProfileChange { name: self.name, description: self.description, grants: self.grants }
    }
}

/// Make a profile.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/profiles", tag = "Access model", request_body = ProfileRequest,
    responses((status = 201, body = ProfileResponse), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<ProfileRequest>,
) -> Answer<ProfileResponse> {
    let profile = ctx.profiles().create(&ask.read()).await?;
    let version = profile.profile.version;
    Ok(Reply::created(profile.into()).at(ctx.revision()).version(version))
}

/// A profile, by its id or the key of its template.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/profiles/{id}", tag = "Access model",
    responses((status = 200, body = ProfileResponse), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, profile)): Path<(String, String)>,
) -> Answer<ProfileResponse> {
    let profile = ctx.profiles().load(ProfileRef::from(profile)).await?;
    let version = profile.profile.version;
    Ok(Reply::ok(profile.into()).at(ctx.revision()).version(version))
}

/// Change a profile: in force for everybody whom it reaches with their next request.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/profiles/{id}", tag = "Access model", request_body = ProfileRequest,
    responses((status = 200, body = ProfileResponse), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change(
    Path((_, profile)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    WriteContextWith(mut ctx, ask): WriteContextWith<ProfileRequest>,
) -> Answer<ProfileResponse> {
    let profile =
        ctx.profiles().update(ProfileRef::from(profile), &ask.read(), version).await?;
    let version = profile.profile.version;
    Ok(Reply::ok(profile.into()).at(ctx.revision()).version(version))
}

/// Delete a profile that no team carries.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/profiles/{id}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, profile)): Path<(String, String)>,
) -> Answer<()> {
    ctx.profiles().delete(ProfileRef::from(profile)).await?;
    Ok(Reply::done().at(ctx.revision()))
}
