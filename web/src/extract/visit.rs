//! Visits: whoever asks, and the workspace of the path, looked up in the transaction that the answer
//! is read in.
//!
//! **Invariant:** where a body says something, the transaction is begun when all of it is there and
//! read, so that nobody keeps one open by sending slowly.

use axum::body::{HttpBody as _, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use hallpass_app::visit::Visit;
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;

use super::{
    LARGEST_BODY, RequestId, bearer, broken_off, caller, check_json, read, session_token,
    too_large,
};
use crate::error::Problem;
use crate::state::Web;

/// The longest body that is taken in before it is known who sends it, in bytes.
const FROM_STRANGERS: u64 = 16 << 10;

/// The parameter of a path that names the workspace.
const WORKSPACE: &str = "ws";

/// Somebody in a workspace who reads, by a request whose body says nothing.
pub struct Inside(pub Visit);

impl FromRequestParts<Web> for Inside {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Inside, Problem> {
        begin(parts, web).await.map(Inside)
    }
}

/// Somebody in a workspace who asks something, in a JSON body in which every field is known.
pub struct Asking<T>(pub Visit, pub T);

impl<T: DeserializeOwned + Send> FromRequest<Web> for Asking<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Asking<T>, Problem> {
        let (mut parts, body) = request.into_parts();
        if !brings_something(web, &parts.headers) {
            return Err(not_signed_in());
        }
        // A stranger does not make the server wait for much.
        let length = body.size_hint().exact().unwrap_or(u64::MAX);
        if length > FROM_STRANGERS && caller(&parts, web).await?.is_none() {
            return Err(not_signed_in());
        }
        let body = to_bytes(body, LARGEST_BODY).await.map_err(|error| {
            let is_long = error.into_inner().is::<LengthLimitError>();
            if is_long { too_large() } else { broken_off() }
        })?;
        let ask = check_json(&parts.headers).and_then(|()| read(&body));
        let visit = begin(&mut parts, web).await?;
        Ok(Asking(visit, ask?))
    }
}

fn not_signed_in() -> Problem {
    hallpass_app::Error::NotSignedIn.into()
}

/// Whether a request brings a key or the token of a session, whatever it may be worth.
fn brings_something(web: &Web, headers: &HeaderMap) -> bool {
    bearer(headers).is_some() || session_token(web, headers).is_some()
}

async fn begin(parts: &mut Parts, web: &Web) -> Result<Visit, Problem> {
    let request = parts.extensions.get::<RequestId>().cloned().unwrap_or_default();
    let path = RawPathParams::from_request_parts(parts, web).await;
    let path = path.map_err(|_| Problem::missing("page"))?;
    let workspace = path.iter().find(|(name, _)| *name == WORKSPACE).map(|(_, value)| value);
    // No name holds a NUL, and not every database could be asked for one.
    let workspace = workspace.filter(|name| !name.contains('\0'));
    let workspace = workspace.ok_or_else(|| Problem::missing("page"))?;
    if let Some(key) = bearer(&parts.headers) {
        let caller = web.house.caller_by_key(key, &request.0).await?;
        let caller = caller.ok_or_else(not_signed_in)?;
        return Ok(web.house.visit(&caller, workspace).await?);
    }
    let token = session_token(web, &parts.headers).ok_or_else(not_signed_in)?;
    Ok(web.house.visit_by_session(&token, &request.0, workspace).await?)
}
