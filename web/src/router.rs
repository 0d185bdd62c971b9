//! The router: every route, and the layers that a request passes on its way to one.

mod forwarded;
pub mod headers;
mod identify;
mod measure;

use std::any::Any;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use hallpass_domain::refusal::Refusal;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::error::Problem;
use crate::extract::{LARGEST_BODY, PREVIEW, precondition};
use crate::idempotency::route::KeylessRoutes;
use crate::no_body::BodilessRoutes;
use crate::parameter::KnownParameters;
use crate::rest::preview::PreviewedRoutes;
use crate::routes::{Route, Routes};
use crate::state::Web;
use crate::{asset, docs, health, idempotency, large_body, no_body, openapi, unread};

/// The time after which a request is answered with 408.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Lists every route of the server but the pages of the console.
#[must_use]
pub fn routes() -> Vec<Route> {
    register(String::new()).into_list()
}

/// Registers every route; the server publishes the description of its API.
fn register(document: String) -> Routes {
    let serve_document = move || {
        let document = document.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], document) }
    };
    Routes::default()
        .api(openapi::routes())
        .get("/api/v1/openapi.json", serve_document)
        .merge(docs::routes())
        .merge(asset::routes())
        .merge(health::routes())
}

/// Builds the router of the server, with the pages of the console.
pub fn router(web: Web, pages: Routes) -> Router {
    let document = openapi::document();
    let known = KnownParameters::of(document);
    let keyless = KeylessRoutes::of(document);
    // One stack, since the router boxes each of its layers.
    let layers = ServiceBuilder::new()
        .map_response(headers::add)
        .layer(from_fn(measure::measure))
        .layer(from_fn_with_state(web.clone(), identify::identify))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(web.clone(), unread::layer::hold))
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| {
            Problem::internal(None).into_response()
        }))
        .map_response(describe_timeout)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIMEOUT))
        .layer(
            CsrfLayer::new()
                .with_insecure_bypass(is_signed_message)
                .with_rejection_response(|_| cross_site().into_response()),
        )
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state((known, keyless, web.clone()), check));
    let bodiless = (web.clone(), BodilessRoutes::of(document));
    // A preview runs the route of the change, and refuses the body that the route refuses.
    let routes = register(document.to_string())
        .wrap(|routes| routes.layer(from_fn_with_state(bodiless, no_body::check)))
        .merge(pages)
        .into_router();
    let previewed = PreviewedRoutes::new(routes.clone().with_state(web.clone()));
    routes
        .layer(Extension(previewed))
        .fallback(|| async { Problem::missing("route") })
        .method_not_allowed_fallback(|| async {
            let detail = "this route does not support the method";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
        })
        .with_state(web)
        .layer(layers)
}

/// Whether a route takes messages that an identity provider has signed, and that come from its pages.
/// They do what the signature covers, and no cookie of the browser is read.
fn is_signed_message(method: &Method, uri: &Uri) -> bool {
    let mut parts = uri.path().split('/').skip(1);
    let is_connection = parts.next() == Some("sso") && parts.by_ref().take(2).count() == 2;
    let page = parts.next();
    method == Method::POST
        && is_connection
        && matches!(page, Some("acs" | "logout" | "back-channel-logout"))
        && parts.next().is_none()
}

/// The innermost layer: checks the query parameters, refuses a precondition on what has no version,
/// and runs a request with an idempotency key only once.
async fn check(
    State((known, keyless, web)): State<(KnownParameters, KeylessRoutes, Web)>,
    mut request: Request,
    next: Next,
) -> Response {
    let checked = check_origin(&web, &request)
        .and_then(|()| known.check(&request))
        .and_then(|()| check_precondition(&request));
    if let Err(problem) = checked {
        return problem.into_response();
    }
    match large_body::layer::enter(&web, &mut request).await {
        Ok(_place) => idempotency::once(&web, &keyless, request, next).await,
        Err(problem) => problem.into_response(),
    }
}

fn cross_site() -> Problem {
    tracing::info!("refused a cross-site request");
    Problem::new(StatusCode::FORBIDDEN, "cross_site", "cross-site request refused")
}

/// Refuses a request of a page without TLS where clients use TLS. The layer above compares hosts only, and who
/// is between a browser and the server could have written the page.
fn check_origin(web: &Web, request: &Request) -> Result<(), Problem> {
    let origin = request.headers().get(header::ORIGIN);
    let is_plain = origin.is_some_and(|origin| origin.as_bytes().starts_with(b"http://"));
    let is_checked =
        !request.method().is_safe() && !is_signed_message(request.method(), request.uri());
    if web.http.is_secure && is_plain && is_checked { Err(cross_site()) } else { Ok(()) }
}

/// Refuses a version on a route outside a workspace that changes nothing with one. Inside a workspace a
/// use case does not commit with a precondition that it has not checked.
fn check_precondition(request: &Request) -> Result<(), Problem> {
    let path = request.uri().path();
    let has_version = request.method().is_safe()
        || matches!(path, "/api/v1/me" | "/api/v1/me/password")
        || (path.starts_with("/api/v1/workspaces/") && !path.ends_with("/restore"));
    let changes_access = path.starts_with("/api/v1/workspaces/") && !path.ends_with("/restore");
    if !changes_access && request.headers().contains_key(PREVIEW) {
        return Err(Problem::from(hallpass_app::Error::from(Refusal::PreviewOutdated)));
    }
    if has_version || !precondition(request.headers()).is_given() {
        return Ok(());
    }
    Err(Problem::from(hallpass_app::Error::from(Refusal::Stale)))
}

/// Gives a timeout a body: only the layer below answers with this status.
fn describe_timeout(response: Response) -> Response {
    if response.status() != StatusCode::REQUEST_TIMEOUT {
        return response;
    }
    let detail = format!("the request timed out after {} s", TIMEOUT.as_secs());
    Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", detail).into_response()
}
