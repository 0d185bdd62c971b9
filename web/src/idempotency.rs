//! `Idempotency-Key`: a POST that is repeated with its key runs once, and gets the same response.
//!
//! **Invariant:** a response is sent after it was committed with what the request has written. Neither
//! the hash of a body with a secret nor a response with one is stored: where the description of the
//! API has a secret in the body, or no key, a key is not used.

pub mod form;
pub(crate) mod route;

use std::panic::AssertUnwindSafe;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use hallpass_app::Principal;
use hallpass_app::idempotency::{IdempotentRequest, KeyState, StoredResponse};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tracing::Instrument as _;

use self::route::KeylessRoutes;
use crate::error::{Problem, WrongField};
use crate::extract::{Client, LARGEST_BODY, principal_of, unreadable};
use crate::reply::{REVISION, ShownOnce};
use crate::state::Web;

pub(crate) const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key, in bytes.
const LONGEST: usize = 200;

/// The largest body of a response that is stored, in bytes.
const LARGEST_STORED: usize = 16 << 10;

/// The headers of a response that are stored.
const STORED_HEADERS: [HeaderName; 4] =
    [header::CONTENT_TYPE, header::ETAG, header::LOCATION, REVISION];

/// Runs a request, unless it is the repetition of one that ran before.
pub(crate) async fn once(
    web: &Web,
    keyless: &KeylessRoutes,
    request: Request,
    next: Next,
) -> Response {
    let has_key = request.method() == Method::POST && request.headers().contains_key(KEY);
    if !has_key || keyless.is_of(&request) {
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
    let origin = request.extensions().get::<Client>().cloned().unwrap_or_default().0;
    let principal = principal_of(web, request.headers(), (&origin, "")).await?;
    // Keys belong to an account, so an unauthenticated request has none.
    let Some(principal) = principal else { return Ok(next.run(request).await) };
    // The responses to an API key are for that key only.
    let key = match principal.key_id() {
        Some(id) => format!("{id} {key}"),
        None => format!("- {key}"),
    };
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.map_err(unreadable)?;
    let keyed = principal.request_with_key(key, hash(&parts.method, &parts.uri, &body));
    let path = parts.uri.path().to_owned();
    let known = web.app.idempotent_requests().find(&keyed).await?;
    if known != KeyState::Free {
        return repeat(web, &principal, &path, known).await;
    }
    parts.extensions.insert(keyed.clone());
    let request = Request::from_parts(parts, Body::from(body));
    let web = web.clone();
    let running = async move {
        let response = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        let response = response.unwrap_or_else(|_| Problem::internal(None).into_response());
        match settle(&web, &keyed, response).await? {
            Outcome::Settled(response) => Ok(response),
            Outcome::Known(known) => repeat(&web, &principal, &path, known).await,
        }
    };
    // A task of its own ends, and commits, even when the client has hung up.
    let running = tokio::spawn(running.in_current_span()).await;
    running.unwrap_or_else(|_| Err(Problem::internal(None)))
}

/// What became of a request that ran.
enum Outcome {
    /// Its response can be sent.
    Settled(Response),
    /// A concurrent request with its key was first.
    Known(KeyState),
}

/// Commits what a request has written together with its response. A refused or failed request writes
/// nothing, and only the refusals that would be the same later are stored.
async fn settle(
    web: &Web,
    keyed: &IdempotentRequest,
    response: Response,
) -> Result<Outcome, Problem> {
    if !response.status().is_success() {
        keyed.roll_back();
    }
    if !is_final(response.status()) {
        return Ok(Outcome::Settled(response));
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let stored = if parts.extensions.get::<ShownOnce>().is_some() {
        shown_before(&body)
    } else if body.len() > LARGEST_STORED {
        too_large(parts.status, &body)
    } else {
        StoredResponse {
            status: parts.status.as_u16(),
            headers: stored_headers(&parts.headers),
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    };
    match web.app.idempotent_requests().settle(keyed, stored).await {
        Ok(KeyState::Free) => {
            Ok(Outcome::Settled(Response::from_parts(parts, Body::from(body))))
        }
        Ok(known) => Ok(Outcome::Known(known)),
        Err(error) => {
            tracing::error!(error.message = %error, "cannot commit a request with a key: {error}");
            Err(unsettled())
        }
    }
}

/// Whether a response is also that of a later request. A server error is none, nor is a refusal for a
/// credential or a limit.
fn is_final(status: StatusCode) -> bool {
    let passes =
        [StatusCode::UNAUTHORIZED, StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    !status.is_server_error() && !passes.contains(&status)
}

/// The response to a request whose key is known.
async fn repeat(
    web: &Web,
    principal: &Principal,
    path: &str,
    known: KeyState,
) -> Result<Response, Problem> {
    match known {
        KeyState::Answered(stored) => {
            // Nothing is disclosed without a body, and who has left a workspace is told so again.
            if !stored.body.is_empty() {
                check_member(web, principal, path).await?;
            }
            Ok(repeated(stored))
        }
        KeyState::Reused => {
            let detail = "this key was used for another request; choose a new one";
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key_used", detail))
        }
        KeyState::TooMany { most, seconds } => {
            let detail = format!(
                "{most} keys of this account are stored, which is the most; wait, or send the \
                 request without a key"
            );
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_keys", detail);
            Err(Problem { retry_after: u32::try_from(seconds).ok(), ..problem })
        }
        // The key that a concurrent request had used is free again.
        KeyState::Free => Err(unsettled()),
    }
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

/// The response when the database has not confirmed a commit: it happened or it did not, and only the
/// database knows.
fn unsettled() -> Problem {
    let detail = "the database has not confirmed this request; repeat it with its key, and you get \
                  its outcome";
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unsettled", detail);
    Problem { retry_after: Some(1), ..problem }
}

/// The response to a repeated request whose first response is too large to be stored.
fn too_large(status: StatusCode, body: &Bytes) -> StoredResponse {
    let detail = format!(
        "the first of these requests was answered with {status}{}, and its response is too large \
         to be repeated; it was not run again",
        subject(body)
    );
    conflict("response_not_stored", detail)
}

/// The response to a repeated request whose first response had a secret, which is not stored.
fn shown_before(body: &Bytes) -> StoredResponse {
    let detail = format!(
        "the first of these requests created it{}, and its secret is returned once only; if that \
         response was lost, revoke it and create another",
        subject(body)
    );
    conflict("shown_once", detail)
}

fn conflict(code: &'static str, detail: String) -> StoredResponse {
    let problem = Problem::new(StatusCode::CONFLICT, code, detail);
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let kind = (header::CONTENT_TYPE.to_string(), "application/problem+json".to_owned());
    StoredResponse { status: problem.status, headers: vec![kind], body }
}

/// The id in a body, as an insertion into a sentence.
fn subject(body: &Bytes) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let id = body.get("id").and_then(Value::as_str);
    id.map(|id| format!(" (`{id}`)")).unwrap_or_default()
}

fn bad_key() -> Problem {
    let detail = format!("expected 1 to {LONGEST} visible ASCII characters");
    let mut problem =
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_key", "invalid `Idempotency-Key`");
    let (pointer, code) = ("/Idempotency-Key".to_owned(), "bad_key".to_owned());
    problem.errors = [WrongField { pointer, code, detail }].into();
    problem
}

pub(crate) fn hash(method: &Method, uri: &Uri, body: &Bytes) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(method.as_str());
    hash.update(b" ");
    hash.update(uri.path());
    hash.update(b"?");
    hash.update(uri.query().unwrap_or_default());
    hash.update(b"\n");
    hash.update(body);
    hash.finalize().to_vec()
}

fn stored_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let value = |name: &HeaderName| headers.get(name)?.to_str().ok().map(str::to_owned);
    let stored = STORED_HEADERS.into_iter();
    stored.filter_map(|name| Some((name.to_string(), value(&name)?))).collect()
}

fn repeated(stored: StoredResponse) -> Response {
    let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
    let mut response = (status, Body::from(stored.body)).into_response();
    for (name, value) in stored.headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(name), HeaderValue::try_from(value))
        {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
