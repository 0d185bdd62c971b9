//! The description of the API (`OpenAPI` 3.1), from the code.
//!
//! Handlers say what is their own; what holds for every route is said here once: the parameters in
//! paths, how problems look, who may ask.

use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::rest;
use crate::state::Web;

const ABOUT: &str = "Workspaces, members, roles and record-level permissions for multi-tenant apps.

Bodies are JSON. A field that is not known is refused. Times are RFC 3339 in UTC; ids are opaque texts with a prefix.

Lists take `limit` (1 to 200, by default 50) and `cursor` (the `next_cursor` of the page before).

A write may bring `If-Match` with the `ETag` that was read: then it is refused with 412 when somebody else was faster. A POST may bring an `Idempotency-Key`: sent again with the same body, it gets the same answer for a day; an answer with a secret is given once.

`Hallpass-Revision` tells at which revision of the workspace an answer was made.";

#[derive(OpenApi)]
#[openapi(info(title = "Hallpass"))]
struct Document;

/// The routes with what they say of themselves.
pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::with_openapi(Document::openapi()).merge(rest::routes())
}

/// The description of the API.
#[must_use]
pub fn document() -> Value {
    let said = routes().into_openapi();
    let mut document = serde_json::to_value(said).unwrap_or_default();
    let schemes = json!({
        "session": {"type": "apiKey", "in": "cookie", "name": "hallpass_session"},
        "key": {"type": "http", "scheme": "bearer", "description": "An API key: `hpk_…`"}
    });
    put(&mut document, "/info", "description", json!(ABOUT));
    put(&mut document, "/components", "securitySchemes", schemes);
    put(&mut document, "", "security", json!([{"session": []}, {"key": []}]));
    let paths = document.pointer_mut("/paths").and_then(Value::as_object_mut);
    for (path, methods) in paths.into_iter().flatten() {
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                complete(path, method, operation);
            }
        }
    }
    document
}

fn put(document: &mut Value, pointer: &str, key: &str, value: Value) {
    if let Some(object) = document.pointer_mut(pointer).and_then(Value::as_object_mut) {
        object.insert(key.to_owned(), value);
    }
}

/// What every route of a path has.
fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    operation.insert("operationId".to_owned(), json!(name(path, method)));
    let mut parameters: Vec<Value> = variables(path).map(parameter).collect();
    if let Some(Value::Array(own)) = operation.remove("parameters") {
        parameters.extend(own);
    }
    operation.insert("parameters".to_owned(), Value::Array(parameters));
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else { return };
    let problem = json!({"$ref": "#/components/schemas/Problem"});
    let content = json!({"application/problem+json": {"schema": problem}});
    responses.insert("default".to_owned(), json!({"description": "Any other problem"}));
    for (status, response) in responses {
        let is_problem = status == "default" || status.starts_with('4');
        let Some(response) = response.as_object_mut().filter(|_| is_problem) else { continue };
        response.insert("content".to_owned(), content.clone());
        if response.get("description").is_none_or(|said| said == "") {
            response.insert("description".to_owned(), json!(meaning(status)));
        }
    }
}

fn meaning(status: &str) -> &'static str {
    match status {
        "401" => "Nobody has signed in",
        "403" => "The asker may not",
        "404" => "There is no such thing, or the asker may not know of it",
        "409" => "A guard stops it",
        "412" => "Somebody else changed it since it was read",
        "422" => "Something in the request is wrong",
        "429" => "Too often: `Retry-After` tells when to try again",
        _ => "A problem",
    }
}

/// A name that no other route has: `get_workspace_members`.
fn name(path: &str, method: &str) -> String {
    let path = path.trim_start_matches("/api/v1").replacen("/workspaces/{ws}", "/workspace", 1);
    let words = path.split('/').filter(|part| !part.is_empty());
    let words = words.map(|part| match part.strip_prefix('{') {
        Some(variable) => format!("by_{}", variable.trim_end_matches('}')),
        None => part.replace('-', "_"),
    });
    std::iter::once(method.to_owned()).chain(words).collect::<Vec<_>>().join("_")
}

fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn parameter(name: &str) -> Value {
    let meaning = match name {
        "ws" => "The workspace, by slug or id",
        "id" => "The id",
        "entity" => "The record type, by key",
        "action" => "The action, by key",
        "area" => "The area of settings",
        "member" => "The member, by id",
        "report" => "The report, by key",
        "token" => "The token of the link in the mail",
        _ => "",
    };
    json!({
        "name": name, "in": "path", "required": true, "description": meaning,
        "schema": {"type": "string"},
    })
}
