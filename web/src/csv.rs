//! CSV in responses: its headers, and lists of any length as a file.

pub(crate) mod pages;

use axum::http::{HeaderName, HeaderValue, header};
pub use hallpass_domain::csv::{line, start};

/// The headers of a response that is a CSV file with this name.
#[must_use]
pub fn headers(name: &str) -> [(HeaderName, HeaderValue); 2] {
    let file = format!("attachment; filename=\"{name}.csv\"");
    let file = HeaderValue::from_str(&file);
    let file = file.unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, file)]
}
