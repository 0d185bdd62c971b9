//! `Hallpass-Preview`: a change runs only if it does what a preview has shown.

use axum::http::{HeaderMap, HeaderName};

/// The header with the id of a preview.
pub(crate) const PREVIEW: HeaderName = HeaderName::from_static("hallpass-preview");

/// The id of the preview that a request relies on. A value that is no text matches no preview.
pub(crate) fn preview(headers: &HeaderMap) -> Option<String> {
    headers.get(PREVIEW).map(|id| id.to_str().unwrap_or_default().to_owned())
}
