//! `Idempotency-Key`: a POST that is repeated with its key runs once, and gets the same response.
//!
//! **Invariant:** neither the hash of a body with a secret nor a response with one is stored: where the
//! description of the API has a secret in the body, a key is not used.

pub(crate) mod route;

use std::panic::AssertUnwindSafe;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use hallpass_app::Principal;
use hallpass_app::idempotency::KeyState;
use sha2::{Digest, Sha256};
use tracing::Instrument as _;

use self::route::SecretBodies;
use crate::error::{Problem, WrongField};
use crate::extract::{LARGEST_BODY, principal_of, unreadable};
use crate::reply::ShownOnce;
use crate::state::Web;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key, in bytes.
const LONGEST: usize = 200;

/// The largest response that is stored, in bytes.
const LARGEST_STORED: usize = 16 << 10;

/// Runs a request, unless it is the repetition of one that ran before.
pub(crate) async fn once(
    web: &Web,
    secrets: &SecretBodies,
    request: Request,
    next: Next,
) -> Response {
    let has_key = request.method() == Method::POST && request.headers().contains_key(KEY);
    if !has_key || secrets.is_of(&request) {
        return next.run(request).await;
    }
    match run_once(web, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn run_once(web: &Web, request: Request, next: Next) -> Result<Response, Problem> {
    let key = request.headers().get(KEY).and_then(|key| key.to_str().ok()).unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST {
        return Err(bad_key());
    }
    let key = key.to_owned();
    let principal = principal_of(web, request.headers(), "").await?;
    // Keys belong to an account, so an unauthenticated request has none.
    let Some(principal) = principal else { return Ok(next.run(request).await) };
    // The responses to an API key are for that key only.
    let key = match principal.key_id() {
        Some(id) => format!("{id} {key}"),
        None => format!("- {key}"),
    };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.map_err(unreadable)?;
    let hash = hash(&parts.method, parts.uri.path(), &body);
    match web.app.idempotent_requests().begin(&principal, &key, &hash).await? {
        KeyState::New => {}
        KeyState::Answered { status, body } => {
            check_member(web, &principal, parts.uri.path()).await?;
            return Ok(stored(status, body));
        }
        KeyState::InProgress => {
            let detail = "a request with this key is still running; wait for its response";
            return Err(Problem::new(StatusCode::CONFLICT, "under_way", detail));
        }
        KeyState::Reused => {
            let detail = "this key was used for another request; choose a new one";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key_used", detail));
        }
    }
    let request = Request::from_parts(parts, Body::from(body));
    // A task of its own ends, and stores the response, even when the client has hung up.
    let running = run(web.clone(), principal, key, request, next).in_current_span();
    tokio::spawn(running).await.unwrap_or_else(|_| Err(Problem::internal(None)))
}

async fn run(
    web: Web,
    principal: Principal,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let response = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let response = response.unwrap_or_else(|_| Problem::internal(None).into_response());
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let keys = web.app.idempotent_requests();
    if parts.status.is_server_error() {
        keys.release(&principal, &key).await?;
    } else if parts.extensions.get::<ShownOnce>().is_some() {
        let (status, text) = shown_before();
        keys.complete(&principal, &key, status, &text).await?;
    } else if body.len() > LARGEST_STORED {
        let (status, text) = too_large(parts.status);
        keys.complete(&principal, &key, status, &text).await?;
    } else {
        let text = String::from_utf8_lossy(&body);
        keys.complete(&principal, &key, parts.status.as_u16(), &text).await?;
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Checks that the principal may still enter the workspace of a path: a response of the time when they
/// were a member is not for them any more.
async fn check_member(web: &Web, principal: &Principal, path: &str) -> Result<(), Problem> {
    let rest = path.strip_prefix("/api/v1/workspaces/").unwrap_or_default();
    let workspace = rest.split('/').next().unwrap_or_default();
    if workspace.is_empty() {
        return Ok(());
    }
    web.app.enter(principal, workspace).await.map(drop).map_err(Problem::from)
}

/// The response to a repeated request whose first response is too large to be stored.
fn too_large(status: StatusCode) -> (u16, String) {
    let detail = format!(
        "the first of these requests was answered with {status}, and its response is too large to \
         be repeated; it was not run again"
    );
    let problem = Problem::new(StatusCode::CONFLICT, "response_not_stored", detail);
    (problem.status, serde_json::to_string(&problem).unwrap_or_default())
}

/// The response to a repeated request whose first response had a secret, which is not stored.
fn shown_before() -> (u16, String) {
    let detail = "the first of these requests created it, and its secret is returned once only; if \
                  that response was lost, revoke it and create another";
    let problem = Problem::new(StatusCode::CONFLICT, "shown_once", detail);
    (problem.status, serde_json::to_string(&problem).unwrap_or_default())
}

fn bad_key() -> Problem {
    let detail = format!("expected 1 to {LONGEST} visible ASCII characters");
    let mut problem =
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_key", "invalid `Idempotency-Key`");
    let (pointer, code) = ("/Idempotency-Key".to_owned(), "bad_key".to_owned());
    problem.errors.push(WrongField { pointer, code, detail });
    problem
}

fn hash(method: &Method, path: &str, body: &Bytes) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(method.as_str());
    hash.update(b" ");
    hash.update(path);
    hash.update(b"\n");
    hash.update(body);
    hash.finalize().to_vec()
}

fn stored(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kind =
        if status.is_success() { "application/json" } else { "application/problem+json" };
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
