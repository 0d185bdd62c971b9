//! Look-ups in the JSON of the OpenAPI document.

use serde_json::Value;

/// The value at a JSON pointer, or null.
pub(super) fn at<'v>(value: &'v Value, pointer: &str) -> &'v Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// The text of a value; empty when it is not a text.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
