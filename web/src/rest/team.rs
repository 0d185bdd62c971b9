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
use crate::extract::{IfMatch, Params, Path, given, id};
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
    id: String,
    name: String,
    description: String,
    /// The profile that governs it, by id.
    profile: Option<String>,
    profile_name: Option<String>,
    /// `own`, `team` or `all`: the ceiling on what comes through it.
    record_sharing: String,
    /// How many members it has.
    members: i64,
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
            members: i64::try_from(members).unwrap_or(i64::MAX),
        }
    }
}

/// The teams, by name.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/teams", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<TeamResponse>), (status = 403, body = Problem)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<TeamResponse>> {
    let items = ctx.teams().list().await?.into_iter().map(TeamResponse::from).collect();
    let page = Page::part("teams", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A team to be made, or what to change about one; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TeamRequest {
    name: Option<String>,
    description: Option<String>,
    /// A profile, by id, key or name; or null for none.
    #[serde(default, deserialize_with = "given")]
    profile: Option<Option<String>>,
    /// `own`, `team` or `all`.
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

/// Make a team.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/teams", tag = "Access model", request_body = TeamRequest,
    responses((status = 201, body = TeamResponse), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<TeamRequest>,
) -> Answer<TeamResponse> {
    let team = ctx.teams().create(&ask.read()?).await?;
    let version = team.team.version;
    Ok(Reply::created(team.into()).at(ctx.revision()).version(version))
}

/// A team.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/teams/{id}", tag = "Access model",
    responses((status = 200, body = TeamResponse), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, team)): Path<(String, String)>,
) -> Answer<TeamResponse> {
    let team: TeamId = id(&team, "team")?;
    let team = ctx.teams().load(team).await?;
    let version = team.team.version;
    Ok(Reply::ok(team.into()).at(ctx.revision()).version(version))
}

/// Change a team.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/teams/{id}", tag = "Access model", request_body = TeamRequest,
    responses((status = 200, body = TeamResponse), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change(
    Path((_, team)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    WriteContextWith(mut ctx, ask): WriteContextWith<TeamRequest>,
) -> Answer<TeamResponse> {
    let team: TeamId = id(&team, "team")?;
    let team = ctx.teams().update(team, &ask.read()?, version).await?;
    let version = team.team.version;
    Ok(Reply::ok(team.into()).at(ctx.revision()).version(version))
}

/// Delete a team that nobody is in.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/teams/{id}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, team)): Path<(String, String)>,
) -> Answer<()> {
    let team: TeamId = id(&team, "team")?;
    ctx.teams().delete(team).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// Put a member into a team.
#[utoipa::path(put, path = "/api/v1/workspaces/{ws}/teams/{id}/members/{member}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn join(
    WriteContext(mut ctx): WriteContext,
    Path((_, team, member)): Path<(String, String, String)>,
) -> Answer<()> {
    let (team, member): (TeamId, MemberId) = (id(&team, "team")?, id(&member, "member")?);
    ctx.teams().add_member(team, member).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// Take a member out of a team.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/teams/{id}/members/{member}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn quit(
    WriteContext(mut ctx): WriteContext,
    Path((_, team, member)): Path<(String, String, String)>,
) -> Answer<()> {
    let (team, member): (TeamId, MemberId) = (id(&team, "team")?, id(&member, "member")?);
    ctx.teams().remove_member(team, member).await?;
    Ok(Reply::done().at(ctx.revision()))
}
