//! The responses of operations: problems that many share, response headers, and examples.

use serde_json::{Map, Value, json};

use super::edit::{holds_versions, is_public, put, takes_key};
use super::example::Example;
use crate::limit::layer::is_limited;
use crate::rest::preview::is_previewed;

const PROBLEM: &str = "application/problem+json";

/// A problem that many operations share.
struct Shared {
    name: &'static str,
    status: &'static str,
    description: &'static str,
}

const SHARED: [Shared; 14] = [
    Shared {
        name: "BadBody",
        status: "400",
        description: "`bad_body`: the body broke off, or is not what its headers say.",
    },
    Shared {
        name: "NotSignedIn",
        status: "401",
        description: "`not_signed_in`: the request has no valid session cookie or API key.",
    },
    Shared {
        name: "Forbidden",
        status: "403",
        description: "`denied`: the caller may not do this. `insufficient_scope`: the scopes of the API key do not include it. `cross_site`: a page of another site \
                      sent the request.",
    },
    Shared {
        name: "NotFound",
        status: "404",
        description: "`not_found`: it does not exist, or the caller may not know that it does.",
    },
    Shared {
        name: "Timeout",
        status: "408",
        description: "`timeout`: the request took longer than 30 seconds.",
    },
    Shared {
        name: "Conflict",
        status: "409",
        description: "The first request with this `Idempotency-Key` was answered, and its response \
                      is not repeated: `shown_once`, because it contained a secret; \
                      `response_not_stored`, because it was larger than 16 KiB.",
    },
    Shared {
        name: "Stale",
        status: "412",
        description: "`stale`: the current version is not the one in `If-Match`. Read it again \
                      and repeat the change. `preview_outdated`: the change has another effect \
                      than the preview in `Hallpass-Preview` has shown.",
    },
    Shared {
        name: "TooLarge",
        status: "413",
        description: "`too_large`: the body is larger than 2 MiB, or than 16 KiB where the operation takes none.",
    },
    Shared {
        name: "NotJson",
        status: "415",
        description: "`not_json`: `Content-Type` is not `application/json`, or names another charset than UTF-8.",
    },
    Shared {
        name: "Invalid",
        status: "422",
        description: "`invalid`: a field or parameter is wrong; `errors` says which and why.",
    },
    Shared {
        name: "TooManyRequests",
        status: "429",
        description: "`too_many_requests`: more than 60 requests per minute from this address. \
                      `too_many_keys`: 50,000 keys of this account are stored. `Retry-After` says \
                      when to try again.",
    },
    Shared {
        name: "InternalError",
        status: "500",
        description: "Internal error; the operator can find it by the id in `X-Request-Id`.",
    },
    Shared {
        name: "Unavailable",
        status: "503",
        description: "`busy`: too much is asked for at once, in all or by this workspace; nothing was \
                      done, and `Retry-After` says when to try again. `too_slow`: the database would \
                      work on it for more than 5 seconds, or 2 where it writes; nothing was done, and \
                      asking for less helps. `unsettled`: the database has not confirmed the request, \
                      which may have been done or not. Look before you repeat it. A POST with an \
                      `Idempotency-Key` can be repeated safely, and gets its outcome. \
                      `storage_failing`: the storage of the server takes no change, and nothing was \
                      changed.",
    },
    Shared {
        name: "StorageFull",
        status: "507",
        description: "`storage_full`: the storage of the server is full, and nothing was changed. \
                      Reading works; the operator has to make room.",
    },
];

/// Headers by name, each with its schema and description.
const HEADERS: [(&str, &str, &str); 10] = [
    ("Content-Disposition", "", "The name of the file."),
    ("ETag", "^\"[0-9a-f]+\"$", "The version of the resource, for `If-Match`."),
    (
        "Hallpass-Revision",
        "^[0-9]+$",
        "The revision of the workspace that the response was made at.",
    ),
    ("Location", "", "The URL of what was created."),
    ("RateLimit", "", "How many requests are left, and for how many seconds."),
    ("RateLimit-Policy", "", "How many requests are allowed in how many seconds."),
    ("Retry-After", "^[0-9]+$", "The number of seconds after which to try again."),
    ("Set-Cookie", "", "The session cookie: set when signing in, removed when signing out."),
    ("WWW-Authenticate", "", "How to authenticate."),
    (
        "X-Request-Id",
        "^[A-Za-z0-9_.-]{8,64}$",
        "The id of the request, for logs and the audit log.",
    ),
];

/// The shared headers, as components.
pub(super) fn headers() -> Value {
    let component = |(name, pattern, description): (&str, &str, &str)| {
        let mut schema = json!({"type": "string"});
        if let Some(schema) = schema.as_object_mut().filter(|_| !pattern.is_empty()) {
            schema.insert("pattern".to_owned(), json!(pattern));
        }
        (name.to_owned(), json!({"description": description, "schema": schema}))
    };
    Value::Object(HEADERS.into_iter().map(component).collect())
}

/// The shared problems, as components.
pub(super) fn shared() -> Value {
    let component = |one: &Shared| {
        let mut response = problem(one.description);
        add_headers(&mut response, retry_after(one.status));
        (one.name.to_owned(), response)
    };
    Value::Object(SHARED.iter().map(component).collect())
}

fn problem(description: &str) -> Value {
    let schema = json!({"$ref": "#/components/schemas/Problem"});
    json!({"description": description, "content": {PROBLEM: {"schema": schema}}})
}

fn retry_after(status: &str) -> Option<&'static str> {
    matches!(status, "429" | "503").then_some("Retry-After")
}

/// Adds `X-Request-Id`, which every response has, and the headers that are named.
fn add_headers<'n>(response: &mut Value, names: impl IntoIterator<Item = &'n str>) {
    let named = ["X-Request-Id"].into_iter().chain(names);
    let headers: Map<String, Value> = named
        .filter(|name| HEADERS.iter().any(|(known, _, _)| known == name))
        .map(|name| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")})))
        .collect();
    put(response, "", "headers", Value::Object(headers));
}

/// Adds the shared problems, the headers and the examples to the responses of an operation.
pub(super) fn complete(
    path: &str,
    method: &str,
    operation: &mut Map<String, Value>,
    example: &Example,
) {
    let statuses = shared_statuses(path, method, operation);
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else { return };
    for status in statuses {
        responses.entry(status).or_insert_with(|| json!({"description": ""}));
    }
    for (status, response) in responses.iter_mut() {
        if status.starts_with('2') {
            complete_success(path, method, status, response, example);
        } else {
            complete_problem(method, status, response, example);
        }
    }
}

/// The statuses of shared problems that an operation can answer.
fn shared_statuses(
    path: &str,
    method: &str,
    operation: &Map<String, Value>,
) -> Vec<&'static str> {
    let is_public = is_public(operation);
    let applies = |status: &str| match status {
        "400" | "403" | "413" | "415" | "507" => method != "get",
        "401" => !is_public,
        "404" => path.contains('{'),
        "409" => takes_key(path, method, operation),
        "412" => holds_versions(path, method) || is_previewed(path, method),
        "429" => is_limited(path, method) || takes_key(path, method, operation),
        _ => true,
    };
    SHARED.iter().map(|one| one.status).filter(|status| applies(status)).collect()
}

fn complete_success(
    path: &str,
    method: &str,
    status: &str,
    response: &mut Value,
    example: &Example,
) {
    if response.get("description").is_none_or(|text| *text == "") {
        let description = match status {
            "201" => "Created.",
            "204" => "No content.",
            _ => "OK.",
        };
        put(response, "", "description", json!(description));
    }
    let limits = ["RateLimit", "RateLimit-Policy"];
    let limits = limits.into_iter().filter(|_| is_limited(path, method));
    let location = (status == "202").then_some("Location");
    add_headers(response, limits.chain(location).chain(example.header_names()));
    let Some(recorded) = example.response(status) else { return };
    let body = recorded.get("body").or_else(|| recorded.get("text"));
    let content = response.get_mut("content").and_then(Value::as_object_mut);
    let kind = recorded.get("content_type").and_then(Value::as_str);
    let content = content.and_then(|content| match kind {
        Some(kind) => content.get_mut(kind),
        None => content.values_mut().next(),
    });
    if let (Some(body), Some(content)) = (body, content.and_then(Value::as_object_mut)) {
        content.insert("example".to_owned(), body.clone());
    }
}

/// A problem that has neither a description nor an example of its own is the shared one.
fn complete_problem(method: &str, status: &str, response: &mut Value, example: &Example) {
    let shared = SHARED.iter().find(|one| one.status == status);
    let own =
        response.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let recorded = example.problem(status).and_then(|one| one.get("body"));
    if own.is_empty() && recorded.is_none() {
        let name = shared.map_or("Invalid", |one| one.name);
        *response = json!({"$ref": format!("#/components/responses/{name}")});
        return;
    }
    let mut description = own;
    let general = shared.map(|one| one.description).unwrap_or_default();
    if description.is_empty() {
        general.clone_into(&mut description);
    } else if status == "409" && method == "post" {
        description = format!("{description} {general}");
    }
    *response = problem(&description);
    add_headers(response, retry_after(status));
    if let Some(body) = recorded {
        let content = response.pointer_mut("/content/application~1problem+json");
        if let Some(content) = content.and_then(Value::as_object_mut) {
            content.insert("example".to_owned(), body.clone());
        }
    }
}
