//! Sessions over HTTP: sign in, sign out, list, revoke.

use axum::extract::State;
use hallpass_app::secret::Token;
use hallpass_domain::session::Session;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::AccountResponse;
use crate::extract::{
    Body, Client, Params, Path, SignedIn, id, no_session_cookie, session_cookie,
};
use crate::openapi::{object, scalar};
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(reauthenticate))
        .routes(routes!(sign_out))
        .routes(routes!(list))
        .routes(routes!(revoke))
}

/// The credentials.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignInRequest {
    /// The address of the account.
    #[schema(value_type = scalar::Email)]
    email: String,
    /// The password.
    #[schema(value_type = scalar::CurrentPassword)]
    password: String,
    /// A code of the authenticator app, or a recovery code, where the account needs a second factor.
    #[schema(value_type = Option<scalar::FactorCode>)]
    code: Option<String>,
}

/// Shows that the person of a session is present.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AuthenticationRequest {
    /// The password of the account.
    #[schema(value_type = Option<scalar::CurrentPassword>)]
    password: Option<String>,
    /// A code of an authenticator app, or a recovery code.
    #[schema(value_type = Option<scalar::FactorCode>)]
    code: Option<String>,
    /// The token of the options of a passkey, which `POST /api/v1/sessions/passkey/options` returns.
    #[schema(value_type = Option<scalar::LinkToken>)]
    ceremony: Option<String>,
    /// With `ceremony`: what `PublicKeyCredential.toJSON` returns, for a passkey of your account.
    #[schema(value_type = Option<object::PasskeyAnswer>)]
    credential: Option<Value>,
}

/// A session.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionResponse {
    /// The id.
    #[schema(value_type = scalar::SessionId)]
    id: String,
    /// When it was started.
    #[schema(value_type = scalar::Timestamp)]
    created_at: String,
    /// When it was last used, to a minute.
    #[schema(value_type = scalar::Timestamp)]
    seen_at: String,
    /// The `User-Agent` that started it.
    client: String,
    /// The network address of its last use, to a minute; empty where it is not known.
    address: String,
    /// When its person last authenticated.
    #[schema(value_type = Option<scalar::Timestamp>)]
    authenticated_at: Option<String>,
    /// Whether it is the session of this request.
    current: bool,
}

/// Sign in
///
/// Starts a session. Its token is in the cookie of the response. After several wrong passwords
/// an address has to wait; `Retry-After` says how long. Limited to 60 requests per minute and
/// address.
///
/// An account with a second factor gets no session by its password alone: without `code` the response
/// is 401 `second_factor_required`, and its `factors` say what can be used. Every code counts once.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "Sessions", security(()), request_body = SignInRequest,
    responses((status = 201, body = AccountResponse),
        (status = 401, description = "`bad_credentials`: the address or the password is wrong. `second_factor_required`: the password is right, and `factors` names what is needed beside it. `wrong_code`: the code is wrong, too old or was used before."),
        (status = 429, description = "`too_many_attempts`: too many wrong passwords, or too many requests from this address.")))]
async fn sign_in(
    State(web): State<Web>,
    Client(origin): Client,
    Body(ask): Body<SignInRequest>,
) -> Answer<AccountResponse> {
    let (sessions, code) = (web.app.sessions(), ask.code.as_deref());
    let (account, token) = sessions.sign_in(&ask.email, &ask.password, code, &origin).await?;
    let factors = web.app.factors().of(account.id).await?;
    let view = AccountResponse::of(&account, &factors);
    Ok(Reply::created(view).cookie(&session_cookie(&web, &token)))
}

/// Confirm that you are present
///
/// Authenticates you again by your password, a code of a second factor, both, or a passkey alone, for what
/// needs a recent sign-in and for workspaces that ask for more. An account with a second factor needs the code beside
/// the password where the session has shown none. The session stays, with another token in the cookie of the response;
/// the token before is not valid any more. Limited to 60 requests per minute and address.
#[utoipa::path(post, path = "/api/v1/sessions/current/authentications", tag = "Sessions", request_body = AuthenticationRequest,
    responses((status = 200, body = AccountResponse),
        (status = 401, description = "`second_factor_required`: the password is right, and `factors` names what is needed beside it. `wrong_code`: the code is wrong, too old or was used before. `bad_passkey`: the passkey was not accepted."),
        (status = 403, description = "`not_by_key`: an API key has no session."),
        (status = 409, description = "`no_passkeys`: browsers make none for the address of this server."),
        (status = 422, description = "`wrong_password`: the password is wrong."),
        (status = 429, description = "`too_many_attempts`: too many wrong passwords, or too many requests from this address.")))]
async fn reauthenticate(
    State(web): State<Web>,
    Client(origin): Client,
    SignedIn(principal): SignedIn,
    Body(ask): Body<AuthenticationRequest>,
) -> Answer<AccountResponse> {
    let (account, token) = if let Some(ceremony) = &ask.ceremony {
        let (ceremony, answer) =
            (Token::received(ceremony), ask.credential.unwrap_or_default());
        web.app.passkeys().reauthenticate(&principal, &ceremony, &answer, &origin).await?
    } else {
        let shown = (ask.password.as_deref(), ask.code.as_deref());
        web.app.sessions().reauthenticate(&principal, shown, &origin).await?
    };
    let factors = web.app.factors().of(account.id).await?;
    let view = AccountResponse::of(&account, &factors);
    Ok(Reply::ok(view).cookie(&session_cookie(&web, &token)))
}

/// Sign out
///
/// Ends the session of the request and removes its cookie.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "Sessions",
    responses((status = 204),
        (status = 403, description = "`not_by_key`: an API key has no session.")))]
async fn sign_out(State(web): State<Web>, SignedIn(principal): SignedIn) -> Answer<()> {
    web.app.sessions().sign_out(&principal).await?;
    Ok(Reply::done().cookie(&no_session_cookie(&web)))
}

/// List your sessions
///
/// Lists the sessions of your account, the latest first.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "Sessions", params(PageParams),
    responses((status = 200, body = Page<SessionResponse>),
        (status = 403, description = "`not_by_key`: an API key has no sessions.")))]
async fn list(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Params(ask): Params<PageParams>,
) -> Answer<Page<SessionResponse>> {
    let sessions = web.app.sessions().list(&principal).await?;
    let view = |session: Session| SessionResponse {
        id: session.id.to_string(),
        created_at: session.created_at.to_string(),
        seen_at: session.seen_at.to_string(),
        authenticated_at: session
            .authentications
            .list()
            .iter()
            .map(|one| one.at)
            .max()
            .map(|at| at.to_string()),
        client: session.client,
        address: session.address,
        current: principal.session().is_ok_and(|current| current == session.id),
    };
    let items = sessions.into_iter().map(view).collect();
    let page = Page::part("sessions", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page))
}

/// Revoke a session
///
/// Ends a session of your account. The next request with its cookie gets 401. The session of the request itself
/// loses its cookie, as when you sign out. Ending another one needs a recent sign-in.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", tag = "Sessions",
    responses((status = 204),
        (status = 401, description = "`step_up`: the sign-in is too long ago."),
        (status = 403, description = "`not_by_key`: an API key has no sessions.")))]
async fn revoke(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(session): Path<String>,
) -> Answer<()> {
    let session = id(&session, "session")?;
    web.app.sessions().revoke(&principal, session).await?;
    if principal.session()? == session {
        return Ok(Reply::done().cookie(&no_session_cookie(&web)));
    }
    Ok(Reply::done())
}
