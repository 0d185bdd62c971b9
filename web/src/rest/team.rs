//! Teams over HTTP: groups of members, each with a profile or none.

use hallpass_app::naming::ProfileRef;
use hallpass_app::team::{TeamChange, TeamDetails};
use hallpass_domain::id::{MemberId, TeamId};
use hallpass_engine::Sharing;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path, given, id};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(load, change, remove))
        .routes(routes!(join, quit))
}

/// A team.
#[derive(Serialize, ToSchema)]
struct TeamResponse {
    /// The id.
    #[schema(value_type = scalar::TeamId)]
    id: String,
    /// The name.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// The description; may be empty.
    #[schema(value_type = scalar::Description)]
    description: String,
    /// The profile that its members get.
    #[schema(value_type = Option<scalar::ProfileId>)]
    profile: Option<String>,
    /// The name of the profile; `null` for a caller who may not read profiles.
    profile_name: Option<String>,
    /// The widest scope that the profile gives through the team.
    #[schema(value_type = scalar::RecordSharing)]
    record_sharing: String,
    /// How many members it has; `null` for a caller who may not read members.
    #[schema(minimum = 0)]
    members: Option<usize>,
}

impl From<TeamDetails> for TeamResponse {
    fn from(details: TeamDetails) -> TeamResponse {
        let TeamDetails { team, profile_name, members } = details;
        TeamResponse {
            id: team.id.to_string(),
            name: team.name.into_string(),
            description: team.description,
            profile: team.profile.map(|id| id.to_string()),
            profile_name,
            record_sharing: team.sharing.scope().word().to_owned(),
            members,
        }
    }
}

/// List teams
///
/// Lists the teams by name. Requires `teams: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/teams", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<TeamResponse>),
        (status = 403, description = "`denied`: the caller may not read teams.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<TeamResponse>> {
    let items = ctx.teams().list().await?.into_iter().map(TeamResponse::from).collect();
    let page = Page::part("teams", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A new team, or changes to one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TeamRequest {
    /// The name; required for a new team.
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<String>,
    /// The description; may be empty.
    #[schema(value_type = Option<scalar::Description>)]
    description: Option<String>,
    /// The profile that its members get, by id, key or name, or `null` for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::ProfileNamed>)]
    profile: Option<Option<String>>,
    /// The widest scope that the profile gives through the team.
    #[schema(value_type = Option<scalar::RecordSharing>)]
    record_sharing: Option<String>,
}

impl TeamRequest {
    fn read(self) -> Result<TeamChange, Problem> {
        let profile = self.profile.map(|profile| profile.map(ProfileRef::from));
        let sharing = self.record_sharing.as_deref().map(sharing).transpose()?;
        Ok(TeamChange { name: self.name, description: self.description, profile, sharing })
    }
}

fn sharing(text: &str) -> Result<Sharing, Problem> {
    Sharing::parse(text).ok_or_else(|| {
        let detail = "records are shared as `own`, `team` or `all`";
        Problem::field("/record_sharing", "unknown", detail)
    })
}

/// Create a team
///
/// Creates a team without members. `name` is required. Requires `teams: create`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/teams", tag = "Access model", request_body = TeamRequest,
    responses((status = 201, body = TeamResponse),
        (status = 403, description = "`denied`: the caller may not create teams."),
        (status = 409, description = "`name_taken`, or `no_such_layer`: the access model of this workspace has no teams.")))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<TeamRequest>,
) -> Answer<TeamResponse> {
    let team = ctx.teams().create(&ask.read()?).await?;
    let version = team.team.version;
    Ok(Reply::created(team.into()).at(ctx.revision()).version(version))
}

/// Get a team
///
/// Requires `teams: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/teams/{id}", tag = "Access model",
    responses((status = 200, body = TeamResponse),
        (status = 403, description = "`denied`: the caller may not read teams.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, team)): Path<(String, String)>,
) -> Answer<TeamResponse> {
    let team: TeamId = id(&team, "team")?;
    let team = ctx.teams().load(team.into()).await?;
    let version = team.team.version;
    Ok(Reply::ok(team.into()).at(ctx.revision()).version(version))
}

/// Update a team
///
/// Changes the fields that the request names; the others keep their value. Another profile or
/// record sharing takes effect with the next request of every member of the team. Requires
/// `teams: update`.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/teams/{id}", tag = "Access model", request_body = TeamRequest,
    responses((status = 200, body = TeamResponse),
        (status = 403, description = "`denied`, or `grant_ceiling`: it would give members more than the caller may do."),
        (status = 409, description = "`name_taken`: a team has this name.")))]
async fn change(
    Path((_, team)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<TeamRequest>,
) -> Answer<TeamResponse> {
    let team: TeamId = id(&team, "team")?;
    let team = ctx.teams().update(team.into(), &ask.read()?).await?;
    let version = team.team.version;
    Ok(Reply::ok(team.into()).at(ctx.revision()).version(version))
}

/// Delete a team
///
/// Deletes a team without members. Requires `teams: delete`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/teams/{id}", tag = "Access model",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may not delete teams."),
        (status = 409, description = "`in_use`: members or pending invitations belong to it.")))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, team)): Path<(String, String)>,
) -> Answer<()> {
    let team: TeamId = id(&team, "team")?;
    ctx.teams().delete(team.into()).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// Add a member to a team
///
/// Adds the member to the team; nothing changes if they are in it. Requires `teams: update`.
#[utoipa::path(put, path = "/api/v1/workspaces/{ws}/teams/{id}/members/{member}", tag = "Access model",
    responses((status = 204),
        (status = 403, description = "`denied`, or `grant_ceiling`: it would give the member more than the caller may do.")))]
async fn join(
    WriteContext(mut ctx): WriteContext,
    Path((_, team, member)): Path<(String, String, String)>,
) -> Answer<()> {
    let (team, member): (TeamId, MemberId) = (id(&team, "team")?, id(&member, "member")?);
    ctx.teams().add_member(team.into(), member).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// Remove a member from a team
///
/// Removes the member from the team; nothing changes if they are not in it. Requires `teams:
/// update`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/teams/{id}/members/{member}", tag = "Access model",
    responses((status = 204),
        (status = 403, description = "`denied`, or `grant_ceiling`: it would give members more than the caller may do.")))]
async fn quit(
    WriteContext(mut ctx): WriteContext,
    Path((_, team, member)): Path<(String, String, String)>,
) -> Answer<()> {
    let (team, member): (TeamId, MemberId) = (id(&team, "team")?, id(&member, "member")?);
    ctx.teams().remove_member(team.into(), member).await?;
    Ok(Reply::done().at(ctx.revision()))
}
