//! The layer that gives a request its id, its client and its span in the log.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hallpass_app::session::Origin;
use tracing::Instrument;

use crate::error::{InternalError, Problem};
use crate::extract::{Client, RequestId};
use crate::limit::layer::rate_limit;
use crate::state::Web;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(super) async fn identify(
    State(web): State<Web>,
    mut request: Request,
    next: Next,
) -> Response {
    let given = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let id = match given.filter(|id| is_request_id(id)) {
        Some(id) => id.to_owned(),
        None => web.app.request_id(),
    };
    let client = client(&web, &request);
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!(
        "request", request.id = %id, http.method = %request.method(), url.path = %request.uri().path()
    );
    let answer = async {
        let response = rate_limit(&web, request, next).await;
        tracing::debug!(http.status = response.status().as_u16(), "answered");
        response
    };
    let mut response = answer.instrument(span).await;
    if response.extensions().get::<InternalError>().is_some() {
        response = Problem::internal(Some(&id)).into_response();
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn is_request_id(id: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (8..=64).contains(&id.len()) && id.bytes().all(is_allowed)
}

/// The client of a request. `X-Forwarded-For` counts only from a trusted proxy.
fn client(web: &Web, request: &Request) -> Client {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let is_trusted = peer.is_some_and(|peer| {
        web.http.trusted_proxies.iter().any(|network| network.contains(peer))
    });
    let header = request.headers().get("x-forwarded-for").filter(|_| is_trusted);
    let forwarded = header
        .and_then(|line| line.to_str().ok())
        .and_then(|line| line.rsplit(',').next())
        .and_then(|address| address.trim().parse::<IpAddr>().ok());
    let agent = request.headers().get(header::USER_AGENT);
    Client(Origin {
        address: forwarded.or(peer).map_or_else(String::new, |address| address.to_string()),
        client: agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default().to_owned(),
    })
}
