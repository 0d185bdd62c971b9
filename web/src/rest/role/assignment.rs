//! Who has which role over HTTP: as a list, and as a file to keep.

use axum::response::{IntoResponse, Response};
use hallpass_app::role::assignment::Assignment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext};
use crate::extract::{Params, limit};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;
use crate::{csv, cursor};

const LIST: &str = "role assignments";

const COLUMNS: [&str; 10] = [
    "member",
    "name",
    "email",
    "status",
    "role",
    "role_name",
    "since",
    "by",
    "by_name",
    "two_factor",
];

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(export))
}

/// A member and their role.
#[derive(Serialize, ToSchema)]
struct RoleAssignment {
    /// The id of the member.
    #[schema(value_type = scalar::MemberId)]
    member: String,
    /// The name of the member; `null` for a caller who may not know it.
    name: Option<String>,
    /// The address of the member; `null` for a caller who may not read members.
    #[schema(value_type = Option<scalar::Email>)]
    email: Option<String>,
    /// Whether the member can use the workspace.
    #[schema(value_type = scalar::MemberStatus)]
    status: String,
    /// The role.
    #[schema(value_type = scalar::RoleKey)]
    role: String,
    /// The name of the role.
    role_name: String,
    /// Since when the member has it.
    #[schema(value_type = scalar::Timestamp)]
    since: String,
    /// The member who gave it; `null` for the operator.
    #[schema(value_type = Option<scalar::MemberId>)]
    by: Option<String>,
    /// The name of the member who gave it; `null` for a caller who may not know it.
    by_name: Option<String>,
    /// Whether the member signs in with a second factor; `null` for a caller who may not read members.
    two_factor: Option<bool>,
}

impl RoleAssignment {
    fn of(assignment: Assignment) -> RoleAssignment {
        let Assignment { member, name, shows_address, has_second_factor, role_name, grantor } =
            assignment;
        RoleAssignment {
            member: member.id.to_string(),
            name,
            email: Some(member.email).filter(|email| shows_address && !email.is_empty()),
            status: member.status.word().to_owned(),
            role: member.access.role,
            role_name,
            since: member.role_since.to_string(),
            by: member.role_by.map(|id| id.to_string()),
            by_name: grantor,
            two_factor: has_second_factor,
        }
    }

    fn line(&self) -> String {
        let known = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        csv::line([
            self.member.as_str(),
            &known(&self.name),
            &known(&self.email),
            &self.status,
            &self.role,
            &self.role_name,
            &self.since,
            &known(&self.by),
            &known(&self.by_name),
            self.two_factor.map_or("", |has| if has { "true" } else { "false" }),
        ])
    }
}

/// List role assignments
///
/// Lists which member has which role, since when and by whom. Requires `audit: read`. Names and
/// addresses are for callers who may read members, and the list is by name for them only.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/role-assignments", tag = "Administration", params(PageParams),
    responses((status = 200, body = Page<RoleAssignment>),
        (status = 403, description = "`denied`: the caller may not read role assignments.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<RoleAssignment>> {
    let limit = limit(ask.limit)?;
    let after = ask.cursor.as_deref().map(|text| cursor::read(LIST, text)).transpose()?;
    let page = ctx.role_assignments().list(after.as_ref(), limit).await?;
    let items = page.assignments.into_iter().map(RoleAssignment::of).collect();
    let next_cursor = page.next.map(|place| cursor::write(LIST, &place));
    let page = Page::new(items, next_cursor, Some(page.total));
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// How the file begins.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportParams {
    /// Whether the file begins with a byte order mark, by which Excel recognises UTF-8.
    byte_order_mark: Option<bool>,
}

/// Export role assignments as CSV
///
/// Exports the role of every member as CSV with a header line, with the names and addresses that the
/// list has. The audit log notes the export.
/// Requires `audit: export`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/role-assignments/export", tag = "Administration", params(ExportParams),
    responses((status = 200, body = String, content_type = "text/csv", description = "A CSV file (RFC 4180)."),
        (status = 403, description = "`denied`: the caller may not export role assignments.")))]
async fn export(
    WriteContext(mut ctx): WriteContext,
    Params(ask): Params<ExportParams>,
) -> Result<Response, Problem> {
    let assignments = ctx.role_assignments().export().await?;
    let lines = assignments.into_iter().map(|one| RoleAssignment::of(one).line());
    let start = csv::start(ask.byte_order_mark == Some(true));
    let text: String =
        [start.to_owned(), csv::line(COLUMNS)].into_iter().chain(lines).collect();
    Ok((csv::headers("role-assignments"), text).into_response())
}
