//! Cursors: the position where the next page of a list begins, as opaque text.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Problem;

/// Writes a position in a list as a cursor, which is valid for this list only.
pub fn write(list: &str, position: &impl Serialize) -> String {
    let text = serde_json::to_vec(&(list, position)).unwrap_or_default();
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

/// Reads the position of a cursor.
///
/// # Errors
///
/// When the text is not a cursor of this list.
pub fn read<T: DeserializeOwned>(list: &str, cursor: &str) -> Result<T, Problem> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
    let value = bytes.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    // No cursor of ours holds a NUL, and PostgreSQL refuses one in a parameter.
    let value = value.filter(|value| !holds_nul(value));
    let position = value.and_then(|value| serde_json::from_value::<(String, T)>(value).ok());
    match position {
        Some((name, position)) if name == list => Ok(position),
        Some(_) | None => Err(Problem::field(
            "/cursor",
            "bad_cursor",
            "not a `next_cursor` of this list; leave it out to start at the beginning",
        )),
    }
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(values) => values.values().any(holds_nul),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
