//! The id of a request, and the client that sent it; the router's outermost layer sets both.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use hallpass_app::origin::Origin;

use crate::error::Problem;

/// The id of a request, as logs and the audit log have it.
#[derive(Clone, Debug, Default)]
pub struct RequestId(pub String);

/// The client that sent a request: its address and its user agent.
#[derive(Clone, Debug, Default)]
pub struct Client(pub Origin);

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Client, Problem> {
        Ok(Client::of(parts))
    }
}

impl Client {
    /// The client that sent the request with these parts.
    pub(crate) fn of(parts: &Parts) -> Client {
        parts.extensions.get::<Client>().cloned().unwrap_or_default()
    }
}

impl RequestId {
    /// The id of the request with these parts.
    pub(crate) fn of(parts: &Parts) -> RequestId {
        parts.extensions.get::<RequestId>().cloned().unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<RequestId, Problem> {
        Ok(RequestId::of(parts))
    }
}
