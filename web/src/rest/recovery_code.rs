//! Recovery codes over HTTP: make ten of them.

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::totp::RecoveryCodesResponse;
use crate::extract::SignedIn;
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(replace))
}

/// Create recovery codes
///
/// Makes ten codes in place of the earlier ones. They are in this response only. Requires a recent
/// sign-in.
#[utoipa::path(post, path = "/api/v1/me/recovery-codes", tag = "Sessions",
    responses((status = 201, body = RecoveryCodesResponse),
        (status = 401, description = "`step_up`: the sign-in is too long ago."),
        (status = 403, description = "`not_by_key`."),
        (status = 409, description = "`no_second_factor`: there is nothing to recover.")))]
async fn replace(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
) -> Answer<RecoveryCodesResponse> {
    let codes = web.app.recovery_codes().replace(&principal).await?;
    Ok(Reply::created(RecoveryCodesResponse::of(&codes)).shown_once())
}
