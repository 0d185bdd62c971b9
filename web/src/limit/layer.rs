//! The layer that limits the routes which need no authentication.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{REQUESTS, WINDOW};
use crate::error::Problem;
use crate::extract::Client;
use crate::state::Web;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The paths of routes that need no authentication: of the API, and of forms.
const PUBLIC: [&str; 15] = [
    "/address-changes",
    "/api/v1/accounts",
    "/api/v1/address-changes",
    "/api/v1/confirmations",
    "/api/v1/invitations",
    "/api/v1/password-resets",
    "/api/v1/sessions",
    "/api/v1/setup",
    "/confirmations",
    "/invitations",
    "/password-resets",
    "/sign-in",
    "/sign-up",
    "/setup",
    "/sso",
];

/// Runs a request, unless its address has sent too many.
pub(crate) async fn rate_limit(web: &Web, request: Request, next: Next) -> Response {
    let address = request
        .extensions()
        .get::<Client>()
        .map(|client| client.0.network.clone())
        .filter(|address| !address.is_empty());
    let Some(address) = address.filter(|_| is_public(&request)) else {
        return next.run(request).await;
    };
    match web.limits.count(&address) {
        Ok(left) => {
            // Once for those that are refused then, which could fill the log.
            if left.remaining_burst_capacity() == 0 {
                tracing::info!("an address has used up its requests, and more are refused");
            }
            let mut response = next.run(request).await;
            add_headers(&mut response, left.remaining_burst_capacity());
            response
        }
        Err(seconds) => {
            let mut response = too_many(seconds).into_response();
            add_headers(&mut response, 0);
            response
        }
    }
}

fn too_many(seconds: i64) -> Problem {
    let detail = format!("too many requests from your address; retry in {seconds} s");
    let mut problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail);
    problem.retry_after = u32::try_from(seconds).ok();
    problem
}

pub(super) fn is_public(request: &Request) -> bool {
    is_limited(request.uri().path(), request.method().as_str())
}

/// Whether the requests to a path are limited.
pub(crate) fn is_limited(path: &str, method: &str) -> bool {
    let is_under = |public: &str| {
        path.strip_prefix(public).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let has_method = |other: &str| method.eq_ignore_ascii_case(other);
    // Signing out needs a session, and what an identity provider sends for many people is signed.
    let is_proven = (is_under("/api/v1/sessions") && has_method("delete"))
        || path.ends_with("/back-channel-logout");
    // A page that shows a form changes nothing; the way to an identity provider is stored.
    let leaves = is_under("/sso") && path.ends_with("/start");
    let is_page = !path.starts_with("/api/") && !has_method("post") && !leaves;
    !is_proven && !is_page && PUBLIC.iter().any(|public| is_under(public))
}

/// Adds what is left of the limit, and the seconds until all of it is there again
/// (draft-ietf-httpapi-ratelimit-headers). It comes back one request at a time: `Retry-After` says when the
/// next one does.
fn add_headers(response: &mut Response, left: u32) {
    let used = REQUESTS.saturating_sub(left);
    let full = (used * WINDOW).div_ceil(REQUESTS);
    let lines = [
        (POLICY, format!("\"address\";q={REQUESTS};w={WINDOW}")),
        (LIMIT, format!("\"address\";r={left};t={full}")),
    ];
    let headers = response.headers_mut();
    for (name, line) in lines {
        if let Ok(line) = HeaderValue::from_str(&line) {
            headers.insert(name, line);
        }
    }
}
