//! How often strangers may knock: routes that anybody may call without having signed in are limited
//! by the address that the call comes from.

use std::num::NonZeroU32;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::{StateInformationMiddleware, StateSnapshot};
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::error::Problem;
use crate::extract::Client;
use crate::state::Web;

/// Calls in a minute from one address.
const CALLS: u32 = 60;

/// Addresses that are remembered before those that have rested are forgotten.
const MOST: usize = 10_000;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Paths that somebody calls who has not signed in.
const OPEN: [&str; 5] = [
    "/api/v1/accounts",
    "/api/v1/confirmations",
    "/api/v1/invitations",
    "/api/v1/password-resets",
    "/api/v1/sessions",
];

type Limiter = RateLimiter<
    String,
    DefaultKeyedStateStore<String>,
    DefaultClock,
    StateInformationMiddleware,
>;

/// How often strangers may knock.
pub struct Limits {
    limiter: Limiter,
}

impl Default for Limits {
    fn default() -> Limits {
        let quota = Quota::per_minute(NonZeroU32::new(CALLS).unwrap_or(NonZeroU32::MIN));
        Limits { limiter: RateLimiter::keyed(quota).with_middleware() }
    }
}

impl Limits {
    /// Counts a call from an address: what is left, or how many seconds to wait.
    fn count(&self, address: &str) -> Result<StateSnapshot, i64> {
        if self.limiter.len() > MOST {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&address.to_owned()).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            i64::try_from(wait.as_secs()).unwrap_or(i64::MAX).saturating_add(1)
        })
    }
}

/// Lets a request through unless its address has called too often.
pub(crate) async fn knock(web: &Web, request: Request, next: Next) -> Response {
    let address = request
        .extensions()
        .get::<Client>()
        .map(|client| client.0.address.clone())
        .filter(|address| !address.is_empty());
    let Some(address) = address.filter(|_| is_open(&request)) else {
        return next.run(request).await;
    };
    match web.limits.count(&address) {
        Ok(left) => {
            let mut response = next.run(request).await;
            tell(&mut response, left.remaining_burst_capacity(), 0);
            response
        }
        Err(seconds) => {
            let detail =
                format!("too many calls from your address: try again in {seconds} seconds");
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut problem = Problem::new(status, "too_many_requests", detail);
            problem.retry_after = Some(seconds);
            let mut response = problem.into_response();
            tell(&mut response, 0, seconds);
            response
        }
    }
}

fn is_open(request: &Request) -> bool {
    let path = request.uri().path();
    let is_under = |open: &str| {
        path.strip_prefix(open).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    // Whoever signs out has signed in.
    request.method() != Method::DELETE && OPEN.iter().any(|open| is_under(open))
}

/// Says how it stands (draft-ietf-httpapi-ratelimit-headers).
fn tell(response: &mut Response, left: u32, seconds: i64) {
    let headers = response.headers_mut();
    let lines = [
        (POLICY, format!("\"address\";q={CALLS};w=60")),
        (LIMIT, format!("\"address\";r={left};t={seconds}")),
    ];
    for (name, line) in lines {
        if let Ok(line) = HeaderValue::from_str(&line) {
            headers.insert(name, line);
        }
    }
}

#[cfg(test)]
mod tests;
