//! Links over HTTP: reset a password, confirm an address, set the server up.

use axum::extract::State;
use hallpass_app::secret::Token;
use hallpass_domain::factor::Factors;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{AccountResponse, SignUpRequest};
use crate::extract::{Anyone, Body, Client, OptionalBody, Path, session_cookie};
use crate::openapi::scalar;
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(ask_for_reset))
        .routes(routes!(reset_password))
        .routes(routes!(ask_for_confirmation))
        .routes(routes!(confirm_address))
        .routes(routes!(set_up))
}

/// The account whose password is to be reset.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordResetRequest {
    /// The address of the account.
    #[schema(value_type = scalar::Email)]
    email: String,
}

/// Request a password reset
///
/// Sends a mail with a link to set a new password. The response is the same whether or not
/// there is an account with this address. Limited to 60 requests per minute and address.
#[utoipa::path(post, path = "/api/v1/password-resets", tag = "Accounts", security(()), request_body = PasswordResetRequest,
    responses((status = 204)))]
async fn ask_for_reset(
    State(web): State<Web>,
    Client(origin): Client,
    Body(ask): Body<PasswordResetRequest>,
) -> Answer<()> {
    web.app.accounts().request_password_reset(&ask.email, &origin).await?;
    Ok(Reply::done())
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetPasswordRequest {
    /// The new password.
    #[schema(value_type = scalar::NewPassword)]
    password: String,
}

/// Reset a password
///
/// Sets a new password with the token of the link in a mail, and ends every session of the
/// account. The token works once.
#[utoipa::path(put, path = "/api/v1/password-resets/{token}", tag = "Accounts", security(()), request_body = SetPasswordRequest,
    responses((status = 204),
        (status = 409, description = "`dead_link`: the token is unknown, was used or has expired.")))]
async fn reset_password(
    State(web): State<Web>,
    Path(token): Path<String>,
    Body(ask): Body<SetPasswordRequest>,
) -> Answer<()> {
    web.app.accounts().reset_password(&Token::received(&token), &ask.password).await?;
    Ok(Reply::done())
}

/// The address that is to be confirmed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmationMailRequest {
    /// The address of the account.
    #[schema(value_type = scalar::Email)]
    email: String,
}

/// Request a confirmation mail
///
/// Sends another mail with a link to confirm the address, if it has an account that has not confirmed
/// it. The response is the same whether or not it has.
///
/// Links of earlier mails remain valid for 7 days; the first one that is used ends all of them. Limited
/// to 5 mails per hour for each address and network, and to 60 requests per minute and address.
#[utoipa::path(post, path = "/api/v1/confirmations", tag = "Accounts", security(()), request_body = ConfirmationMailRequest,
    responses((status = 204)))]
async fn ask_for_confirmation(
    State(web): State<Web>,
    Client(origin): Client,
    Body(ask): Body<ConfirmationMailRequest>,
) -> Answer<()> {
    web.app.accounts().request_confirmation(&ask.email, &origin).await?;
    Ok(Reply::done())
}

/// The password of an account whose address is confirmed.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmAddressRequest {
    /// A new password; required without a session of the account.
    #[schema(value_type = Option<scalar::NewPassword>)]
    password: Option<String>,
}

/// Confirm an e-mail address
///
/// Confirms the address of an account with the token of the link in a mail, and ends its other
/// sessions. The token works once.
///
/// With a session of the account, the body may be left out. Without one the recipient of the mail may
/// be another person than the one who signed up, so `password` is required, and every session of the
/// account ends. Until the address is confirmed, an account sends no invitations and
/// creates no API keys.
#[utoipa::path(post, path = "/api/v1/confirmations/{token}", tag = "Accounts", security(()), request_body = ConfirmAddressRequest,
    responses((status = 204),
        (status = 409, description = "`dead_link`: the token is unknown, was used or has expired."),
        (status = 422, description = "`missing` or `bad_password` at `/password`. The token remains valid.")))]
async fn confirm_address(
    State(web): State<Web>,
    Anyone(principal): Anyone,
    Path(token): Path<String>,
    OptionalBody(ask): OptionalBody<ConfirmAddressRequest>,
) -> Answer<()> {
    let token = Token::received(&token);
    let accounts = web.app.accounts();
    accounts.confirm_address(principal.as_ref(), &token, ask.password.as_deref()).await?;
    Ok(Reply::done())
}

/// Create the first account
///
/// Creates the first account of the server with the token of the set-up link, and signs it in. The
/// server prints the link when it starts, as long as it has never had an account. The session is in the
/// cookie of the response.
///
/// The address counts as confirmed. The token works once, for 24 hours, and only until there is an
/// account. Limited to 60 requests per minute and address.
#[utoipa::path(post, path = "/api/v1/setup/{token}", tag = "Accounts", security(()), request_body = SignUpRequest,
    responses((status = 201, body = AccountResponse),
        (status = 409, description = "`dead_link`: the token is unknown, was used or has expired, or the server has an account.")))]
async fn set_up(
    State(web): State<Web>,
    Client(origin): Client,
    Path(token): Path<String>,
    Body(ask): Body<SignUpRequest>,
) -> Answer<AccountResponse> {
    let link = Token::received(&token);
    let (account, token) = web.app.accounts().set_up(&link, &ask.into(), &origin).await?;
    let view = AccountResponse::of(&account, &Factors::default());
    Ok(Reply::created(view).cookie(&session_cookie(&web, &token)))
}
