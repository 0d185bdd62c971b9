//! Visits: whoever asks, and the workspace of the path, looked up in the transaction that the answer
//! is read in.
//!
//! **Invariant:** where a body says something, the transaction is begun when all of it is there and
//! read, so that nobody keeps one open by sending slowly.

use axum::body::{HttpBody as _, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use hallpass_app::context::WorkspaceContext;
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;

use super::{
    LARGEST_BODY, RequestId, bearer, broken_off, check_json, principal, read, session_token,
    too_large,
};
use crate::error::Problem;
use crate::state::Web;

/// The longest body that is taken in before it is known who sends it, in bytes.
const FROM_STRANGERS: u64 = 16 << 10;

/// The parameter of a path that names the workspace.
const WORKSPACE: &str = "ws";

/// Somebody in a workspace who reads, by a request whose body says nothing.
pub struct ReadContext(pub WorkspaceContext);

impl FromRequestParts<Web> for ReadContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<ReadContext, Problem> {
        begin(parts, web).await.map(ReadContext)
    }
}

/// Somebody in a workspace who asks something, in a JSON body in which every field is known.
pub struct ReadContextWith<T>(pub WorkspaceContext, pub T);

impl<T: DeserializeOwned + Send> FromRequest<Web> for ReadContextWith<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<ReadContextWith<T>, Problem> {
        let (mut parts, body) = request.into_parts();
        if !brings_something(web, &parts.headers) {
            return Err(not_signed_in());
        }
        // A stranger does not make the server wait for much.
        let length = body.size_hint().exact().unwrap_or(u64::MAX);
        if length > FROM_STRANGERS && principal(&parts, web).await?.is_none() {
            return Err(not_signed_in());
        }
        let body = to_bytes(body, LARGEST_BODY).await.map_err(|error| {
            let is_long = error.into_inner().is::<LengthLimitError>();
            if is_long { too_large() } else { broken_off() }
        })?;
        let ask = check_json(&parts.headers).and_then(|()| read(&body));
        let ctx = begin(&mut parts, web).await?;
        Ok(ReadContextWith(ctx, ask?))
    }
}

fn not_signed_in() -> Problem {
    hallpass_app::Error::NotSignedIn.into()
}

/// Whether a request brings a key or the token of a session, whatever it may be worth.
fn brings_something(web: &Web, headers: &HeaderMap) -> bool {
    bearer(headers).is_some() || session_token(web, headers).is_some()
}

async fn begin(parts: &mut Parts, web: &Web) -> Result<WorkspaceContext, Problem> {
    let request = parts.extensions.get::<RequestId>().cloned().unwrap_or_default();
    let path = RawPathParams::from_request_parts(parts, web).await;
    let path = path.map_err(|_| Problem::missing("page"))?;
    let workspace = path.iter().find(|(name, _)| *name == WORKSPACE).map(|(_, value)| value);
    // No name holds a NUL, and not every database could be asked for one.
    let workspace = workspace.filter(|name| !name.contains('\0'));
    let workspace = workspace.ok_or_else(|| Problem::missing("page"))?;
    if let Some(key) = bearer(&parts.headers) {
        let principal = web.app.principal_by_key(key, &request.0).await?;
        let principal = principal.ok_or_else(not_signed_in)?;
        return Ok(web.app.enter(&principal, workspace).await?);
    }
    let token = session_token(web, &parts.headers).ok_or_else(not_signed_in)?;
    Ok(web.app.enter_by_session(&token, &request.0, workspace).await?)
}
