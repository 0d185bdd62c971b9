//! The routes whose bodies have a secret, by the description of the API.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use serde_json::Value;

/// The routes whose bodies have a secret: a password, or a field that is only written.
#[derive(Clone)]
pub(crate) struct SecretBodies(Arc<HashSet<(String, Method)>>);

impl SecretBodies {
    /// Reads the routes from the description of the API.
    pub(crate) fn of(document: &Value) -> SecretBodies {
        let mut routes = HashSet::new();
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, methods) in paths.into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
                let body = operation.get("requestBody").unwrap_or(&Value::Null);
                if has_secret(document, body, &mut HashSet::new()) {
                    routes.insert((path.clone(), method));
                }
            }
        }
        SecretBodies(Arc::new(routes))
    }

    /// Whether the body of a request has a secret.
    pub(crate) fn is_of(&self, request: &Request) -> bool {
        let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        let route = route.map(|route| (route.to_owned(), request.method().clone()));
        route.is_some_and(|route| self.0.contains(&route))
    }
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
