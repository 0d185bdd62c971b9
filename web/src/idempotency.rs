//! `Idempotency-Key`: a POST that is repeated with its key is answered and not done again.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hallpass_app::idempotency::KeyState;
use sha2::{Digest, Sha256};

use crate::error::Problem;
use crate::extract::{LARGEST_BODY, principal_of};
use crate::reply::ShownOnce;
use crate::state::Web;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key.
const LONGEST: usize = 200;

/// Lets a request through once.
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
        let detail = format!("a key has 1 to {LONGEST} readable characters");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_key", detail));
    }
    let key = key.to_owned();
    let principal = principal_of(web, request.headers(), "").await?;
    // Without somebody whose key it is, there is nothing to remember it by.
    let Some(principal) = principal else { return Ok(next.run(request).await) };
    // What a program was answered is for that program alone.
    let key = match principal.key_id() {
        Some(program) => format!("{program} {key}"),
        None => format!("- {key}"),
    };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.map_err(|_| {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is too large")
    })?;
    let hash = hash(&parts.method, parts.uri.path(), &body);
    match web.app.idempotent_requests().begin(&principal, &key, &hash).await? {
        KeyState::New => {}
        KeyState::Answered { status, body } => return Ok(again(status, body)),
        KeyState::InProgress => {
            let detail = "a request with this key is under way: wait for its answer";
            return Err(Problem::new(StatusCode::CONFLICT, "under_way", detail));
        }
        KeyState::Reused => {
            let detail = "this key was used for another request: choose a new one";
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

/// What a repeated request is answered whose first answer held a secret: that one is kept nowhere.
fn shown_before() -> (u16, String) {
    let detail = "it was made by the first of these requests, and its secret is shown once: if that \
                  answer was lost, revoke what was made and make another";
    let problem = Problem::new(StatusCode::CONFLICT, "shown_once", detail);
    (problem.status, serde_json::to_string(&problem).unwrap_or_default())
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

fn again(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kind =
        if status.is_success() { "application/json" } else { "application/problem+json" };
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
