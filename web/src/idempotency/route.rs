//! The routes that run without a key, by the description of the API.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use serde_json::Value;

/// The routes that run without a key: those that change nothing, and those whose bodies have a secret (a
/// password, or a field that is only written).
#[derive(Clone)]
pub(crate) struct KeylessRoutes(Arc<HashSet<(String, Method)>>);

impl KeylessRoutes {
    /// Reads the routes from the description of the API.
    pub(crate) fn of(document: &Value) -> KeylessRoutes {
        let takes_key = |operation: &Value| operation.get("parameters").is_some_and(names_key);
        let mut routes = select(document, |operation| !takes_key(operation));
        routes.extend(with_secrets(document));
        KeylessRoutes(Arc::new(routes))
    }

    /// Whether a request runs without a key.
    pub(crate) fn is_of(&self, request: &Request) -> bool {
        let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        let route = route.map(|route| (route.to_owned(), request.method().clone()));
        route.is_some_and(|route| self.0.contains(&route))
    }
}

/// The routes whose bodies have a secret.
fn with_secrets(document: &Value) -> HashSet<(String, Method)> {
    select(document, |operation| {
        let body = operation.get("requestBody").unwrap_or(&Value::Null);
        has_secret(document, body, &mut HashSet::new())
    })
}

/// The routes whose operations meet a condition.
fn select(document: &Value, meets: impl Fn(&Value) -> bool) -> HashSet<(String, Method)> {
    let mut routes = HashSet::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, methods) in paths.into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if meets(operation) {
                routes.insert((path.clone(), method));
            }
        }
    }
    routes
}

/// Whether parameters have the one of the key.
fn names_key(parameters: &Value) -> bool {
    let mut all = parameters.as_array().into_iter().flatten();
    all.any(|parameter| parameter.get("name").is_some_and(|name| *name == "Idempotency-Key"))
}

/// Whether a part of the description has a secret, there or in what it refers to.
fn has_secret<'d>(document: &'d Value, part: &'d Value, seen: &mut HashSet<&'d str>) -> bool {
    match part {
        Value::Object(map) => {
            let is_secret = map.get("format").is_some_and(|format| format == "password")
                || map.get("writeOnly").is_some_and(|only| *only == true);
            let target = map.get("$ref").and_then(Value::as_str);
            let target = target.filter(|target| seen.insert(target));
            let target = target.and_then(|target| document.pointer(target.strip_prefix('#')?));
            is_secret
                || target.is_some_and(|target| has_secret(document, target, seen))
                || map.values().any(|value| has_secret(document, value, seen))
        }
        Value::Array(list) => list.iter().any(|value| has_secret(document, value, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests;
