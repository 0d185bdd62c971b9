//! Profiles over HTTP: matrices that reach members through their teams.

use std::collections::BTreeMap;

use axum::extract::State;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::profile::{ProfileChange, scope_word};
use hallpass_domain::profile::Profile;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::member::TeamRef;
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{IfMatch, Params, Path, SignedIn};
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

impl ProfileResponse {
    async fn of(
        ctx: &mut WorkspaceContext,
        profile: &Profile,
    ) -> Result<ProfileResponse, Problem> {
        let carrying = ctx.teams_carrying(profile.id).await?;
        let teams =
            carrying.iter().map(|team| TeamRef::new(team.id.to_string(), team.name.as_str()));
        let changed = ctx.changes_from_template(profile).map(|cells| {
            let view = |cell: hallpass_app::profile::ChangedCell| ChangedCell {
                resource: cell.resource,
                action: cell.action,
                template: cell.template.to_owned(),
                profile: cell.profile.to_owned(),
            };
            cells.into_iter().map(view).collect()
        });
        let mut matrix: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for resource in ctx.policy().resources().iter().filter(|known| known.scoped) {
            let row = matrix.entry(resource.key.clone()).or_default();
            for action in &resource.actions {
                let word = scope_word(profile.cells.grants(resource, &action.key));
                row.insert(action.key.clone(), word.to_owned());
            }
        }
        Ok(ProfileResponse {
            id: profile.id.to_string(),
            key: profile.template.clone(),
            name: profile.name.to_string(),
            description: profile.description.clone(),
            grants: hallpass_domain::profile::write_cells(&profile.cells),
            matrix,
            teams: teams.collect(),
            changed_from_template: changed,
        })
    }
}

/// The profiles, by name.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/profiles", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<ProfileResponse>), (status = 403, body = Problem)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<ProfileResponse>> {
    let mut items = Vec::new();
    for profile in ctx.list_profiles().await? {
        items.push(ProfileResponse::of(&mut ctx, &profile).await?);
    }
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
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(ws): Path<String>,
    WriteContextWith(mut ctx, ask): WriteContextWith<ProfileRequest>,
) -> Answer<ProfileResponse> {
    let profile = ctx.create_profile(&ask.read()).await?;
    answer(&web, &principal, &ws, &profile).await.map(Reply::as_created)
}

/// The profile as it is after a change, which has ended the visit that made it.
async fn answer(
    web: &Web,
    principal: &hallpass_app::Principal,
    ws: &str,
    profile: &Profile,
) -> Answer<ProfileResponse> {
    let mut ctx = web.app.enter(principal, ws).await?;
    let view = ProfileResponse::of(&mut ctx, profile).await?;
    Ok(Reply::ok(view).at(ctx.revision()).version(profile.version))
}

/// A profile, by its id or the key of its template.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/profiles/{id}", tag = "Access model",
    responses((status = 200, body = ProfileResponse), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, profile)): Path<(String, String)>,
) -> Answer<ProfileResponse> {
    let profile = ctx.load_profile_named(&profile).await?;
    let view = ProfileResponse::of(&mut ctx, &profile).await?;
    Ok(Reply::ok(view).at(ctx.revision()).version(profile.version))
}

/// Change a profile: in force for everybody whom it reaches with their next request.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/profiles/{id}", tag = "Access model", request_body = ProfileRequest,
    responses((status = 200, body = ProfileResponse), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path((ws, profile)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    WriteContextWith(mut ctx, ask): WriteContextWith<ProfileRequest>,
) -> Answer<ProfileResponse> {
    let profile = ctx.profile_named(&profile).await?;
    let profile = ctx.change_profile_of_teams(profile, &ask.read(), version).await?;
    answer(&web, &principal, &ws, &profile).await
}

/// Delete a profile that no team carries.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/profiles/{id}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, profile)): Path<(String, String)>,
) -> Answer<()> {
    let profile = ctx.profile_named(&profile).await?;
    ctx.delete_profile(profile).await?;
    Ok(Reply::done().at(ctx.revision()))
}
