//! JSON Lines in responses: one value as JSON on each line.

use axum::http::{HeaderName, HeaderValue};

use crate::download;

/// The headers of a response that is a file of JSON Lines with this name.
pub(crate) fn headers(name: &str) -> [(HeaderName, HeaderValue); 2] {
    download::headers("application/jsonl", &format!("{name}.jsonl"))
}
