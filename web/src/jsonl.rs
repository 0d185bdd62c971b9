//! JSON Lines: one value as JSON on each line.

use axum::http::{HeaderName, HeaderValue};
use serde::Serialize;

use crate::download;

/// Formats a line, with its line break.
pub(crate) fn line(value: &impl Serialize) -> String {
    // A value of ours has no map whose keys are no texts, which alone would fail.
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}

/// The headers of a response that is a file of JSON Lines with this name.
pub(crate) fn headers(name: &str) -> [(HeaderName, HeaderValue); 2] {
    download::headers("application/jsonl", &format!("{name}.jsonl"))
}
