//! View as, over HTTP: a read-only look at the workspace through the eyes of another member.

use axum::extract::State;
use hallpass_domain::id::MemberId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::{Body, Client, Path, SignedIn, field_id};
use crate::openapi::scalar;
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(begin, end))
}

/// Through whose eyes, and the confirmation that the person of the session is present.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BeginViewRequest {
    /// The member.
    #[schema(value_type = scalar::MemberId)]
    member: String,
    /// Your password.
    #[schema(value_type = scalar::CurrentPassword)]
    password: String,
}

/// A view of the workspace as another member.
#[derive(Serialize, ToSchema)]
struct ViewResponse {
    /// The member whose eyes they are.
    #[schema(value_type = scalar::MemberId)]
    member: String,
    /// When the view ends.
    #[schema(value_type = scalar::Timestamp)]
    until: String,
}

/// View as a member
///
/// For 30 minutes, this session reads the workspace with the rights of another member, and can change
/// nothing in it: every change gets 409 `view_only`. The member is told by mail, and the audit log has
/// your name. Requires `members: update`, and that your rights cover theirs.
#[utoipa::path(put, path = "/api/v1/workspaces/{ws}/view", tag = "People", request_body = BeginViewRequest,
    responses((status = 200, body = ViewResponse),
        (status = 403, description = "`denied`, `grant_ceiling`: your rights do not cover those of the member. `not_by_key`: an API key views nothing as another."),
        (status = 404, description = "There is no such member."),
        (status = 409, description = "`view_only`: end the present view first."),
        (status = 422, description = "`wrong_password`, or an invalid field."),
        (status = 429, description = "`too_many_attempts`: too many wrong passwords.")))]
async fn begin(
    State(web): State<Web>,
    Client(origin): Client,
    SignedIn(principal): SignedIn,
    Path(ws): Path<String>,
    Body(ask): Body<BeginViewRequest>,
) -> Answer<ViewResponse> {
    let member: MemberId = field_id("/member", &ask.member)?;
    // Only members of the workspace learn whether the password is right.
    drop(web.app.enter(&principal, &ws).await?);
    let password =
        web.app.sessions().confirm_password(&principal, &ask.password, &origin).await?;
    let mut ctx = web.app.enter_to_write(&principal, &ws).await?;
    let view = ctx.views().begin(&principal, member, password).await?;
    let (member, until) = (view.member.to_string(), view.until.to_string());
    Ok(Reply::ok(ViewResponse { member, until }).at(ctx.revision()))
}

/// Cancel a view
///
/// Ends the view of this session: it reads and writes the workspace as yourself again.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/view", tag = "People",
    responses((status = 204),
        (status = 404, description = "The session does not view the workspace as another member.")))]
async fn end(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(ws): Path<String>,
) -> Result<Reply<()>, Problem> {
    let mut ctx = web.app.enter_to_write(&principal.clone().without_view(), &ws).await?;
    ctx.views().end(&principal).await?;
    Ok(Reply::done().at(ctx.revision()))
}
