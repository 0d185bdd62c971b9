//! CSV in responses: its headers, and lists of any length as a file.

pub(crate) mod pages;

use axum::http::{HeaderName, HeaderValue};
pub use hallpass_domain::csv::{line, start};

use crate::download;

/// The headers of a response that is a CSV file with this name.
#[must_use]
pub fn headers(name: &str) -> [(HeaderName, HeaderValue); 2] {
    download::headers("text/csv; charset=utf-8", &format!("{name}.csv"))
}
