//! The principal of a request: the API key or the session that authenticates it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use hallpass_app::Principal;
use hallpass_app::dry_run::DryRun;
use hallpass_app::idempotency::IdempotentRequest;
use hallpass_app::origin::Origin;

use super::client::{Client, RequestId};
use super::cookie::session_token;
use super::if_match::precondition;
use super::preview::preview;
use crate::error::Problem;
use crate::state::Web;

/// A principal; without one the request is answered with 401.
pub struct SignedIn(pub Principal);

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<SignedIn, Problem> {
        principal(parts, web).await?.map(SignedIn).ok_or_else(not_signed_in)
    }
}

/// A principal, if the request has one.
pub struct Anyone(pub Option<Principal>);

impl FromRequestParts<Web> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Anyone, Problem> {
        principal(parts, web).await.map(Anyone)
    }
}

pub(super) fn not_signed_in() -> Problem {
    hallpass_app::Error::NotSignedIn.into()
}

pub(super) async fn principal(parts: &Parts, web: &Web) -> Result<Option<Principal>, Problem> {
    let (Client(origin), RequestId(request)) = (Client::of(parts), RequestId::of(parts));
    let found = principal_of(web, &parts.headers, (&origin, &request)).await?;
    Ok(found.map(|principal| {
        let principal = match parts.extensions.get::<IdempotentRequest>() {
            Some(request) => principal.with_idempotent_request(request.clone()),
            None => principal,
        };
        match parts.extensions.get::<DryRun>() {
            Some(dry_run) => principal.dry(dry_run.clone()),
            None => principal,
        }
    }))
}

/// Authenticates a request by its API key, else by its session. A request with an API key that is
/// not valid is not authenticated by its session.
pub(crate) async fn principal_of(
    web: &Web,
    headers: &HeaderMap,
    asked: (&Origin, &str),
) -> Result<Option<Principal>, Problem> {
    let principals = web.app.principals();
    let found = match (bearer(headers), session_token(web, headers)) {
        (Some(key), _) => principals.find_by_api_key(key, asked).await?,
        (None, Some(token)) => principals.find_by_session(&token, asked).await?,
        (None, None) => None,
    };
    Ok(found.map(|principal| {
        let principal = principal.expecting(precondition(headers));
        match preview(headers) {
            Some(id) => principal.as_previewed(id),
            None => principal,
        }
    }))
}

/// The credential of `Authorization: Bearer`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}
