//! The reset of a member's second factors over HTTP.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::context::WriteContext;
use crate::extract::{Path, SignedIn, id};
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(reset))
}

/// Reset a member's second factors
///
/// For a member who has lost their phone or key: removes every second factor, the recovery codes, the
/// trusted devices and the password of their account, and ends every session. The member gets a mail
/// with a link, valid for seven days, to set a new password, and adds a second factor after that.
///
/// Requires `members: update`, a role that may change the member, and a recent sign-in. Refused where
/// the account belongs to another workspace too: only the operator resets it then.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/members/{id}/factors", tag = "People",
    responses((status = 204),
        (status = 401, description = "`step_up`: the sign-in of the caller is too long ago."),
        (status = 403, description = "`denied`, `may_not_touch`, or `not_by_key`: an API key resets nothing."),
        (status = 409, description = "`factors_kept`: only the operator can reset them. `no_second_factor`: the member has none.")))]
async fn reset(
    SignedIn(principal): SignedIn,
    WriteContext(mut ctx): WriteContext,
    Path((_, member)): Path<(String, String)>,
) -> Answer<()> {
    let member = id(&member, "member")?;
    ctx.members().reset_factors(&principal, member).await?;
    Ok(Reply::done().at(ctx.revision()))
}
