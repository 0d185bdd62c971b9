//! Sessions over HTTP: sign in, sign out, list, revoke.

use axum::extract::State;
use hallpass_domain::session::Session;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::AccountResponse;
use crate::error::Problem;
use crate::extract::{
    Body, Client, Params, Path, SignedIn, id, no_session_cookie, session_cookie,
};
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(list))
        .routes(routes!(revoke))
}

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignInRequest {
    /// The address.
    email: String,
    /// The password.
    password: String,
}

/// A session.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionResponse {
    /// The id.
    id: String,
    /// When it began.
    created_at: String,
    /// When it was last used, give or take five minutes.
    seen_at: String,
    /// What it was begun with.
    client: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// Sign in by password.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "Sessions", security(()), request_body = SignInRequest,
    responses((status = 201, body = AccountResponse), (status = 401, body = Problem), (status = 429, body = Problem)))]
async fn sign_in(
    State(web): State<Web>,
    Client(origin): Client,
    Body(ask): Body<SignInRequest>,
) -> Answer<AccountResponse> {
    let (account, token) =
        web.app.sessions().sign_in(&ask.email, &ask.password, &origin).await?;
    let view = AccountResponse::of(&account);
    Ok(Reply::created(view).cookie(&session_cookie(&web, &token)))
}

/// Sign out.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "Sessions",
    responses((status = 204), (status = 401, body = Problem)))]
async fn sign_out(State(web): State<Web>, SignedIn(principal): SignedIn) -> Answer<()> {
    web.app.sessions().sign_out(&principal).await?;
    Ok(Reply::done().cookie(&no_session_cookie(&web)))
}

/// One's own sessions.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "Sessions", params(PageParams),
    responses((status = 200, body = Page<SessionResponse>), (status = 401, body = Problem)))]
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
        client: session.client,
        current: principal.session().is_ok_and(|current| current == session.id),
    };
    let items = sessions.into_iter().map(view).collect();
    let page = Page::part("sessions", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page))
}

/// End one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", tag = "Sessions",
    responses((status = 204), (status = 404, body = Problem)))]
async fn revoke(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(session): Path<String>,
) -> Answer<()> {
    web.app.sessions().revoke(&principal, id(&session, "session")?).await?;
    Ok(Reply::done())
}
