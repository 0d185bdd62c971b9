//! What a request says about the page that it opens.

use axum::http::request::Parts;
use hallpass_domain::time::Timestamp;
use hallpass_web::Web;

use crate::flash;
use crate::text::Language;

/// What a request says about the page that it opens.
#[derive(Clone, Debug)]
pub(crate) struct PageRequest {
    /// The language that the browser asks for.
    pub(crate) language: Language,
    /// The path.
    pub(crate) path: String,
    /// The message that the page shows once.
    pub(crate) flash: Option<String>,
    /// The time of the request.
    pub(crate) now: Timestamp,
    /// The key of the forms of the page, by which none does something twice.
    pub(crate) once: String,
}

impl PageRequest {
    /// Reads it from a request.
    pub(crate) fn of(parts: &Parts, web: &Web) -> PageRequest {
        PageRequest {
            language: Language::accepted(&parts.headers),
            path: parts.uri.path().to_owned(),
            flash: flash::message(web, &parts.headers),
            now: web.app.now(),
            once: web.app.form_key(),
        }
    }
}
