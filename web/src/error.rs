//! Problems (RFC 9457): the one place that knows which *no* has which status.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hallpass_app::Error;
use hallpass_domain::refusal::{FieldError, Refusal, RefusalKind};
use serde::Serialize;
use utoipa::ToSchema;

/// What is wrong, for programs and for people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The status, as a number.
    pub status: u16,
    /// What kind of problem it is; a stable word.
    pub code: String,
    /// The status in words.
    pub title: String,
    /// What is wrong and what to do about it.
    pub detail: String,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<WrongField>,
    /// Seconds after which it may be tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<i64>,
}

/// A field that is wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WrongField {
    /// Where it stands in the body, as a JSON pointer.
    pub pointer: String,
    /// What kind of wrong; a stable word.
    pub code: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl Problem {
    /// A problem with a status and a code.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Problem {
        Problem {
            status: status.as_u16(),
            code: code.to_owned(),
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// One wrong field.
    pub fn field(pointer: &str, code: &'static str, detail: impl Into<String>) -> Problem {
        Problem::from(Error::Refused(Refusal::field(pointer, code, detail)))
    }

    /// There is no such thing.
    #[must_use]
    pub fn missing(noun: &'static str) -> Problem {
        Problem::from(Error::Missing { noun })
    }
}

impl From<FieldError> for WrongField {
    fn from(error: FieldError) -> WrongField {
        WrongField { pointer: error.pointer, code: error.code.to_owned(), detail: error.detail }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        let detail = error.to_string();
        match error {
            Error::NotSignedIn => {
                Problem::new(StatusCode::UNAUTHORIZED, "not_signed_in", detail)
            }
            Error::Denied(_) => Problem::new(StatusCode::FORBIDDEN, "denied", detail),
            Error::Missing { .. } => Problem::new(StatusCode::NOT_FOUND, "not_found", detail),
            Error::Refused(refusal) => refused(refusal, detail),
            Error::Broken(why) => {
                tracing::error!(error.why = %why, "a request broke: {why}");
                let detail = "the server is out of order: try again, or tell its operator";
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", detail)
            }
        }
    }
}

fn refused(refusal: Refusal, detail: String) -> Problem {
    let mut problem = Problem::new(status(&refusal), refusal.code(), detail);
    if let Refusal::Fields(errors) = refusal {
        let n = errors.len();
        problem.detail = if n == 1 {
            "a field is wrong: see `errors`".to_owned()
        } else {
            format!("{n} fields are wrong: see `errors`")
        };
        problem.errors = errors.into_iter().map(WrongField::from).collect();
    } else if let Refusal::TooMany { seconds } = refusal {
        problem.retry_after = Some(seconds);
    }
    problem
}

fn status(refusal: &Refusal) -> StatusCode {
    if matches!(refusal, Refusal::BadCredentials) {
        return StatusCode::UNAUTHORIZED;
    }
    if matches!(refusal, Refusal::TooMany { .. }) {
        return StatusCode::TOO_MANY_REQUESTS;
    }
    if matches!(refusal, Refusal::Stale) {
        return StatusCode::PRECONDITION_FAILED;
    }
    match refusal.kind() {
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
        RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
