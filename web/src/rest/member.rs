//! Members over HTTP: list, look at, change, deactivate, reactivate, remove.

use std::collections::BTreeMap;

use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::access::AccessChange;
use hallpass_app::member::list::{MemberOrder, MemberQuery};
use hallpass_app::member::{MemberChange, MemberDetails};
use hallpass_app::naming::{self, DepartmentRef, RoleRef};
use hallpass_domain::id::{DepartmentId, MemberId, TeamId};
use hallpass_domain::member::{Member, Status};
use hallpass_engine::Visibility;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cursor;
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{IfMatch, Params, Path, field_id, given, id, limit};
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

const LIST: &str = "members";

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(load, change, remove))
        .routes(routes!(deactivate))
        .routes(routes!(reactivate))
}

/// A member.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberResponse {
    id: String,
    /// The account.
    account: String,
    first_name: String,
    last_name: String,
    name: String,
    email: String,
    /// `active` or `inactive`.
    status: String,
    /// The role, by key or id.
    role: String,
    role_name: String,
    /// The level on each resource that has one.
    levels: BTreeMap<String, String>,
    /// The preset whose levels these are exactly; null when there is none, or no levels.
    preset: Option<String>,
    /// `own`, `department` or `all`.
    visibility: String,
    department: Option<String>,
    manager: Option<String>,
    teams: Vec<TeamRef>,
    billing_contact: bool,
    /// The page where they land, if they chose one.
    landing: Option<String>,
    joined_at: String,
    last_seen: Option<String>,
    /// Whether they sign in with a second factor.
    two_factor: bool,
    /// Records of theirs that still need work, by record type; in lists and by themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignments: Option<BTreeMap<String, i64>>,
}

/// A member with what is too large for lists.
#[derive(Serialize, ToSchema)]
struct MemberDetailResponse {
    #[serde(flatten)]
    member: MemberResponse,
    /// The picture of their account as a `data:` address, or null.
    picture: Option<String>,
}

/// A team, by id and name.
#[derive(Serialize, ToSchema)]
pub(crate) struct TeamRef {
    id: String,
    name: String,
}

impl TeamRef {
    pub(crate) fn new(id: String, name: &str) -> TeamRef {
        TeamRef { id, name: name.to_owned() }
    }
}

impl MemberResponse {
    pub(crate) fn of(ctx: &WorkspaceContext, member: &Member) -> MemberResponse {
        let (snapshot, access) = (ctx.snapshot(), &member.access);
        let blueprint = snapshot.blueprint();
        let preset = blueprint.preset_of(&access.levels).filter(|_| !access.levels.is_empty());
        let team =
            |id: &TeamId| TeamRef { id: id.to_string(), name: snapshot.name(&id.to_string()) };
        MemberResponse {
            id: member.id.to_string(),
            account: member.account.to_string(),
            first_name: member.first_name.clone(),
            last_name: member.last_name.clone(),
            name: member.name(),
            email: member.email.clone(),
            status: member.status.word().to_owned(),
            role_name: snapshot.role_name(&access.role),
            role: access.role.clone(),
            levels: access.levels.iter().cloned().collect(),
            preset: preset.map(|preset| preset.key.clone()),
            visibility: access.visibility.scope().word().to_owned(),
            department: access.department.map(|id| id.to_string()),
            manager: access.manager.map(|id| id.to_string()),
            teams: access.teams.iter().map(team).collect(),
            billing_contact: access.is_billing_contact,
            landing: member.landing.clone(),
            joined_at: member.joined_at.to_string(),
            last_seen: member.seen_at.map(|at| at.to_string()),
            // There are no second factors yet.
            two_factor: false,
            assignments: None,
        }
    }
}

/// Which members, and how many.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MemberParams {
    /// A part of name or address.
    q: Option<String>,
    /// A role, by key or id.
    role: Option<String>,
    /// `active` or `inactive`.
    status: Option<String>,
    /// A department's id.
    department: Option<String>,
    /// A team's id.
    team: Option<String>,
    /// `name` (the default) or `-assignments`: the heaviest workload first.
    sort: Option<String>,
    /// 1 to 200.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The members, by name.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/members", tag = "People", params(MemberParams),
    responses((status = 200, body = Page<MemberResponse>), (status = 403, body = Problem)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<MemberParams>,
) -> Answer<Page<MemberResponse>> {
    let query = MemberQuery {
        text: ask.q.filter(|text| !text.trim().is_empty()),
        name: None,
        role: ask.role,
        status: ask.status.as_deref().map(status).transpose()?,
        department: ask.department.as_deref().map(department).transpose()?,
        team: ask.team.as_deref().map(|text| field_id("/team", text)).transpose()?,
    };
    let most = limit(ask.limit)?;
    let sort = sort(ask.sort.as_deref())?;
    let list = format!("{LIST} {sort:?}");
    let after = ask.cursor.as_deref().map(|text| cursor::read(&list, text)).transpose()?;
    let page = ctx.members().list(&query, sort, after, most).await?;
    let items = page.members.iter().map(|(member, assignments)| MemberResponse {
        assignments: Some(assignments.clone()),
        ..MemberResponse::of(&ctx, member)
    });
    let next_cursor = page.next.map(|place| cursor::write(&list, &place));
    let page = Page { items: items.collect(), next_cursor, total: Some(page.total) };
    Ok(Reply::ok(page).at(ctx.revision()))
}

fn status(text: &str) -> Result<Status, Problem> {
    Status::parse(text).filter(|status| *status != Status::Removed).ok_or_else(|| {
        Problem::field("/status", "unknown", "the statuses are `active` and `inactive`")
    })
}

fn department(text: &str) -> Result<DepartmentId, Problem> {
    field_id("/department", text)
}

fn sort(text: Option<&str>) -> Result<MemberOrder, Problem> {
    match text {
        None | Some("name") => Ok(MemberOrder::Name),
        Some("-assignments") => Ok(MemberOrder::Assignments),
        Some(_) => {
            Err(Problem::field("/sort", "unknown", "sort by `name` or by `-assignments`"))
        }
    }
}

/// A member.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/members/{id}", tag = "People",
    responses((status = 200, body = MemberDetailResponse), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, member)): Path<(String, String)>,
) -> Answer<MemberDetailResponse> {
    let details = ctx.members().load(id(&member, "member")?).await?;
    let MemberDetails { member, open_records, picture } = details;
    let view =
        MemberResponse { assignments: Some(open_records), ..MemberResponse::of(&ctx, &member) };
    let view = MemberDetailResponse { member: view, picture };
    Ok(Reply::ok(view).at(ctx.revision()).version(member.version))
}

/// What to change about a member; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateMemberRequest {
    /// A role, by key, id or name.
    role: Option<String>,
    /// A level for each resource; what is not named has none.
    levels: Option<BTreeMap<String, String>>,
    /// A preset, by key: its levels are copied.
    preset: Option<String>,
    /// `own`, `department` or `all`.
    visibility: Option<String>,
    /// A department's id or name, or null.
    #[serde(default, deserialize_with = "given")]
    department: Option<Option<String>>,
    /// A member's id, or null.
    #[serde(default, deserialize_with = "given")]
    manager: Option<Option<String>>,
    /// The ids or names of teams, all of them.
    teams: Option<Vec<String>>,
    billing_contact: Option<bool>,
    /// A page, or null for the first.
    #[serde(default, deserialize_with = "given")]
    landing: Option<Option<String>>,
}

impl UpdateMemberRequest {
    fn read(self) -> Result<MemberChange, Problem> {
        let department = self.department.map(|one| one.map(DepartmentRef::from));
        let teams =
            self.teams.map(|teams| teams.into_iter().map(naming::TeamRef::from).collect());
        let access = AccessChange {
            role: self.role.map(RoleRef::from),
            levels: self.levels.map(|levels| levels.into_iter().collect()),
            preset: self.preset,
            visibility: self.visibility.as_deref().map(visibility).transpose()?,
            department,
            manager: maybe(self.manager, "/manager")?,
            teams,
            billing_contact: self.billing_contact,
        };
        Ok(MemberChange { access, landing: self.landing })
    }
}

pub(crate) fn visibility(text: &str) -> Result<Visibility, Problem> {
    Visibility::parse(text).ok_or_else(|| {
        let detail = "the visibilities are `own`, `department` and `all`";
        Problem::field("/visibility", "unknown", detail)
    })
}

fn maybe<T>(text: Option<Option<String>>, pointer: &str) -> Result<Option<Option<T>>, Problem>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.map(|text| text.map(|text| field_id(pointer, &text)).transpose()).transpose()
}

/// Change a member.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/members/{id}", tag = "People", request_body = UpdateMemberRequest,
    responses((status = 200, body = MemberResponse), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change(
    Path((_, member)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateMemberRequest>,
) -> Answer<MemberResponse> {
    let member: MemberId = id(&member, "member")?;
    let member = ctx.members().update(member, &ask.read()?, version).await?;
    let view = MemberResponse::of(&ctx, &member);
    Ok(Reply::ok(view).at(ctx.revision()).version(member.version))
}

/// Take a member out of the workspace. What they own stays theirs.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/members/{id}", tag = "People",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, member)): Path<(String, String)>,
) -> Answer<()> {
    let member = id(&member, "member")?;
    ctx.members().remove(member).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// Make a member inactive.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/members/{id}/deactivate", tag = "People",
    responses((status = 200, body = MemberResponse), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn deactivate(
    WriteContext(mut ctx): WriteContext,
    Path((_, member)): Path<(String, String)>,
) -> Answer<MemberResponse> {
    let member = id(&member, "member")?;
    let member = ctx.members().deactivate(member).await?;
    Ok(Reply::ok(MemberResponse::of(&ctx, &member)).at(ctx.revision()).version(member.version))
}

/// Make an inactive member active again.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/members/{id}/reactivate", tag = "People",
    responses((status = 200, body = MemberResponse), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn reactivate(
    WriteContext(mut ctx): WriteContext,
    Path((_, member)): Path<(String, String)>,
) -> Answer<MemberResponse> {
    let member = id(&member, "member")?;
    let member = ctx.members().reactivate(member).await?;
    Ok(Reply::ok(MemberResponse::of(&ctx, &member)).at(ctx.revision()).version(member.version))
}
