//! Cursors: where the next page of a list begins, as a text that means nothing to others.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Problem;

/// Writes a place in a list. The list's name goes with it.
pub fn write(list: &str, place: &impl Serialize) -> String {
    let text = serde_json::to_vec(&(list, place)).unwrap_or_default();
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

/// Reads a place in a list.
///
/// # Errors
///
/// When the text is no cursor, or one of another list.
pub fn read<T: DeserializeOwned>(list: &str, cursor: &str) -> Result<T, Problem> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
    let value = bytes.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    // What was written here holds no NUL, and not every database could be asked for one.
    let value = value.filter(|value| !holds_nul(value));
    let place = value.and_then(|value| serde_json::from_value::<(String, T)>(value).ok());
    match place {
        Some((name, place)) if name == list => Ok(place),
        Some(_) | None => Err(Problem::field(
            "/cursor",
            "bad_cursor",
            "this is no `next_cursor` of this list: leave it out to begin at the start",
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
