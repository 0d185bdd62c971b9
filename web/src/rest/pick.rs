//! Choices over HTTP: a few members, records, teams or departments that a text finds, for inputs that complete.

use hallpass_app::pick::{
    PickedGroup, PickedGroups, PickedMember, PickedRecord, PickedRecords,
};
use hallpass_app::record::Total;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::Params;
use crate::extract::context::ReadContext;
use crate::openapi::scalar;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(members))
        .routes(routes!(records))
        .routes(routes!(teams))
        .routes(routes!(departments))
}

/// The longest text, in characters.
const LONGEST: usize = 200;

/// What to find members by.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PickMemberParams {
    /// A part of the name, address or alias; the first members by name if absent.
    #[param(max_length = 200)]
    q: Option<String>,
}

/// What to find records by.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PickRecordParams {
    /// A part of the title or of a field.
    #[param(max_length = 200)]
    q: Option<String>,
    /// The key of a record type; every type that the caller may read if absent.
    #[param(value_type = Option<scalar::Key>)]
    entity: Option<String>,
}

/// What to find teams or departments by.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PickGroupParams {
    /// A part of the name; the first by name if absent.
    #[param(max_length = 200)]
    q: Option<String>,
}

/// Something to choose.
#[derive(Serialize, ToSchema)]
struct Choice {
    /// The id of the member, record, team or department.
    id: String,
    /// The name, or the title of the record.
    name: String,
    /// The key of the record type; absent for anything but a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = scalar::Key)]
    entity: Option<String>,
    /// A small picture of the member as a `data:` URL; `null` for a member without one, and for anything
    /// else.
    picture: Option<String>,
    /// What tells it apart from others of the same name: of a member the address and the role, of a record
    /// its type with the stage, and the owner, of a department the names of those above it in one line.
    #[schema(max_items = 2)]
    lines: Vec<String>,
}

impl From<PickedMember> for Choice {
    fn from(member: PickedMember) -> Choice {
        let (lines, picture) = match member.known {
            Some(known) => {
                let lines = [known.email, known.role].into_iter();
                (lines.filter(|line| !line.is_empty()).collect(), known.picture)
            }
            None => (Vec::new(), None),
        };
        let id = member.id.to_string();
        Choice { id, name: member.name, entity: None, picture, lines }
    }
}

impl From<PickedRecord> for Choice {
    fn from(record: PickedRecord) -> Choice {
        let kind = match record.stage {
            Some(stage) => format!("{}, {stage}", record.one),
            None => record.one,
        };
        Choice {
            id: record.id.to_string(),
            name: record.title,
            entity: Some(record.entity),
            picture: None,
            lines: std::iter::once(kind).chain(record.owner).collect(),
        }
    }
}

impl<I: ToString> From<PickedGroup<I>> for Choice {
    fn from(group: PickedGroup<I>) -> Choice {
        let line = (!group.above.is_empty()).then(|| group.above.join(" › "));
        Choice {
            id: group.id.to_string(),
            name: group.name,
            entity: None,
            picture: None,
            lines: line.into_iter().collect(),
        }
    }
}

fn groups<I: ToString>(picked: PickedGroups<I>) -> Page<Choice> {
    let items = picked.found.into_iter().map(Choice::from).collect();
    Page::filtered(items, None, Total::Unknown, picked.is_incomplete)
}

/// List members to choose from
///
/// Gives at most ten active members, by name, whom a text finds. Requires `members: read`; a caller
/// without it who may choose a member somewhere, as an owner or as the billing contact, finds members
/// by name and gets their names only.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/pick/members", tag = "People", params(PickMemberParams),
    responses((status = 200, body = Page<Choice>),
        (status = 403, description = "`denied`: the caller may neither read nor choose members.")))]
async fn members(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PickMemberParams>,
) -> Answer<Page<Choice>> {
    let found = ctx.picks().members(text(ask.q)?).await?;
    let items = found.into_iter().map(Choice::from).collect();
    Ok(Reply::ok(Page::new(items, None, None)).at(ctx.revision()))
}

/// List records to choose from
///
/// Gives at most ten records that a text finds and that the caller may read: of one type, or of all.
/// Without `q` they are the newest of the type; without `q` and `entity` there are none.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/pick/records", tag = "Records", params(PickRecordParams),
    responses((status = 200, body = Page<Choice>),
        (status = 403, description = "`denied`: the caller may not read records of this type."),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn records(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PickRecordParams>,
) -> Answer<Page<Choice>> {
    let text = text(ask.q)?;
    let PickedRecords { records, is_incomplete } =
        ctx.picks().records(ask.entity.as_deref(), text).await?;
    let items = records.into_iter().map(Choice::from).collect();
    let page = Page::filtered(items, None, Total::Unknown, is_incomplete);
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// List teams to choose from
///
/// Gives at most ten teams that a text finds by name, those whose names begin with it first. Where a workspace has
/// more than 2,000 teams, `incomplete` says that others may contain it. Requires `teams: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/pick/teams", tag = "People", params(PickGroupParams),
    responses((status = 200, body = Page<Choice>),
        (status = 403, description = "`denied`: the caller may not read teams.")))]
async fn teams(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PickGroupParams>,
) -> Answer<Page<Choice>> {
    let found = ctx.picks().teams(text(ask.q)?).await?;
    Ok(Reply::ok(groups(found)).at(ctx.revision()))
}

/// List departments to choose from
///
/// Gives at most ten departments that a text finds by name, with the names of those above each. Where a workspace
/// has more than 2,000 departments, `incomplete` says that others may contain it. Requires `departments: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/pick/departments", tag = "People", params(PickGroupParams),
    responses((status = 200, body = Page<Choice>),
        (status = 403, description = "`denied`: the caller may not read departments.")))]
async fn departments(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PickGroupParams>,
) -> Answer<Page<Choice>> {
    let found = ctx.picks().departments(text(ask.q)?).await?;
    Ok(Reply::ok(groups(found)).at(ctx.revision()))
}

/// A text to find something by; none where it has nothing but spaces.
fn text(q: Option<String>) -> Result<Option<String>, Problem> {
    let q = q.filter(|q| !q.trim().is_empty());
    if q.as_ref().is_some_and(|q| q.chars().count() > LONGEST) {
        let detail = format!("search for at most {LONGEST} characters");
        return Err(Problem::field("/q", "bad_text", &detail));
    }
    Ok(q)
}
