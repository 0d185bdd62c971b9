//! Members over HTTP: list, look at, change, deactivate, reactivate, remove.
//!
//! Long because the descriptions of the operations are the doc comments of their handlers.

use std::collections::BTreeMap;

use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::access::AccessChange;
use hallpass_app::member::choice::KnownMember;
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_app::member::{MemberChange, MemberDetails, kind};
use hallpass_app::naming::{self, DepartmentRef, RoleRef};
use hallpass_domain::id::{MemberId, TeamId};
use hallpass_domain::member::{Member, Status};
use hallpass_engine::Visibility;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cursor;
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path, field_id, given, id, limit};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

mod factor;

const LIST: &str = "members";

const CHOICES: &str = "choices of members";

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(load, change, remove))
        .routes(routes!(deactivate))
        .routes(routes!(reactivate))
        .merge(factor::routes())
}

/// A member.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberResponse {
    /// The id.
    #[schema(value_type = scalar::MemberId)]
    id: String,
    /// `person`, or `service` for a service account: a program, as which no one signs in.
    #[schema(value_type = scalar::MemberKind)]
    kind: &'static str,
    /// The account; `null` for a service account.
    #[schema(value_type = Option<scalar::AccountId>)]
    account: Option<String>,
    /// The first name.
    first_name: String,
    /// The last name; may be empty.
    last_name: String,
    /// First and last name.
    name: String,
    /// The address; `null` for a service account.
    #[schema(value_type = Option<scalar::Email>)]
    email: Option<String>,
    /// The other name under which the member works in the workspace, such as `Support`.
    #[schema(value_type = Option<scalar::Name>)]
    alias: Option<String>,
    /// Whether the member can use the workspace; `removed` for one who left or was removed.
    #[schema(value_type = scalar::OwnerStatus)]
    status: String,
    /// The role.
    #[schema(value_type = scalar::RoleKey)]
    role: String,
    /// The name of the role.
    role_name: String,
    /// The level on each resource that has levels.
    levels: BTreeMap<String, String>,
    /// The key of the preset that has exactly these levels; `null` if there is none, or no
    /// levels.
    preset: Option<String>,
    /// Whose records the member sees.
    #[schema(value_type = scalar::VisibilityLevel)]
    visibility: String,
    /// The department.
    #[schema(value_type = Option<scalar::DepartmentId>)]
    department: Option<String>,
    /// The member's manager.
    #[schema(value_type = Option<scalar::MemberId>)]
    manager: Option<String>,
    /// The teams.
    teams: Vec<TeamRef>,
    /// Whether the member is the billing contact.
    billing_contact: bool,
    /// The page to start on, if the member chose one.
    landing: Option<String>,
    /// When the member joined.
    #[schema(value_type = scalar::Timestamp)]
    joined_at: String,
    /// When the member last used the workspace.
    #[schema(value_type = Option<scalar::Timestamp>)]
    last_seen: Option<String>,
    /// Whether the member signs in with a second factor; in lists and for one member.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool)]
    two_factor: Option<bool>,
    /// How many records of the member that the caller may read still need work, by record type;
    /// in lists and for one member.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = BTreeMap<String, i64>)]
    assignments: Option<BTreeMap<String, i64>>,
}

/// A member with their picture.
#[derive(Serialize, ToSchema)]
struct MemberDetailResponse {
    #[serde(flatten)]
    member: MemberResponse,
    /// The picture.
    #[schema(value_type = Option<scalar::Picture>)]
    picture: Option<String>,
}

/// A member by name, for a caller who may not read members.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberName {
    /// The id.
    #[schema(value_type = scalar::MemberId)]
    id: String,
    /// First and last name.
    name: String,
    /// The status.
    #[schema(value_type = scalar::OwnerStatus)]
    status: String,
}

impl MemberName {
    fn of(known: KnownMember) -> MemberName {
        let KnownMember { id, name, status } = known;
        MemberName { id: id.to_string(), name, status: status.word().to_owned() }
    }
}

/// A member of a list: by name only, for a caller who may not read members.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum ListedMember {
    /// For a caller who may read members.
    Member(Box<MemberResponse>),
    /// For a caller who may choose one.
    Name(MemberName),
}

/// A member: by name only, for a caller who may not read members.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum ShownMember {
    /// For a caller who may read members.
    Member(Box<MemberDetailResponse>),
    /// For a caller who works with records of the member.
    Name(MemberName),
}

/// A team.
#[derive(Serialize, ToSchema)]
pub(crate) struct TeamRef {
    /// The id.
    #[schema(value_type = scalar::TeamId)]
    id: String,
    /// The name.
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
        let preset = snapshot.model.preset_of(access);
        let team =
            |id: &TeamId| TeamRef { id: id.to_string(), name: snapshot.name(&id.to_string()) };
        MemberResponse {
            id: member.id.to_string(),
            kind: kind(member),
            account: member.account.map(|account| account.to_string()),
            first_name: member.first_name.clone(),
            last_name: member.last_name.clone(),
            name: member.name(),
            email: (!member.is_service()).then(|| member.email.clone()),
            alias: member.alias.as_ref().map(ToString::to_string),
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
            two_factor: None,
            assignments: None,
        }
    }
}

/// Which members, and how many.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MemberParams {
    /// A part of the name, address or alias.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only members with this role, by key, id or name.
    #[param(value_type = Option<scalar::RoleNamed>)]
    role: Option<String>,
    /// Only members with this status.
    #[param(value_type = Option<scalar::MemberStatus>)]
    status: Option<String>,
    /// Only members of this department, by id or name.
    #[param(value_type = Option<scalar::DepartmentNamed>)]
    department: Option<String>,
    /// Only members of this team, by id or name.
    #[param(value_type = Option<scalar::TeamNamed>)]
    team: Option<String>,
    /// `true` for members with an alias only.
    alias: Option<bool>,
    /// Only people, or only service accounts.
    #[param(value_type = Option<scalar::MemberKind>)]
    kind: Option<String>,
    /// The order: `name` (the default), or `-assignments` for the highest workload first.
    #[param(value_type = Option<scalar::MemberSort>)]
    sort: Option<String>,
    /// The largest number of items on the page.
    #[param(value_type = Option<scalar::Limit>)]
    limit: Option<usize>,
    /// `next_cursor` of the previous page.
    #[param(value_type = Option<scalar::Cursor>)]
    cursor: Option<String>,
}

/// List members
///
/// Lists the members, by name or by workload. `q` matches a part of the name, address or alias;
/// the filters combine. `assignments` counts the records of each member that still need work and
/// that the caller may read.
///
/// Requires `members: read`. A caller without it who may choose a member somewhere, as an owner or
/// as the billing contact, sends `q`, which may be empty, and gets the active members by id and
/// name; then `q` matches names only, and the other filters are refused.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/members", tag = "People", params(MemberParams),
    responses((status = 200, body = Page<ListedMember>),
        (status = 403, description = "`denied`: the caller may not read members.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<MemberParams>,
) -> Answer<Page<ListedMember>> {
    let query = MemberFilter {
        text: ask.q.clone().filter(|text| !text.trim().is_empty()),
        role: ask.role.map(RoleRef::from),
        status: ask.status.as_deref().map(status).transpose()?,
        department: ask.department.map(DepartmentRef::from),
        team: ask.team.map(naming::TeamRef::from),
        has_alias: ask.alias.unwrap_or_default(),
        is_service: ask.kind.as_deref().map(is_service).transpose()?,
        ..MemberFilter::default()
    };
    let most = limit(ask.limit)?;
    // A search, even an empty one, is how a caller chooses a member.
    let by_name = ask.q.is_some() && ask.sort.is_none();
    let sort = sort(ask.sort.as_deref())?;
    if by_name && query.is_for_names() && ctx.members().may_only_choose() {
        return choices(&mut ctx, query.text, ask.cursor.as_deref(), most).await;
    }
    let list = format!("{LIST} {sort:?}");
    let after = ask.cursor.as_deref().map(|text| cursor::read(&list, text)).transpose()?;
    let page = ctx.members().list(&query, sort, after, most).await?;
    let items = page.members.iter().map(|(member, assignments)| MemberResponse {
        assignments: Some(assignments.clone()),
        two_factor: Some(page.has_second_factor(member)),
        ..MemberResponse::of(&ctx, member)
    });
    let items = items.map(|member| ListedMember::Member(Box::new(member)));
    let next_cursor = page.next.as_ref().map(|place| cursor::write(&list, place));
    let page = Page::new(items.collect(), next_cursor, Some(page.total));
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// Lists the members whom a caller may choose, by name.
async fn choices(
    ctx: &mut WorkspaceContext,
    name: Option<String>,
    cursor: Option<&str>,
    limit: usize,
) -> Answer<Page<ListedMember>> {
    let after = cursor.map(|text| cursor::read(CHOICES, text)).transpose()?;
    let page = ctx.members().list_choices(name, after.as_ref(), limit).await?;
    let item = |member: &Member| {
        ListedMember::Name(MemberName {
            id: member.id.to_string(),
            name: member.name(),
            status: member.status.word().to_owned(),
        })
    };
    let items = page.members.iter().map(item).collect();
    let next_cursor = page.next.map(|place| cursor::write(CHOICES, &place));
    let page = Page::new(items, next_cursor, Some(page.total));
    Ok(Reply::ok(page).at(ctx.revision()))
}

fn status(text: &str) -> Result<Status, Problem> {
    Status::parse(text).filter(|status| *status != Status::Removed).ok_or_else(|| {
        Problem::field("/status", "unknown", "the statuses are `active` and `inactive`")
    })
}

fn is_service(text: &str) -> Result<bool, Problem> {
    match text {
        "person" => Ok(false),
        "service" => Ok(true),
        _ => Err(Problem::field("/kind", "unknown", "the kinds are `person` and `service`")),
    }
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

/// Get a member
///
/// Gets a member: active, inactive or removed. Members may read themselves; others require
/// `members: read`. A caller without it gets the name of a member whose records they may read.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/members/{id}", tag = "People",
    responses((status = 200, body = ShownMember),
        (status = 403, description = "`denied`: the caller may not read members.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, member)): Path<(String, String)>,
) -> Answer<ShownMember> {
    let member = id(&member, "member")?;
    if let Some(known) = ctx.members().find_known(member).await? {
        let view = ShownMember::Name(MemberName::of(known));
        return Ok(Reply::ok(view).at(ctx.revision()));
    }
    let details = ctx.members().load(member).await?;
    let MemberDetails { member, open_records, picture, has_second_factor } = details;
    let view = MemberResponse {
        assignments: Some(open_records),
        two_factor: Some(has_second_factor),
        ..MemberResponse::of(&ctx, &member)
    };
    let view = MemberDetailResponse { member: view, picture };
    let view = ShownMember::Member(Box::new(view));
    Ok(Reply::ok(view).at(ctx.revision()).version(member.version))
}

/// Changes to a member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateMemberRequest {
    /// Another role.
    #[schema(value_type = Option<scalar::RoleKey>)]
    role: Option<String>,
    /// The level on each resource, by keys; a resource without one has no level.
    #[schema(value_type = Option<BTreeMap<scalar::Key, scalar::Key>>)]
    levels: Option<BTreeMap<String, String>>,
    /// The key of a preset: its levels are copied.
    #[schema(value_type = Option<scalar::Key>)]
    preset: Option<String>,
    /// Whose records the member sees.
    #[schema(value_type = Option<scalar::VisibilityLevel>)]
    visibility: Option<String>,
    /// The department, by id or name, or `null` for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::DepartmentNamed>)]
    department: Option<Option<String>>,
    /// The member's manager, or `null` for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::MemberId>)]
    manager: Option<Option<String>>,
    /// All teams of the member, by id or name.
    #[schema(value_type = Option<Vec<scalar::TeamNamed>>, max_items = 1000)]
    teams: Option<Vec<String>>,
    /// Whether the member is the billing contact.
    billing_contact: Option<bool>,
    /// The page to start on: the key of a resource, or `null` for the first.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::Key>)]
    landing: Option<Option<String>>,
    /// The other name under which the member works in the workspace, or `null` for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::Name>)]
    alias: Option<Option<String>>,
    /// The name of a service account. People choose their own name, in their profile.
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<String>,
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
        Ok(MemberChange { access, landing: self.landing, alias: self.alias, name: self.name })
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

/// Update a member
///
/// Changes what the request names, all of it in one transaction; the rest stays. Fields that
/// the access model does not have are refused (422).
///
/// Requires `members: update`. Nothing can be given that the caller may not do, and roles only
/// as the access model's rules allow. A workspace always keeps an active holder of its top
/// role.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/members/{id}", tag = "People", request_body = UpdateMemberRequest,
    responses((status = 200, body = MemberResponse),
        (status = 403, description = "`denied`, `grant_ceiling`: it would give more than the caller may do, `may_not_give` or `may_not_touch`: the caller's role may not give this role or change its holders."),
        (status = 409, description = "`last_top_role`, `no_self_role_change`, `transfer_only` or `second_billing_contact`.")))]
async fn change(
    Path((_, member)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateMemberRequest>,
) -> Answer<MemberResponse> {
    let member: MemberId = id(&member, "member")?;
    let member = ctx.members().update(member, &ask.read()?).await?;
    let view = MemberResponse::of(&ctx, &member);
    Ok(Reply::ok(view).at(ctx.revision()).version(member.version))
}

/// Remove a member
///
/// Ends the membership. The records of the member keep their owner until they are reassigned.
/// Requires `members: delete`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/members/{id}", tag = "People",
    responses((status = 204),
        (status = 403, description = "`denied` or `may_not_touch`: the caller's role may not change holders of the member's role."),
        (status = 409, description = "`last_top_role`, `no_self_removal`, `billing_contact_stays`, or `no_such_verb`: the access model does not remove members.")))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, member)): Path<(String, String)>,
) -> Answer<()> {
    let member = id(&member, "member")?;
    ctx.members().remove(member).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// Deactivate a member
///
/// The member loses access at once and keeps role, teams and records. Requires `members:
/// update`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/members/{id}/deactivate", tag = "People",
    responses((status = 200, body = MemberResponse),
        (status = 403, description = "`denied` or `may_not_touch`: the caller's role may not change holders of the member's role."),
        (status = 409, description = "`already`, `last_top_role`, `no_self_deactivation`, `billing_contact_stays`, or `no_such_verb`: the access model does not deactivate members.")))]
async fn deactivate(
    WriteContext(mut ctx): WriteContext,
    Path((_, member)): Path<(String, String)>,
) -> Answer<MemberResponse> {
    let member = id(&member, "member")?;
    let member = ctx.members().deactivate(member).await?;
    Ok(Reply::ok(MemberResponse::of(&ctx, &member)).at(ctx.revision()).version(member.version))
}

/// Reactivate a member
///
/// The member gets access again, with the role that they had. Requires `members: update`, and
/// that the caller could give them what they get.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/members/{id}/reactivate", tag = "People",
    responses((status = 200, body = MemberResponse),
        (status = 403, description = "`denied`, `grant_ceiling`, `may_not_give` or `may_not_touch`."),
        (status = 409, description = "`already`: the member is active. `no_such_verb`: the access model does not reactivate members.")))]
async fn reactivate(
    WriteContext(mut ctx): WriteContext,
    Path((_, member)): Path<(String, String)>,
) -> Answer<MemberResponse> {
    let member = id(&member, "member")?;
    let member = ctx.members().reactivate(member).await?;
    Ok(Reply::ok(MemberResponse::of(&ctx, &member)).at(ctx.revision()).version(member.version))
}
