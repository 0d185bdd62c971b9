//! Service accounts over HTTP: create one. They are listed, changed and removed as members.

use std::collections::BTreeMap;

use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::{DepartmentRef, RoleRef, TeamRef};
use hallpass_app::service_account::NewServiceAccount;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::context::WriteContextWith;
use crate::openapi::scalar;
use crate::reply::{Answer, Reply};
use crate::rest::member::{MemberResponse, visibility};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(create))
}

/// A new service account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateServiceAccountRequest {
    /// The name, for people.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// The role.
    #[schema(value_type = scalar::RoleKey)]
    role: String,
    /// The level on each resource, by keys.
    #[schema(value_type = Option<BTreeMap<scalar::Key, scalar::Key>>)]
    levels: Option<BTreeMap<String, String>>,
    /// The key of a preset: its levels are copied.
    #[schema(value_type = Option<scalar::Key>)]
    preset: Option<String>,
    /// Whose records it sees.
    #[schema(value_type = Option<scalar::VisibilityLevel>)]
    visibility: Option<String>,
    /// The department, by id or name.
    #[schema(value_type = Option<scalar::DepartmentNamed>)]
    department: Option<String>,
    /// The teams, by id or name.
    #[schema(value_type = Option<Vec<scalar::TeamNamed>>, max_items = 1000)]
    teams: Option<Vec<String>>,
}

impl CreateServiceAccountRequest {
    fn read(self) -> Result<NewServiceAccount, Problem> {
        let teams = self.teams.map(|teams| teams.into_iter().map(TeamRef::from).collect());
        let access = AccessChange {
            role: Some(RoleRef::from(self.role)),
            levels: self.levels.map(|levels| levels.into_iter().collect()),
            preset: self.preset,
            visibility: self.visibility.as_deref().map(visibility).transpose()?,
            department: self.department.map(|text| Some(DepartmentRef::from(text))),
            teams,
            ..AccessChange::default()
        };
        Ok(NewServiceAccount { name: self.name, access })
    }
}

/// Create a service account
///
/// Creates a member that is a program: it has a role and API keys, and no one signs in as it. Create a
/// key for it with `POST …/api-keys` and its id as `member`. Its keys go on when the people who created
/// them leave. It is changed, deactivated and removed as members are (`…/members/{id}`). A workspace
/// has at most 100 service accounts.
///
/// Requires `members: create`. Nothing can be given that the caller may not do, and roles only
/// as the access model's rules allow; the top role, a manager and the billing contact are people.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/service-accounts", tag = "People", request_body = CreateServiceAccountRequest,
    responses((status = 201, body = MemberResponse),
        (status = 403, description = "`denied`, `grant_ceiling`: it would give more than the caller may do, `may_not_give`: the caller's role may not give this role, or `address_not_confirmed`: the caller has not confirmed their address."),
        (status = 409, description = "`person_only`: only a person can have the role, or `transfer_only`.")))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<CreateServiceAccountRequest>,
) -> Answer<MemberResponse> {
    let member = ctx.service_accounts().create(&ask.read()?).await?;
    let view = MemberResponse::of(&ctx, &member);
    Ok(Reply::created(view).at(ctx.revision()).version(member.version))
}
