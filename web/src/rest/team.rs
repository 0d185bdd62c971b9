//! Teams over HTTP: groups of members, each with a profile or none.

use axum::extract::State;
use hallpass_app::team::TeamChange;
use hallpass_app::visit::Visit;
use hallpass_domain::id::{MemberId, TeamId};
use hallpass_domain::team::Team;
use hallpass_engine::Sharing;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::visit::Inside;
use crate::extract::{Body, IfMatch, Params, Path, SignedIn, given, id};
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
struct TeamView {
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

impl TeamView {
    fn of(visit: &Visit, team: &Team, members: i64) -> TeamView {
        let profile = team.profile.map(|id| id.to_string());
        TeamView {
            id: team.id.to_string(),
            name: team.name.to_string(),
            description: team.description.clone(),
            profile_name: profile.as_deref().map(|id| visit.snapshot().name(id)),
            profile,
            record_sharing: team.sharing.scope().word().to_owned(),
            members,
        }
    }
}

/// The teams, by name.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/teams", tag = "Access model", params(PageParams),
    responses((status = 200, body = Page<TeamView>), (status = 403, body = Problem)))]
async fn list(
    Inside(mut visit): Inside,
    Params(ask): Params<PageParams>,
) -> Answer<Page<TeamView>> {
    let (teams, sizes) = visit.list_teams().await?;
    let size = |team: &Team| sizes.get(&team.id).copied().unwrap_or(0);
    let items = teams.iter().map(|team| TeamView::of(&visit, team, size(team))).collect();
    let page = Page::part("teams", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page).at(visit.revision()))
}

/// A team to be made, or what to change about one; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TeamAsked {
    name: Option<String>,
    description: Option<String>,
    /// A profile, by id, key or name; or null for none.
    #[serde(default, deserialize_with = "given")]
    profile: Option<Option<String>>,
    /// `own`, `team` or `all`.
    record_sharing: Option<String>,
}

impl TeamAsked {
    async fn read(self, visit: &mut Visit) -> Result<TeamChange, Problem> {
        let profile = match self.profile {
            Some(Some(text)) => Some(Some(visit.profile_named(&text).await?)),
            Some(None) => Some(None),
            None => None,
        };
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
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/teams", tag = "Access model", request_body = TeamAsked,
    responses((status = 201, body = TeamView), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path(ws): Path<String>,
    Body(ask): Body<TeamAsked>,
) -> Answer<TeamView> {
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    let ask = ask.read(&mut visit).await?;
    let team = visit.create_team(&ask).await?;
    let view = TeamView::of(&visit, &team, 0);
    Ok(Reply::created(view).at(visit.revision()).version(team.version))
}

/// A team.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/teams/{id}", tag = "Access model",
    responses((status = 200, body = TeamView), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    Inside(mut visit): Inside,
    Path((_, team)): Path<(String, String)>,
) -> Answer<TeamView> {
    let (team, members) = visit.load_team(id(&team, "team")?).await?;
    let view = TeamView::of(&visit, &team, members);
    Ok(Reply::ok(view).at(visit.revision()).version(team.version))
}

/// Change a team.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/teams/{id}", tag = "Access model", request_body = TeamAsked,
    responses((status = 200, body = TeamView), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((ws, team)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    Body(ask): Body<TeamAsked>,
) -> Answer<TeamView> {
    let team: TeamId = id(&team, "team")?;
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    let ask = ask.read(&mut visit).await?;
    let team = visit.change_team(team, &ask, version).await?;
    let key = team.id.to_string();
    let members = visit.model().members().filter(|one| one.teams.contains(&key)).count();
    let view = TeamView::of(&visit, &team, i64::try_from(members).unwrap_or(i64::MAX));
    Ok(Reply::ok(view).at(visit.revision()).version(team.version))
}

/// Delete a team that nobody is in.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/teams/{id}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((ws, team)): Path<(String, String)>,
) -> Answer<()> {
    let team = id(&team, "team")?;
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    visit.delete_team(team).await?;
    Ok(Reply::done().at(visit.revision()))
}

/// Put a member into a team.
#[utoipa::path(put, path = "/api/v1/workspaces/{ws}/teams/{id}/members/{member}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn join(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((ws, team, member)): Path<(String, String, String)>,
) -> Answer<()> {
    let (team, member): (TeamId, MemberId) = (id(&team, "team")?, id(&member, "member")?);
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    visit.join_team(team, member).await?;
    Ok(Reply::done().at(visit.revision()))
}

/// Take a member out of a team.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/teams/{id}/members/{member}", tag = "Access model",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn quit(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((ws, team, member)): Path<(String, String, String)>,
) -> Answer<()> {
    let (team, member): (TeamId, MemberId) = (id(&team, "team")?, id(&member, "member")?);
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    visit.quit_team(team, member).await?;
    Ok(Reply::done().at(visit.revision()))
}
