//! The description of the API (`OpenAPI` 3.1), generated from the code.
//!
//! Handlers describe what is particular to them. What holds for many routes is added here: path
//! parameters, request headers, problems, response headers, limits, and examples.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::error::Problem;
use crate::rest;
use crate::state::Web;

mod edit;
mod example;
pub(crate) mod object;
mod parameter;
mod response;
pub(crate) mod scalar;
mod schema;

use edit::put;
use example::Example;

const ABOUT: &str = "Workspaces, members, roles and record-level permissions for multi-tenant applications.

**Authentication.** Send the session cookie that signing in sets, or an API key as `Authorization: Bearer hpk_…`. An API key acts for one member in one workspace, within its scopes: what they do not include is answered with 403 `insufficient_scope`. Operations that need neither say so.

**Permissions.** Where a description says *Requires* `members: update`, the caller needs the verb `update` in the area `members`. The workspace's blueprint says which resource and action cover an area, and which roles have them. Every change is also checked against the grant ceiling: no member can give more than they hold.

**Requests.** Bodies are JSON in UTF-8, up to 2 MiB. Unknown fields and query parameters are refused (422). An operation without a body takes an empty one or `{}`, and refuses every field. Times are RFC 3339 in UTC; ids are opaque strings with a prefix. A PATCH changes what it names.

**Lists.** `limit` is 1 to 200, by default 50; a page of large items ends before it, at 2 MiB. `cursor` is the `next_cursor` of the previous page; where that is null, there is no other page. `total` is the exact number of items on all pages, and absent where it is not known.

**Concurrency.** A response with an `ETag` can be updated safely: send it as `If-Match`, and the update is refused with 412 if the resource was changed since. `Hallpass-Revision` is the revision of the workspace that the response was made at.

**Retries.** A POST that changes something can carry an `Idempotency-Key`: repeated with the same body, it gets the same response for 24 hours; with another body, 422. The change, the key and the response are stored by one transaction, so a request whose response was lost, or was 503 `unsettled`, is made once however often it is repeated. A request without a key that is answered with 503 `unsettled` may have been done or not. A concurrent repetition waits for the first. 401, 408, 429 and statuses from 500 on are not stored. A response that contains a secret is not repeated (409 `shown_once`), nor is one larger than 16 KiB (409 `response_not_stored`); both name what was created. At most 50,000 keys of an account are stored (429 `too_many_keys`).

**Errors.** Problems are `application/problem+json` (RFC 9457) with a stable `code`, a `detail` for people, and `errors` for fields. 403 means that the caller may not do this, 404 that something does not exist or that the caller may not know of it. A method that a path does not have is answered with 405.";

const TAGS: [(&str, &str); 13] = [
    ("Accounts", "Sign up, and your own account."),
    ("Sessions", "Sign in and out."),
    ("Workspaces", "Create, rename, delete and export workspaces; your own membership."),
    ("People", "Members of a workspace."),
    ("Invitations", "Invite people, and accept invitations."),
    ("Access model", "Roles, profiles, teams, departments and record types."),
    ("Decisions", "Check and explain permissions, and preview changes."),
    ("Records", "Records with an owner, and what can be done with them."),
    ("Figures", "Counts and sums of records."),
    ("Settings", "Settings of a workspace."),
    ("Administration", "API keys, audit log and role assignments."),
    ("Billing", "Plan, subscription, invoices and the billing contact."),
    ("Blueprints", "The access models that a workspace can choose."),
];

#[derive(OpenApi)]
#[openapi(info(title = "Hallpass"), components(schemas(Problem)))]
struct Document;

/// The routes with their descriptions.
pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::with_openapi(Document::openapi()).merge(rest::routes())
}

/// The description of the API.
#[must_use]
pub fn document() -> &'static Value {
    &DOCUMENT
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(build);

fn build() -> Value {
    let generated = routes().into_openapi();
    let mut document = serde_json::to_value(generated).unwrap_or_default();
    let tags =
        TAGS.map(|(name, description)| json!({"name": name, "description": description}));
    put(&mut document, "/info", "description", json!(ABOUT));
    put(&mut document, "", "servers", json!([{"url": "/", "description": "This server"}]));
    put(&mut document, "", "tags", json!(tags));
    put(&mut document, "", "security", json!([{"session": []}, {"key": []}]));
    put(&mut document, "/components", "securitySchemes", security_schemes());
    put(&mut document, "/components", "headers", response::headers());
    put(&mut document, "/components", "responses", response::shared());
    for (name, schema) in scalar::every().into_iter().chain(object::every()) {
        put(&mut document, "/components/schemas", name, schema);
    }
    schema::complete(&mut document);
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

fn security_schemes() -> Value {
    json!({
        "session": {
            "type": "apiKey", "in": "cookie", "name": "hallpass_session",
            "description": "The session cookie; where the server is reached by HTTPS its name is \
                            `__Host-hallpass_session`.",
        },
        "key": {
            "type": "http", "scheme": "bearer",
            "description": "An API key, `hpk_…`.",
        },
    })
}

/// Adds to an operation what its path, its method and its example say about it.
fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let name = name(path, method);
    let example = Example::load(&name);
    operation.insert("operationId".to_owned(), json!(name));
    parameter::complete(path, method, operation, &example);
    response::complete(path, method, operation, &example);
    if let Some(body) = example.request_body() {
        let mut request = operation.get_mut("requestBody");
        let content =
            request.as_mut().and_then(|body| body.pointer_mut("/content/application~1json"));
        if let Some(content) = content.and_then(Value::as_object_mut) {
            content.insert("example".to_owned(), body.clone());
        }
    }
}

/// A name that no other operation has: `get_workspace_members`.
fn name(path: &str, method: &str) -> String {
    let path = path.trim_start_matches("/api/v1").replacen("/workspaces/{ws}", "/workspace", 1);
    let words = path.split('/').filter(|part| !part.is_empty());
    let words = words.map(|part| match part.strip_prefix('{') {
        Some(variable) => format!("by_{}", variable.trim_end_matches('}')),
        None => part.replace('-', "_"),
    });
    std::iter::once(method.to_owned()).chain(words).collect::<Vec<_>>().join("_")
}
