//! Query parameters: what the description of a route does not name is refused, on every route.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::{MatchedPath, Query, Request};
use axum::http::{Method, Uri};
use serde_json::Value;

use crate::error::Problem;

/// The query parameters that each route has, by its path and method.
#[derive(Clone)]
pub(crate) struct Known(Arc<HashMap<String, HashMap<Method, BTreeSet<String>>>>);

impl Known {
    /// Those that a description of the API names.
    pub(crate) fn of(document: &Value) -> Known {
        let mut known: HashMap<String, HashMap<Method, BTreeSet<String>>> = HashMap::new();
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, methods) in paths.into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                if let Ok(method) = method.to_uppercase().parse::<Method>() {
                    known.entry(path.clone()).or_default().insert(method, named(operation));
                }
            }
        }
        Known(Arc::new(known))
    }

    /// What is wrong with a request that has a parameter which its route has not.
    pub(crate) fn stray(&self, request: &Request) -> Option<Problem> {
        request.uri().query()?;
        let route = request.extensions().get::<MatchedPath>()?.as_str();
        let known = self.0.get(route)?.get(request.method())?;
        stray(known, request.uri())
    }
}

fn named(operation: &Value) -> BTreeSet<String> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let is_query = |one: &&Value| one.get("in").is_some_and(|place| place == "query");
    let in_query = parameters.into_iter().flatten().filter(is_query);
    in_query.filter_map(|one| one.get("name")?.as_str()).map(str::to_owned).collect()
}

fn stray(known: &BTreeSet<String>, uri: &Uri) -> Option<Problem> {
    let Ok(Query(given)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
        return Some(Problem::field("", "bad_parameter", "the parameters cannot be read"));
    };
    let (stray, _) = given.into_iter().find(|(key, _)| !known.contains(key))?;
    let shown: String = stray.chars().filter(|c| !c.is_control()).take(64).collect();
    let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let detail = format!("unknown parameter `{shown}`; this route has {known}");
    Some(Problem::field("", "unknown_parameter", detail))
}
