//! What a request needs for its body: a place for a large one, and a limit where no one is known.

use axum::body::HttpBody as _;
use axum::extract::{DefaultBodyLimit, Request};

use super::BodyPlace;
use crate::error::Problem;
use crate::extract::Client;
use crate::limit::layer::is_limited;
use crate::state::Web;

/// A body up to this size, in bytes, is small.
const SMALL: u64 = 16 << 10;

/// The largest body of a message that another server has signed, in bytes.
const SIGNED: usize = 512 << 10;

/// Waits for a place for the body of a request; a small one needs none. A client whom the server does not know
/// sends a small body only.
///
/// # Errors
///
/// `busy` when too many of the address wait already, or none becomes free in time.
pub(crate) async fn enter(
    web: &Web,
    request: &mut Request,
) -> Result<Option<BodyPlace>, Problem> {
    bound(request);
    if request.body().size_hint().exact().is_some_and(|length| length <= SMALL) {
        return Ok(None);
    }
    let client = request.extensions().get::<Client>();
    let network = client.map(|client| client.0.network.clone()).unwrap_or_default();
    web.large_bodies.enter(network).await.map(Some)
}

fn bound(request: &mut Request) {
    let path = request.uri().path();
    if path.starts_with("/sso/") || path == "/api/v1/billing/stripe" {
        DefaultBodyLimit::max(SIGNED).apply(request);
    } else if is_limited(path, request.method().as_str()) {
        DefaultBodyLimit::max(usize::try_from(SMALL).unwrap_or(usize::MAX)).apply(request);
    }
}
