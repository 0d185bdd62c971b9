//! The registered routes, with what the description of the API says of them.

use serde_json::Value;

/// A route.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) method: String,
    /// With its parameters in braces.
    pub(super) path: String,
    /// Whether the description of the API has it; pages, assets and health checks are not in it.
    pub(super) is_described: bool,
    pub(super) has_body: bool,
    /// Whether it refuses a stale `If-Match`.
    pub(super) has_versions: bool,
    /// The query parameters.
    pub(super) parameters: Vec<String>,
    /// Whether it accepts an `Idempotency-Key`.
    pub(super) has_key: bool,
    /// Whether it responds with a page of a list.
    pub(super) gives_page: bool,
}

/// Every registered route.
pub(super) fn every() -> Vec<Route> {
    let document = hallpass_web::openapi::document();
    let mut registered = hallpass_web::router::routes();
    registered.sort_by(|one, other| {
        (&one.path, one.method.as_str()).cmp(&(&other.path, other.method.as_str()))
    });
    let routes: Vec<Route> = registered
        .iter()
        .map(|one| {
            let method = one.method.as_str().to_lowercase();
            route(&one.path, &method, &document["paths"][&one.path][&method])
        })
        .collect();
    assert!(routes.len() > 90, "{} routes", routes.len());
    routes
}

/// The routes of the described API.
pub(super) fn api() -> Vec<Route> {
    every().into_iter().filter(|route| route.is_described).collect()
}

fn route(path: &str, method: &str, operation: &Value) -> Route {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let named = |place: &str| -> Vec<String> {
        let there = parameters.clone().filter(|one| one["in"] == place);
        there.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let is_described = operation.is_object();
    if is_described {
        let in_braces: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        assert_eq!(named("path"), in_braces, "{method} {path}");
    }
    let shown = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
    Route {
        method: method.to_uppercase(),
        path: path.to_owned(),
        is_described,
        has_body: operation.get("requestBody").is_some(),
        has_versions: operation["responses"].get("412").is_some(),
        parameters: named("query"),
        has_key: named("header").iter().any(|name| name == "Idempotency-Key"),
        gives_page: shown.as_str().is_some_and(|name| name.contains("/Page_")),
    }
}

impl Route {
    /// The name of the route in rules and in the access matrix.
    pub(super) fn name(&self) -> String {
        let path = self.path.strip_prefix("/api/v1").unwrap_or(&self.path);
        format!("{} {path}", self.method)
    }

    /// The nouns of its path parameters, in their order.
    pub(super) fn nouns(&self) -> Vec<&'static str> {
        let parts: Vec<&str> = self.path.split('/').collect();
        let pairs = parts.windows(2).filter(|pair| pair[1].starts_with('{'));
        pairs.map(|pair| super::rules::noun(pair[0], pair[1])).collect()
    }

    /// Its address, with a value for each parameter.
    pub(super) fn address(&self, values: &[String]) -> String {
        let mut values = values.iter();
        let parts = self.path.split('/').map(|part| {
            if part.starts_with('{') { values.next().unwrap().as_str() } else { part }
        });
        parts.collect::<Vec<&str>>().join("/")
    }
}
