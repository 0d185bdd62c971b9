//! Edits of the JSON of the OpenAPI document.

use serde_json::{Map, Value};

/// Sets a key of the object at a JSON pointer; does nothing when there is no object.
pub(super) fn put(document: &mut Value, pointer: &str, key: &str, value: Value) {
    if let Some(object) = document.pointer_mut(pointer).and_then(Value::as_object_mut) {
        object.insert(key.to_owned(), value);
    }
}

/// Returns whether an operation needs no authentication.
pub(super) fn is_public(operation: &Map<String, Value>) -> bool {
    operation.get("security").is_some()
}

/// Returns whether an operation changes nothing, whatever its method.
pub(super) fn only_reads(path: &str, method: &str) -> bool {
    method == "get" || path.contains("/access/") || path.ends_with("/compare")
}

/// Returns whether an operation can be repeated with an idempotency key.
pub(super) fn takes_key(path: &str, method: &str, operation: &Map<String, Value>) -> bool {
    // A session that is proved again has a new token, which is in no stored response.
    let sets_cookie = path.starts_with("/api/v1/sessions/");
    method == "post" && !is_public(operation) && !only_reads(path, method) && !sets_cookie
}

/// Returns whether an operation is refused where `If-Match` names another version: each one that
/// changes something, except that the payment service sends no versions.
pub(super) fn holds_versions(path: &str, method: &str) -> bool {
    !only_reads(path, method) && !path.ends_with("/billing/stripe")
}
