//! Comparisons of access over HTTP.

use hallpass_app::comparison::{ComparedSide, Comparison, ComparisonSide};
use hallpass_app::naming::{ProfileRef, RoleRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cursor;
use crate::error::Problem;
use crate::extract::context::ReadContextWith;
use crate::extract::{Params, field_id, limit};
use crate::openapi::scalar;
use crate::reply::{Answer, PageParams, Reply};
use crate::rest::preview::response::{ActionTotalResponse, MemberPreviewResponse, position};
use crate::state::Web;

/// The name of the list of people in cursors.
const LIST: &str = "comparison";

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(compare))
}

/// Two sides to be compared.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CompareRequest {
    /// The side that the other is compared with.
    before: SideRequest,
    /// The side about which the answer says what it has more and less.
    after: SideRequest,
}

/// A side of a comparison: exactly one of the fields.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SideRequest {
    /// A member.
    #[schema(value_type = Option<scalar::MemberId>)]
    member: Option<String>,
    /// A role.
    #[schema(value_type = Option<scalar::RoleNamed>)]
    role: Option<String>,
    /// A profile.
    #[schema(value_type = Option<scalar::ProfileNamed>)]
    profile: Option<String>,
    /// The template of a profile.
    #[schema(value_type = Option<scalar::ProfileNamed>)]
    template: Option<String>,
    /// The workspace as it was after an audit entry.
    #[schema(value_type = Option<scalar::AuditId>)]
    entry: Option<String>,
    /// `true` for the workspace at present.
    #[serde(default)]
    #[schema(default = false)]
    now: bool,
}

impl SideRequest {
    fn side(self, pointer: &str) -> Result<ComparisonSide, Problem> {
        let SideRequest { member, role, profile, template, entry, now } = self;
        let field = |name: &str| format!("{pointer}/{name}");
        let mut sides = Vec::new();
        if let Some(member) = member {
            sides.push(ComparisonSide::Member(field_id(&field("member"), &member)?));
        }
        sides.extend(role.map(|role| ComparisonSide::Role(RoleRef::from(role))));
        sides.extend(profile.map(|named| ComparisonSide::Profile(ProfileRef::from(named))));
        sides.extend(template.map(|named| ComparisonSide::Template(ProfileRef::from(named))));
        if let Some(entry) = entry {
            sides.push(ComparisonSide::Entry(field_id(&field("entry"), &entry)?));
        }
        sides.extend(now.then_some(ComparisonSide::Now));
        let (side, others) = (sides.pop(), sides);
        side.filter(|_| others.is_empty()).ok_or_else(|| {
            let detail = "name exactly one of `member`, `role`, `profile`, `template`, `entry` \
                          and `now`";
            Problem::field(pointer, "ambiguous", detail)
        })
    }
}

/// What two sides have that the other has not.
#[derive(Serialize, ToSchema)]
struct CompareResponse {
    /// The side that the other is compared with.
    before: SideResponse,
    /// The side that the answer is about.
    after: SideResponse,
    /// How many people have more and less of each action on the second side, by the keys of resource and
    /// action.
    totals: Vec<ActionTotalResponse>,
    /// The differences, the largest first: one item for each person where two moments are compared, and
    /// otherwise at most one, about the second side.
    members: Vec<MemberPreviewResponse>,
    /// The cursor of the next page of people; null on the last one.
    #[schema(value_type = Option<scalar::Cursor>)]
    next_cursor: Option<String>,
    /// How many items there are; null for a caller who may not read members.
    #[schema(minimum = 0)]
    total: Option<usize>,
}

/// A side that was compared.
#[derive(Serialize, ToSchema)]
struct SideResponse {
    /// The id or key; null for the workspace at present.
    id: Option<String>,
    /// The name, where it has one and the caller may know it.
    name: Option<String>,
}

/// Compare access
///
/// Compares two sides and gives what the second has more and less, in the shape of a preview:
///
/// - two members: what the second reaches in the place of the first. That both reach their own records
///   is no difference;
/// - two roles: what a new holder of each can do, without a team and a department;
/// - a role with a member: what the member has beyond and below it, by levels, teams, the billing
///   contact flag and visibility;
/// - two profiles, or a profile with its template;
/// - the workspace after an audit entry with another such moment, or with `now`. What was done since is
///   undone by the audit log; where that does not say enough, the request is refused.
///
/// `records_gained` and `records_lost` count the records of today that one side reaches and the other does
/// not, of those that the caller may read. A member requires `members: read`, unless it is the caller; a
/// role `roles: read` or `members: read`; a profile `profiles: read`; an audit entry `audit: read`, and it
/// shows the changes of others only with `members: read`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/access/compare", tag = "Decisions", params(PageParams), request_body = CompareRequest,
    responses((status = 200, body = CompareResponse),
        (status = 403, description = "`denied`: the caller may not read a side."),
        (status = 404, description = "There is no such workspace, member or audit entry, or the caller may not know of it."),
        (status = 409, description = "`history_incomplete`: the audit log does not say how the workspace was."),
        (status = 422, description = "`not_comparable`: the sides are of different kinds; `no_template`: the profile has no template.")))]
async fn compare(
    Params(ask): Params<PageParams>,
    ReadContextWith(mut ctx, request): ReadContextWith<CompareRequest>,
) -> Answer<CompareResponse> {
    let most = limit(ask.limit)?;
    let after = ask.cursor.as_deref().map(|cursor| position(LIST, cursor)).transpose()?;
    let sides = (request.before.side("/before")?, request.after.side("/after")?);
    let comparison = ctx.comparisons().compare((&sides.0, &sides.1), after, most).await?;
    let revision = comparison.revision;
    Ok(Reply::ok(CompareResponse::of(comparison)).at(revision))
}

impl CompareResponse {
    fn of(comparison: Comparison) -> CompareResponse {
        let last = comparison.members.last().filter(|_| comparison.has_more);
        let next = last.map(|last| (last.changes.len(), last.member.to_string()));
        let is_about_members = comparison.is_about_members;
        let members = comparison.members.into_iter();
        let members = members.map(|one| {
            let line = MemberPreviewResponse::from(one);
            if is_about_members { line } else { line.without_member() }
        });
        CompareResponse {
            before: SideResponse::from(comparison.before),
            after: SideResponse::from(comparison.after),
            totals: comparison.totals.into_iter().map(ActionTotalResponse::from).collect(),
            members: members.collect(),
            next_cursor: next.map(|next| cursor::write(LIST, &next)),
            total: comparison.total,
        }
    }
}

impl From<ComparedSide> for SideResponse {
    fn from(side: ComparedSide) -> SideResponse {
        SideResponse { id: side.id, name: side.name }
    }
}
