//! The headers of a response that a browser stores as a file.

use axum::http::{HeaderName, HeaderValue, header};

/// The headers of a file of a media type with a name.
#[must_use]
pub fn headers(kind: &'static str, name: &str) -> [(HeaderName, HeaderValue); 2] {
    let file = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let file = file.unwrap_or(HeaderValue::from_static("attachment"));
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, file),
    ]
}
