//! Cursors: where the next page of a list begins, as a text that means nothing to others.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

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
    let place = bytes.and_then(|bytes| serde_json::from_slice::<(String, T)>(&bytes).ok());
    match place {
        Some((name, place)) if name == list => Ok(place),
        Some(_) | None => Err(Problem::field(
            "/cursor",
            "bad_cursor",
            "this is no `next_cursor` of this list: leave it out to begin at the start",
        )),
    }
}
