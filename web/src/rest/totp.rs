//! Authenticator apps over HTTP: add one, confirm it by its first code, remove it.

use axum::extract::State;
use hallpass_app::factor::Added;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, SignedIn, session_cookie};
use crate::openapi::scalar;
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(enroll, remove)).routes(routes!(confirm))
}

/// A secret for an authenticator app.
#[derive(Serialize, ToSchema)]
struct EnrollmentResponse {
    /// The secret, in Base32, to be typed.
    #[schema(value_type = scalar::TotpSecret)]
    secret: String,
    /// The same as a URI, to be drawn as a QR code.
    #[schema(value_type = scalar::TotpUri)]
    uri: String,
}

/// Recovery codes, which are shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodesResponse {
    /// The codes; each signs in once in place of a second factor. Empty where the account has some.
    #[schema(value_type = Vec<scalar::RecoveryCode>)]
    recovery_codes: Vec<String>,
}

impl RecoveryCodesResponse {
    pub(super) fn of(
        codes: &[hallpass_domain::recovery_code::RecoveryCode],
    ) -> RecoveryCodesResponse {
        let recovery_codes = codes.iter().map(ToString::to_string).collect();
        RecoveryCodesResponse { recovery_codes }
    }
}

/// Add an authenticator app
///
/// Makes a secret, which counts once it is confirmed by a code. An earlier secret that was not
/// confirmed is forgotten. Requires a recent sign-in.
#[utoipa::path(post, path = "/api/v1/me/totp", tag = "Sessions",
    responses((status = 201, body = EnrollmentResponse),
        (status = 401, description = "`step_up`: the sign-in is too long ago."),
        (status = 403, description = "`not_by_key`, or `address_not_confirmed`."),
        (status = 409, description = "`already`: the account has an app; remove it first.")))]
async fn enroll(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
) -> Answer<EnrollmentResponse> {
    let enrollment = web.app.totps().enroll(&principal).await?;
    let view = EnrollmentResponse { secret: enrollment.secret, uri: enrollment.uri };
    Ok(Reply::created(view).shown_once())
}

/// The first code of an authenticator app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmTotpRequest {
    /// The code that the app shows now.
    #[schema(value_type = scalar::TotpCode)]
    code: String,
}

/// Confirm an authenticator app
///
/// From then on the password alone does not sign in. Ends every other session; this one goes on with
/// the cookie of the response. With the first second factor come ten recovery codes. Requires a recent
/// sign-in.
#[utoipa::path(post, path = "/api/v1/me/totp/confirm", tag = "Sessions", request_body = ConfirmTotpRequest,
    responses((status = 200, body = RecoveryCodesResponse),
        (status = 401, description = "`step_up`: the sign-in is too long ago."),
        (status = 403, description = "`not_by_key`, or `address_not_confirmed`."),
        (status = 404, description = "`not_found`: no app waits to be confirmed.")))]
async fn confirm(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Body(ask): Body<ConfirmTotpRequest>,
) -> Answer<RecoveryCodesResponse> {
    let Added { session, recovery_codes } =
        web.app.totps().confirm(&principal, &ask.code).await?;
    let view = RecoveryCodesResponse::of(&recovery_codes);
    Ok(Reply::ok(view).shown_once().cookie(&session_cookie(&web, &session)))
}

/// Remove the authenticator app
///
/// Ends every other session. Without another second factor the recovery codes and the trusted devices
/// are forgotten too. Requires a recent sign-in.
#[utoipa::path(delete, path = "/api/v1/me/totp", tag = "Sessions",
    responses((status = 204),
        (status = 401, description = "`step_up`: the sign-in is too long ago."),
        (status = 403, description = "`not_by_key`."),
        (status = 404, description = "`not_found`: the account has no app.")))]
async fn remove(State(web): State<Web>, SignedIn(principal): SignedIn) -> Answer<()> {
    web.app.totps().remove(&principal).await?;
    Ok(Reply::done())
}
