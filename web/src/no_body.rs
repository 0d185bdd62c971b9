//! Requests to routes that take no body: what a client sends there all the same is refused, and not left
//! unread.
//!
//! **Invariant:** such a route runs only where the body is empty, `null` or an object without fields, so that no
//! field is taken for one that has an effect.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{FromRequestParts as _, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::Value;

use crate::decode;
use crate::error::Problem;
use crate::extract::{SignedIn, check_json, unreadable_up_to};
use crate::state::Web;

/// The largest body that is read where none is taken, in bytes.
const LARGEST: usize = 16 << 10;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Callers {
    SignedIn,
    Anyone,
}

/// The routes that change something and take no body, by path and method.
#[derive(Clone)]
pub(crate) struct BodilessRoutes(Arc<HashMap<String, HashMap<Method, Callers>>>);

impl BodilessRoutes {
    /// Reads the routes from the description of the API.
    pub(crate) fn of(document: &Value) -> BodilessRoutes {
        let mut routes: HashMap<String, HashMap<Method, Callers>> = HashMap::new();
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, methods) in paths.into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
                if method.is_safe() || operation.get("requestBody").is_some() {
                    continue;
                }
                let is_public = operation.get("security").is_some();
                let callers = if is_public { Callers::Anyone } else { Callers::SignedIn };
                routes.entry(path.clone()).or_default().insert(method, callers);
            }
        }
        BodilessRoutes(Arc::new(routes))
    }

    /// Who may call the route of a request; none where the route takes a body, or changes nothing.
    fn callers(&self, request: &Request) -> Option<Callers> {
        let route = request.extensions().get::<MatchedPath>()?.as_str();
        self.0.get(route)?.get(request.method()).copied()
    }
}

/// What a request without a body may say.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

/// Runs a request, unless it has a body that its route does not take.
pub(crate) async fn check(
    State((web, bodiless)): State<(Web, BodilessRoutes)>,
    request: Request,
    next: Next,
) -> Response {
    let callers =
        if request.body().is_end_stream() { None } else { bodiless.callers(&request) };
    let Some(callers) = callers else { return next.run(request).await };
    let (mut parts, body) = request.into_parts();
    match read(&web, (&mut parts, body), callers).await {
        Ok(()) => next.run(Request::from_parts(parts, Body::empty())).await,
        Err(problem) => problem.into_response(),
    }
}

/// Reads a body to its end, and refuses it where it says anything. Who has to sign in learns that first.
async fn read(
    web: &Web,
    (parts, body): (&mut Parts, Body),
    callers: Callers,
) -> Result<(), Problem> {
    let read = to_bytes(body, LARGEST).await;
    let bytes = read.map_err(|error| unreadable_up_to(LARGEST, error));
    let checked = bytes.and_then(|bytes| {
        if bytes.is_empty() {
            return Ok(());
        }
        // `{}` is often sent without saying what it is, and `null` where a client has nothing to say.
        if parts.headers.contains_key(header::CONTENT_TYPE) {
            check_json(&parts.headers)?;
        }
        decode::json::<Option<NoFields>>(&bytes).map(drop)
    });
    if checked.is_err() && callers == Callers::SignedIn {
        let _principal = SignedIn::from_request_parts(parts, web).await?;
    }
    checked
}
