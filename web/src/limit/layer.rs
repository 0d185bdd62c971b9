//! The layer that limits the routes which need no authentication.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::REQUESTS;
use crate::error::Problem;
use crate::extract::Client;
use crate::state::Web;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The paths of routes that need no authentication: of the API, and of forms.
const PUBLIC: [&str; 14] = [
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
            let mut response = next.run(request).await;
            add_headers(&mut response, left.remaining_burst_capacity(), 0);
            response
        }
        Err(seconds) => {
            let mut response = too_many(seconds).into_response();
            add_headers(&mut response, 0, seconds);
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
    // Signing out needs a session, and a page that shows a form changes nothing.
    let is_page = !path.starts_with("/api/") && !method.eq_ignore_ascii_case("post");
    !method.eq_ignore_ascii_case("delete")
        && !is_page
        && PUBLIC.iter().any(|public| is_under(public))
}

/// Adds what is left of the limit (draft-ietf-httpapi-ratelimit-headers).
fn add_headers(response: &mut Response, left: u32, seconds: i64) {
    let headers = response.headers_mut();
    let lines = [
        (POLICY, format!("\"address\";q={REQUESTS};w=60")),
        (LIMIT, format!("\"address\";r={left};t={seconds}")),
    ];
    for (name, line) in lines {
        if let Ok(line) = HeaderValue::from_str(&line) {
            headers.insert(name, line);
        }
    }
}
