//! The router: every route, and what every request passes on its way to one.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{self, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hallpass_app::session::Origin;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;
use tracing::Instrument;

use crate::error::{InternalError, Problem};
use crate::extract::{Client, LARGEST_BODY, RequestId};
use crate::state::Web;
use crate::{asset, console, idempotency, limit, openapi, parameter};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What an answer says to a browser, unless it says otherwise.
const RULES: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// The time after which a request is answered with 408.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Every route of the server.
pub fn router(web: Web) -> Router {
    let routes = openapi::routes().split_for_parts().0;
    let document = openapi::document();
    let known = parameter::Known::of(&document);
    let document = document.to_string();
    let serve_document = move || {
        let document = document.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], document) }
    };
    Router::new()
        .merge(routes)
        .merge(console::routes())
        .merge(asset::routes())
        .route("/api/v1/openapi.json", get(serve_document))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(readyz))
        .fallback(|| async { Problem::missing("route") })
        .method_not_allowed_fallback(|| async {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            Problem::new(status, "method_not_allowed", "this route has no such method")
        })
        .with_state(web.clone())
        .layer(
            // Together, since the router puts each of its layers into a box of its own.
            ServiceBuilder::new()
                .map_response(harden)
                .layer(from_fn_with_state(web.clone(), identify))
                .layer(CompressionLayer::new())
                .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
                    Problem::internal(None).into_response()
                }))
                .map_response(describe_timeout)
                .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIMEOUT))
                .layer(CsrfLayer::new().with_rejection_response(|_| {
                    let detail = "cross-site request refused";
                    Problem::new(StatusCode::FORBIDDEN, "cross_site", detail).into_response()
                }))
                .layer(DefaultBodyLimit::max(LARGEST_BODY))
                .layer(from_fn_with_state((known, web), check)),
        )
}

/// What a request passes last, if it is one to the API: its parameters are those of its route, and it is done once.
async fn check(
    State((known, web)): State<(parameter::Known, Web)>,
    request: Request,
    next: Next,
) -> Response {
    match known.check(&request) {
        Ok(()) => idempotency::once(&web, request, next).await,
        Err(problem) => problem.into_response(),
    }
}

/// Whether the database answers.
async fn readyz(State(web): State<Web>) -> Response {
    match web.app.is_ready().await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            let detail = "the database does not answer";
            tracing::warn!(error.why = %error, "not ready: {error}");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail).into_response()
        }
    }
}

/// Gives a request its name, and notes from where it comes.
async fn identify(State(web): State<Web>, request: Request, next: Next) -> Response {
    let mut request = request;
    let brought = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let id = match brought.filter(|id| is_fit(id)) {
        Some(id) => id.to_owned(),
        None => web.app.request_id(),
    };
    let client = client(&web, &request);
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!(
        "request", request.id = %id, http.method = %request.method(), url.path = %request.uri().path()
    );
    let request_id = id.clone();
    let mut response = async move {
        let mut response = limit::knock(&web, request, next).await;
        if response.extensions().get::<InternalError>().is_some() {
            response = Problem::internal(Some(&request_id)).into_response();
        }
        tracing::debug!(http.status = response.status().as_u16(), "answered");
        response
    }
    .instrument(span)
    .await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn is_fit(id: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (8..=64).contains(&id.len()) && id.bytes().all(fits)
}

/// From where a request comes: what a proxy says counts only from one that is trusted.
fn client(web: &Web, request: &Request) -> Client {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let is_trusted = peer.is_some_and(|peer| {
        web.http.trusted_proxies.iter().any(|network| network.contains(peer))
    });
    let forwarded = request.headers().get("x-forwarded-for").filter(|_| is_trusted);
    let gated = forwarded
        .and_then(|line| line.to_str().ok())
        .and_then(|line| line.rsplit(',').next())
        .and_then(|address| address.trim().parse::<IpAddr>().ok());
    let agent = request.headers().get(header::USER_AGENT);
    Client(Origin {
        address: gated.or(peer).map_or_else(String::new, |address| address.to_string()),
        client: agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default().to_owned(),
    })
}

/// Turns a timeout into a problem: only the layer below answers with this status.
fn describe_timeout(response: Response) -> Response {
    if response.status() != StatusCode::REQUEST_TIMEOUT {
        return response;
    }
    let detail = format!("the request timed out after {} s", TIMEOUT.as_secs());
    Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", detail).into_response()
}

/// What every answer says to a browser.
fn harden<B>(response: http::Response<B>) -> http::Response<B> {
    let mut response = response;
    let headers = response.headers_mut();
    for (name, value) in RULES {
        headers.entry(name).or_insert(value);
    }
    response
}
