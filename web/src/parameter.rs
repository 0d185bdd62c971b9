//! Query parameters: what the description of a route does not name is refused, on every route.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::{MatchedPath, Query, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::error::Problem;

/// The query parameters that each route has.
#[derive(Clone)]
pub(crate) struct Known(Arc<HashMap<(Method, String), BTreeSet<String>>>);

impl Known {
    /// Those that a description of the API names.
    pub(crate) fn of(document: &Value) -> Known {
        let mut known = HashMap::new();
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, methods) in paths.into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                if let Ok(method) = method.to_uppercase().parse::<Method>() {
                    known.insert((method, path.clone()), named(operation));
                }
            }
        }
        Known(Arc::new(known))
    }
}

fn named(operation: &Value) -> BTreeSet<String> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let is_query = |one: &&Value| one.get("in").is_some_and(|place| place == "query");
    let in_query = parameters.into_iter().flatten().filter(is_query);
    in_query.filter_map(|one| one.get("name")?.as_str()).map(str::to_owned).collect()
}

/// Lets a request through whose parameters its route has.
pub(crate) async fn only_known(
    State(known): State<Known>,
    request: Request,
    next: Next,
) -> Response {
    match stray(&known, &request) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

fn stray(known: &Known, request: &Request) -> Option<Problem> {
    let route = request.extensions().get::<MatchedPath>()?.as_str().to_owned();
    let known = known.0.get(&(request.method().clone(), route))?;
    let Ok(Query(given)) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()) else {
        return Some(Problem::field("", "bad_parameter", "the parameters cannot be read"));
    };
    let (stray, _) = given.into_iter().find(|(key, _)| !known.contains(key))?;
    let shown: String = stray.chars().filter(|c| !c.is_control()).take(64).collect();
    let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let detail = format!("unknown parameter `{shown}`; this route has {known}");
    Some(Problem::field("", "unknown_parameter", detail))
}
