//! Passkeys over HTTP: register, list, rename, delete, sign in.

use axum::extract::State;
use hallpass_app::factor::Added;
use hallpass_app::passkey::Ceremony;
use hallpass_app::secret::Token;
use hallpass_domain::factor::Factors;
use hallpass_domain::passkey::Passkey;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::AccountResponse;
use crate::extract::{Body, Client, Params, Path, SignedIn, id, session_cookie};
use crate::openapi::{object, scalar};
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, register))
        .routes(routes!(begin_registration))
        .routes(routes!(rename, delete))
        .routes(routes!(begin_sign_in))
        .routes(routes!(sign_in))
}

/// A passkey.
#[derive(Serialize, ToSchema)]
struct PasskeyResponse {
    /// The id.
    #[schema(value_type = scalar::PasskeyId)]
    id: String,
    /// The name.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// When it was made.
    #[schema(value_type = scalar::Timestamp)]
    created_at: String,
    /// When it last signed in.
    #[schema(value_type = Option<scalar::Timestamp>)]
    used_at: Option<String>,
}

impl PasskeyResponse {
    fn of(passkey: &Passkey) -> PasskeyResponse {
        PasskeyResponse {
            id: passkey.id.to_string(),
            name: passkey.name.to_string(),
            created_at: passkey.created_at.to_string(),
            used_at: passkey.used_at.map(|at| at.to_string()),
        }
    }
}

/// What a browser asks a device.
#[derive(Serialize, ToSchema)]
struct CeremonyResponse {
    /// The token with which the answer is sent, once, within ten minutes.
    #[schema(value_type = scalar::LinkToken)]
    ceremony: String,
    /// The options, for `PublicKeyCredential.parseCreationOptionsFromJSON` or
    /// `parseRequestOptionsFromJSON`.
    #[schema(value_type = object::PasskeyOptions)]
    options: Value,
}

impl CeremonyResponse {
    fn of(ceremony: Ceremony) -> CeremonyResponse {
        CeremonyResponse {
            ceremony: ceremony.token.expose().to_owned(),
            options: ceremony.options,
        }
    }
}

/// List your passkeys
///
/// Lists the passkeys of your account, the oldest first.
#[utoipa::path(get, path = "/api/v1/me/passkeys", tag = "Sessions", params(PageParams),
    responses((status = 200, body = Page<PasskeyResponse>),
        (status = 403, description = "`not_by_key`.")))]
async fn list(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Params(ask): Params<PageParams>,
) -> Answer<Page<PasskeyResponse>> {
    let passkeys = web.app.passkeys().list(&principal).await?;
    let items = passkeys.iter().map(PasskeyResponse::of).collect();
    Ok(Reply::ok(Page::part("passkeys", &ask, items, |one| &one.id)?))
}

/// Request the options of a passkey
///
/// Makes the options with which a browser makes a passkey: one that the device lists, and for which it
/// verifies the person. Requires a recent sign-in. An account has at most 25 passkeys.
#[utoipa::path(post, path = "/api/v1/me/passkeys/options", tag = "Sessions",
    responses((status = 201, body = CeremonyResponse),
        (status = 401, description = "`step_up`: the sign-in is too long ago."),
        (status = 403, description = "`not_by_key`, or `address_not_confirmed`."),
        (status = 409, description = "`no_passkeys`: browsers make none for the address of this server."),
        (status = 422, description = "`too_many`: the account has 25 passkeys.")))]
async fn begin_registration(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
) -> Answer<CeremonyResponse> {
    let ceremony = web.app.passkeys().begin_registration(&principal).await?;
    Ok(Reply::created(CeremonyResponse::of(ceremony)).shown_once())
}

/// A passkey that a browser has made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RegisterPasskeyRequest {
    /// The token of the options.
    #[schema(value_type = scalar::LinkToken)]
    ceremony: String,
    /// What `PublicKeyCredential.toJSON` returns.
    #[schema(value_type = object::PasskeyAnswer)]
    credential: Value,
    /// What you call the passkey.
    #[schema(value_type = scalar::Name)]
    name: String,
}

/// A registered passkey.
#[derive(Serialize, ToSchema)]
struct RegisteredPasskeyResponse {
    #[serde(flatten)]
    passkey: PasskeyResponse,
    /// The recovery codes, if it is the first second factor; in this response only.
    #[schema(value_type = Vec<scalar::RecoveryCode>)]
    recovery_codes: Vec<String>,
}

/// Create a passkey
///
/// From then on the password alone does not sign in. Ends every other session; this one goes on with
/// the cookie of the response. Requires a recent sign-in.
#[utoipa::path(post, path = "/api/v1/me/passkeys", tag = "Sessions", request_body = RegisterPasskeyRequest,
    responses((status = 201, body = RegisteredPasskeyResponse),
        (status = 401, description = "`step_up`: the sign-in is too long ago."),
        (status = 403, description = "`not_by_key`, or `address_not_confirmed`."),
        (status = 409, description = "`no_passkeys`: browsers make none for the address of this server."),
        (status = 422, description = "`bad_ceremony`: the token is unknown, used or over. `bad_passkey`: the passkey does not answer the options.")))]
async fn register(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Body(ask): Body<RegisterPasskeyRequest>,
) -> Answer<RegisteredPasskeyResponse> {
    let ceremony = Token::received(&ask.ceremony);
    let passkeys = web.app.passkeys();
    let (passkey, added) =
        passkeys.register(&principal, &ceremony, &ask.credential, &ask.name).await?;
    let Added { session, recovery_codes } = added;
    let view = RegisteredPasskeyResponse {
        passkey: PasskeyResponse::of(&passkey),
        recovery_codes: recovery_codes.iter().map(ToString::to_string).collect(),
    };
    Ok(Reply::created(view).shown_once().cookie(&session_cookie(&web, &session)))
}

/// Another name of a passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RenamePasskeyRequest {
    /// The name.
    #[schema(value_type = scalar::Name)]
    name: String,
}

/// Update a passkey
///
/// Gives a passkey of your account another name.
#[utoipa::path(patch, path = "/api/v1/me/passkeys/{id}", tag = "Sessions", request_body = RenamePasskeyRequest,
    responses((status = 200, body = PasskeyResponse),
        (status = 403, description = "`not_by_key`.")))]
async fn rename(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(passkey): Path<String>,
    Body(ask): Body<RenamePasskeyRequest>,
) -> Answer<PasskeyResponse> {
    let passkey = id(&passkey, "passkey")?;
    let passkey = web.app.passkeys().rename(&principal, passkey, &ask.name).await?;
    Ok(Reply::ok(PasskeyResponse::of(&passkey)))
}

/// Delete a passkey
///
/// Ends every other session. Without another second factor the recovery codes and the trusted devices
/// are forgotten too. Requires a recent sign-in.
#[utoipa::path(delete, path = "/api/v1/me/passkeys/{id}", tag = "Sessions",
    responses((status = 204),
        (status = 401, description = "`step_up`: the sign-in is too long ago."),
        (status = 403, description = "`not_by_key`.")))]
async fn delete(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(passkey): Path<String>,
) -> Answer<()> {
    web.app.passkeys().delete(&principal, id(&passkey, "passkey")?).await?;
    Ok(Reply::done())
}

/// Request the options of a sign-in by passkey
///
/// Makes the options with which a browser offers the passkeys that it has for this server. Limited to
/// 60 requests per minute and address.
#[utoipa::path(post, path = "/api/v1/sessions/passkey/options", tag = "Sessions", security(()),
    responses((status = 201, body = CeremonyResponse),
        (status = 409, description = "`no_passkeys`: browsers make none for the address of this server.")))]
async fn begin_sign_in(State(web): State<Web>) -> Answer<CeremonyResponse> {
    let ceremony = web.app.passkeys().begin_sign_in().await?;
    Ok(Reply::created(CeremonyResponse::of(ceremony)))
}

/// The answer of a passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasskeySignInRequest {
    /// The token of the options.
    #[schema(value_type = scalar::LinkToken)]
    ceremony: String,
    /// What `PublicKeyCredential.toJSON` returns.
    #[schema(value_type = object::PasskeyAnswer)]
    credential: Value,
}

/// Sign in by passkey
///
/// Starts a session. A passkey counts as both factors, as its device verifies the person. The token is
/// in the cookie of the response. Limited to 60 requests per minute and address.
#[utoipa::path(post, path = "/api/v1/sessions/passkey", tag = "Sessions", security(()), request_body = PasskeySignInRequest,
    responses((status = 201, body = AccountResponse),
        (status = 401, description = "`bad_passkey`: the passkey was not accepted."),
        (status = 409, description = "`no_passkeys`: browsers make none for the address of this server."),
        (status = 422, description = "`bad_passkey`: it is no answer of a passkey."),
        (status = 429, description = "`too_many_attempts`: too many attempts that failed.")))]
async fn sign_in(
    State(web): State<Web>,
    Client(origin): Client,
    Body(ask): Body<PasskeySignInRequest>,
) -> Answer<AccountResponse> {
    let ceremony = Token::received(&ask.ceremony);
    let passkeys = web.app.passkeys();
    let (account, token) = passkeys.sign_in(&ceremony, &ask.credential, &origin).await?;
    let factors: Factors = web.app.factors().of(account.id).await?;
    let view = AccountResponse::of(&account, &factors);
    Ok(Reply::created(view).cookie(&session_cookie(&web, &token)))
}
