//! `Idempotency-Key`: a POST that is repeated with its key runs once, and gets the same response.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hallpass_app::idempotency::KeyState;
use sha2::{Digest, Sha256};

use crate::error::{Problem, WrongField};
use crate::extract::{LARGEST_BODY, principal_of, unreadable};
use crate::reply::ShownOnce;
use crate::state::Web;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key, in bytes.
const LONGEST: usize = 200;

/// Runs a request, unless it is the repetition of one that ran before.
pub(crate) async fn once(web: &Web, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(KEY) {
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
        KeyState::Answered { status, body } => return Ok(stored(status, body)),
        KeyState::InProgress => {
            let detail = "a request with this key is still running; wait for its response";
            return Err(Problem::new(StatusCode::CONFLICT, "under_way", detail));
        }
        KeyState::Reused => {
            let detail = "this key was used for another request; choose a new one";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key_used", detail));
        }
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if parts.status.is_server_error() {
        web.app.idempotent_requests().release(&principal, &key).await?;
    } else if parts.extensions.get::<ShownOnce>().is_some() {
        let (status, text) = shown_before();
        web.app.idempotent_requests().complete(&principal, &key, status, &text).await?;
    } else {
        let text = String::from_utf8_lossy(&body);
        web.app
            .idempotent_requests()
            .complete(&principal, &key, parts.status.as_u16(), &text)
            .await?;
    }
    Ok(Response::from_parts(parts, Body::from(body)))
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
