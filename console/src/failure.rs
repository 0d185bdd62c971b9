//! Failures: why a page is not shown.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hallpass_app::denial::Denial;
use hallpass_web::error::Problem;

/// Why a page is not shown.
#[derive(Clone, Debug)]
pub(crate) struct Failure(pub(crate) Problem);

impl Failure {
    /// A form that is larger than any page sends.
    pub(crate) fn too_large() -> Failure {
        let detail = "the form is too large";
        Failure(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail))
    }

    /// A form that was cut off, or that no page sends.
    pub(crate) fn unreadable() -> Failure {
        let detail = "the form did not arrive as a whole";
        Failure(Problem::new(StatusCode::BAD_REQUEST, "bad_form", detail))
    }

    /// Something that the reader may not do, with the reason.
    pub(crate) fn refused(because: &str) -> Failure {
        Failure(Problem::new(StatusCode::FORBIDDEN, "denied", because))
    }

    /// Something that the gate would not let the reader do.
    pub(crate) fn denied(denial: Denial) -> Failure {
        Failure(Problem::from(hallpass_app::Error::Denied(Box::new(denial))))
    }

    /// Something that does not exist, or that the reader may not know of.
    pub(crate) fn missing(noun: &'static str) -> Failure {
        Failure(Problem::missing(noun))
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure(problem)
    }
}

impl From<hallpass_app::Error> for Failure {
    fn from(error: hallpass_app::Error) -> Failure {
        Failure(error.into())
    }
}

/// The page is made by [`crate::failure_page::show`], which knows the request.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.0.clone().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A detail of a problem as a sentence.
pub(crate) fn sentence(detail: &str) -> String {
    let detail = quoted(detail);
    let mut letters = detail.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    let dot = if detail.ends_with(['.', '?', '!', ':']) { "" } else { "." };
    format!("{}{}{dot}", first.unwrap_or_default(), letters.as_str())
}

/// A text of the API as a page shows it: what it marks as code is in quotes.
pub(crate) fn quoted(text: &str) -> String {
    // A single mark is part of a name.
    if text.matches('`').count() % 2 == 1 {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for (place, part) in text.split('`').enumerate() {
        match place {
            0 => {}
            odd if odd % 2 == 1 => shown.push('“'),
            _ => shown.push('”'),
        }
        shown.push_str(part);
    }
    shown
}

#[cfg(test)]
mod tests;
