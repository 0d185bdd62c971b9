//! The query parameters that each route has, by its description; every other one is refused.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use serde_json::Value;

use crate::decode::{self, MOST_MISTAKES};
use crate::error::Problem;

/// The query parameters that each route has, by its path and method.
#[derive(Clone)]
pub(crate) struct KnownParameters(Arc<HashMap<String, HashMap<Method, BTreeSet<String>>>>);

impl KnownParameters {
    /// Reads the parameters from the description of the API.
    pub(crate) fn of(document: &Value) -> KnownParameters {
        let mut known: HashMap<String, HashMap<Method, BTreeSet<String>>> = HashMap::new();
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, methods) in paths.into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                if let Ok(method) = method.to_uppercase().parse::<Method>() {
                    known.entry(path.clone()).or_default().insert(method, names(operation));
                }
            }
        }
        KnownParameters(Arc::new(known))
    }

    /// Refuses a request with query parameters that its route does not have.
    pub(crate) fn check(&self, request: &Request) -> Result<(), Problem> {
        let Some(query) = request.uri().query() else { return Ok(()) };
        let Some(known) = self.of_route(request) else { return Ok(()) };
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let names = form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name);
        let unknown = names.filter(|name| !known.contains(&name.as_ref()));
        let unknown = unknown.map(|name| decode::unknown_parameter(&name, &known));
        let errors: Vec<_> = unknown.take(MOST_MISTAKES).collect();
        if errors.is_empty() { Ok(()) } else { Err(decode::invalid(errors)) }
    }

    fn of_route(&self, request: &Request) -> Option<&BTreeSet<String>> {
        let route = request.extensions().get::<MatchedPath>()?.as_str();
        self.0.get(route)?.get(request.method())
    }
}

fn names(operation: &Value) -> BTreeSet<String> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let is_query = |one: &&Value| one.get("in").is_some_and(|place| place == "query");
    let in_query = parameters.into_iter().flatten().filter(is_query);
    in_query.filter_map(|one| one.get("name")?.as_str()).map(str::to_owned).collect()
}
