//! The routes as the description of the API has them.

use serde_json::Value;

/// A route.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) method: String,
    /// With its parameters in braces.
    pub(super) path: String,
    pub(super) has_body: bool,
    /// The query parameters.
    pub(super) parameters: Vec<String>,
    /// Whether it answers with a page of a list.
    pub(super) gives_page: bool,
}

/// Every route.
pub(super) fn every() -> Vec<Route> {
    let document = hallpass_web::openapi::document();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            routes.push(route(path, method, operation));
        }
    }
    assert!(routes.len() > 90, "{} routes", routes.len());
    routes
}

fn route(path: &str, method: &str, operation: &Value) -> Route {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let named = |place: &str| -> Vec<String> {
        let there = parameters.clone().filter(|one| one["in"] == place);
        there.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let in_braces: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
    assert_eq!(named("path"), in_braces, "{method} {path}");
    let shown = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
    Route {
        method: method.to_uppercase(),
        path: path.to_owned(),
        has_body: operation.get("requestBody").is_some(),
        parameters: named("query"),
        gives_page: shown.as_str().is_some_and(|name| name.contains("/Page_")),
    }
}

impl Route {
    /// How rules and the golden table name it.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path.trim_start_matches("/api/v1"))
    }

    /// What its parameters stand for, in their order.
    pub(super) fn nouns(&self) -> Vec<&'static str> {
        let parts: Vec<&str> = self.path.split('/').collect();
        let pairs = parts.windows(2).filter(|pair| pair[1].starts_with('{'));
        pairs.map(|pair| super::rules::noun(pair[0], pair[1])).collect()
    }

    /// Its address, with something for each parameter.
    pub(super) fn address(&self, values: &[String]) -> String {
        let mut values = values.iter();
        let parts = self.path.split('/').map(|part| {
            if part.starts_with('{') { values.next().unwrap().as_str() } else { part }
        });
        parts.collect::<Vec<&str>>().join("/")
    }
}
