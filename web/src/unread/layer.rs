//! Holds each answer until it is read.

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use hallpass_app::Error;
use hallpass_domain::refusal::Refusal;

use super::Unread;
use super::body::HeldBody;
use crate::error::Problem;
use crate::extract::Client;
use crate::state::Web;

/// An answer up to this size, in bytes, is not counted.
const SMALL: u64 = 1 << 10;

/// After how many seconds a client may ask again.
const RETRY_AFTER: i64 = 5;

/// Holds the answer to a request. One that reads is refused where its client has too many that it does not take; the
/// answer to a change is never left out. A body that is made while it is read, and one that ships with the program, take no memory of their own.
pub(crate) async fn hold(State(web): State<Web>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>();
    let network = client.map(|client| client.0.network.clone()).unwrap_or_default();
    let is_read = request.method().is_safe();
    let is_asset = request.uri().path().starts_with("/assets/");
    let response = next.run(request).await;
    let size = response.body().size_hint().exact().unwrap_or_default();
    if is_asset || size <= SMALL {
        return response;
    }
    let (parts, body) = response.into_parts();
    // It is complete, so that nothing is waited for.
    let Ok(data) = axum::body::to_bytes(body, usize::MAX).await else {
        return Problem::internal(None).into_response();
    };
    let place = if is_read {
        Unread::hold(&web.unread, &network, data)
    } else {
        Some(Unread::hold_always(&web.unread, &network, data))
    };
    match place {
        Some(place) => Response::from_parts(parts, Body::new(HeldBody(place))),
        None => {
            Problem::from(Error::from(Refusal::Busy { seconds: RETRY_AFTER })).into_response()
        }
    }
}
