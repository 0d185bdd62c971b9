//! JSON Lines in responses: one value as JSON on each line.

use axum::http::{HeaderName, HeaderValue, header};

/// The headers of a response that is a file of JSON Lines with this name.
pub(crate) fn headers(name: &str) -> [(HeaderName, HeaderValue); 2] {
    let file = format!("attachment; filename=\"{name}.jsonl\"");
    let file = HeaderValue::from_str(&file);
    let file = file.unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("application/jsonl");
    [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, file)]
}
