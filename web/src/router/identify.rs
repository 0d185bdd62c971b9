//! The layer that gives a request its id, its client and its span in the log.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hallpass_app::origin::Origin;
use tracing::Instrument;

use super::{forwarded, headers};
use crate::error::{InternalError, Problem};
use crate::extract::cookie::{device_cookie, device_token};
use crate::extract::{Client, RequestId};
use crate::limit::layer::rate_limit;
use crate::serve::HasTls;
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
    let (client, has_tls) = client(&web, &request);
    let device = client.0.device.clone();
    let address = client.0.address.clone();
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!(
        "request", request.id = %id, http.method = %request.method(),
        http.route = route(&request), client.address = address
    );
    let answer = async {
        let response = rate_limit(&web, request, next).await;
        let status = response.status();
        if is_of_input(status) {
            tracing::info!(http.status = status.as_u16(), "refused what a request has sent");
        }
        tracing::debug!(http.status = status.as_u16(), "answered");
        response
    };
    let mut response = answer.instrument(span).await;
    if response.extensions().get::<InternalError>().is_some() {
        response = Problem::internal(Some(&id)).into_response();
    }
    let cookie = device_cookie(&web, device, response.headers());
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    headers::add_of_session(&web, has_tls, response.headers_mut());
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Whether a status says that what was sent is malformed, too large, of another kind or invalid.
fn is_of_input(status: StatusCode) -> bool {
    let of_input = [
        StatusCode::BAD_REQUEST,
        StatusCode::PAYLOAD_TOO_LARGE,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        StatusCode::UNPROCESSABLE_ENTITY,
    ];
    of_input.contains(&status)
}

/// The route of a request. A path is never logged: it may have the token of a link, also where no route
/// or another one expects it.
fn route(request: &Request) -> &str {
    request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str)
}

fn is_request_id(id: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (8..=64).contains(&id.len()) && id.bytes().all(is_allowed)
}

/// The client of a request, and whether it uses TLS.
fn client(web: &Web, request: &Request) -> (Client, bool) {
    let is_trusted = |address: IpAddr| {
        web.http.trusted_proxies.iter().any(|network| network.contains(address))
    };
    let extensions = request.extensions();
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let has_tls = extensions.get::<HasTls>().is_some_and(|has| has.0);
    let kind = web.http.proxy_header;
    let found = forwarded::client((peer, has_tls), request.headers(), kind, is_trusted);
    let agent = request.headers().get(header::USER_AGENT);
    let client = Client(Origin {
        address: found.address.map_or_else(String::new, |address| address.to_string()),
        network: found.counted.map_or_else(String::new, network),
        client: agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default().to_owned(),
        device: device_token(web, request.headers()),
    });
    (client, found.has_tls)
}

/// The network by which a client is counted: an IPv4 address, or the first 64 bits of an IPv6 address,
/// which one customer of a provider has to themselves.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let first = u128::from(address) >> 64 << 64;
            format!("{}/64", Ipv6Addr::from(first))
        }
    }
}

#[cfg(test)]
mod tests;
