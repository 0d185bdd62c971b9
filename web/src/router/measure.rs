//! Counts and times requests, by route.

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, gauge, histogram};
use tokio::time::Instant;

/// A request that is being answered. It ends when it is dropped too: its client may be gone.
struct InFlight;

impl InFlight {
    fn begin() -> InFlight {
        gauge!("hallpass_http_requests_in_flight").increment(1);
        InFlight
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        gauge!("hallpass_http_requests_in_flight").decrement(1);
    }
}

/// Measures a request until its answer begins. A path is not told: it may have the token of a link.
pub(super) async fn measure(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned());
    let method = known(request.method());
    let began = Instant::now();
    let in_flight = InFlight::begin();
    let response = next.run(request).await;
    drop(in_flight);
    let status = response.status().as_str().to_owned();
    counter!(
        "hallpass_http_requests_total",
        "method" => method, "route" => route.clone(), "status" => status
    )
    .increment(1);
    histogram!("hallpass_http_request_duration_seconds", "method" => method, "route" => route)
        .record(began.elapsed());
    response
}

/// A method that routes have; clients may send any word.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
