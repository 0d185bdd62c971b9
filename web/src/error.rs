//! Problem details (RFC 9457): the one place that maps errors to statuses.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hallpass_app::Error;
use hallpass_app::denial::Denial;
use hallpass_domain::factor::Factor;
use hallpass_domain::refusal::{FieldError, Refusal, RefusalKind};
use hallpass_domain::session::policy::Missing;
use serde::Serialize;
use utoipa::ToSchema;

/// A problem: why a request failed, for programs and for people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The HTTP status code.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The kind of problem; a stable word.
    #[schema(value_type = String)]
    pub code: &'static str,
    /// The status in words.
    #[schema(value_type = String)]
    pub title: &'static str,
    /// What is wrong, and what to do about it.
    pub detail: String,
    /// The invalid fields and parameters, at most 100.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<WrongField>, required = false)]
    pub errors: Box<[WrongField]>,
    /// What the session lacks, with the code `step_up`: `sign_in`, `recent_sign_in`, `second_factor`,
    /// `single_sign_on`.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub missing: Box<[&'static str]>,
    /// What can be used as the second factor, the best first: `passkey`, `totp`, `recovery_code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false)]
    pub factors: Option<Box<FactorWords>>,
    /// The seconds after which the request may be repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i64, minimum = 0)]
    pub retry_after: Option<u32>,
    /// What the problem was made of, for pages that say it in the words of their reader.
    #[serde(skip)]
    pub cause: Option<Box<Cause>>,
}

/// What a problem was made of.
#[derive(Clone, Debug)]
pub enum Cause {
    /// The gate denied it.
    Denied(Denial),
    /// A rule refused it.
    Refused(Refusal),
}

/// Second factors in words.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct FactorWords(Vec<&'static str>);

/// An invalid field of the body, or an invalid query parameter or header.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WrongField {
    /// Where it is: a JSON pointer (RFC 6901) into the body, or `/` and the name of the query
    /// parameter or header. Empty for the body as a whole.
    pub pointer: String,
    /// The kind of mistake; a stable word.
    pub code: String,
    /// What is wrong, and what is expected.
    pub detail: String,
}

/// Marks the response to an internal error, so that the router adds the id of the request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InternalError;

impl Problem {
    /// Creates a problem with a status and a code.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Problem {
        Problem {
            status: status.as_u16(),
            code,
            title: status.canonical_reason().unwrap_or_default(),
            detail: detail.into(),
            errors: Box::default(),
            missing: Box::default(),
            factors: None,
            retry_after: None,
            cause: None,
        }
    }

    /// Creates the problem of one invalid field.
    pub fn field(pointer: &str, code: &'static str, detail: impl Into<String>) -> Problem {
        Problem::from(Error::Refused(Refusal::field(pointer, code, detail)))
    }

    /// Creates the problem of something that does not exist.
    #[must_use]
    pub fn missing(noun: &'static str) -> Problem {
        Problem::from(Error::Missing { noun })
    }

    /// Creates the problem of an internal error. Its cause is in the log only.
    #[must_use]
    pub fn internal(request: Option<&str>) -> Problem {
        let detail = match request {
            Some(id) => {
                format!("internal error; the operator can find it by request id `{id}`")
            }
            None => "internal error".to_owned(),
        };
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", detail)
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
            Error::StepUp(missing) => {
                let missing = missing.into_iter().map(Missing::word).collect();
                let problem = Problem::new(StatusCode::UNAUTHORIZED, "step_up", detail);
                Problem { missing, ..problem }
            }
            Error::SecondFactor(factors) => {
                let problem =
                    Problem::new(StatusCode::UNAUTHORIZED, "second_factor_required", detail);
                let words = factors.into_iter().map(Factor::word).collect();
                Problem { factors: Some(Box::new(FactorWords(words))), ..problem }
            }
            Error::Denied(denial) => {
                let code = if denial.is_by_scopes() { "insufficient_scope" } else { "denied" };
                let cause = Some(Box::new(Cause::Denied(*denial)));
                Problem { cause, ..Problem::new(StatusCode::FORBIDDEN, code, detail) }
            }
            Error::Missing { .. } => Problem::new(StatusCode::NOT_FOUND, "not_found", detail),
            Error::Refused(refusal) => refused(refusal, detail),
            // Only the preview makes a request run dry, and it has the effect then.
            Error::DryRun => Problem::internal(None),
            Error::Unconfirmed(why) => {
                tracing::error!(error.message = %why, "outcome unknown: {why}");
                unconfirmed()
            }
            Error::TooSlow => {
                tracing::warn!("a request was ended since a statement took too long");
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_slow", detail)
            }
            Error::StorageFull(why) => {
                tracing::error!(error.message = %why, "{why}");
                let detail = "the storage of the server is full, and nothing was changed; reading \
                              works, and the operator has to make room";
                Problem::new(StatusCode::INSUFFICIENT_STORAGE, "storage_full", detail)
            }
            Error::StorageFailing(why) => {
                tracing::error!(error.message = %why, "{why}");
                let detail = "the storage of the server takes no change, and nothing was changed; \
                              reading works, and the operator has to look at it";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "storage_failing", detail)
            }
            Error::Broken(why) => {
                tracing::error!(error.message = %why, "internal error: {why}");
                Problem::internal(None)
            }
        }
    }
}

/// The response when the database has not confirmed a commit. Without `Retry-After`: a client that repeats
/// the request by itself may do the same twice.
fn unconfirmed() -> Problem {
    let detail = "the database has not confirmed this request, which may have been done or not; look \
                  before you repeat it, and send POST requests with an `Idempotency-Key`: they can be \
                  repeated safely";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unsettled", detail)
}

fn refused(refusal: Refusal, detail: String) -> Problem {
    if is_attempt(&refusal) {
        tracing::info!("refused an authentication: {}", refusal.code());
    }
    let mut problem = Problem::new(status(&refusal), refusal.code(), detail);
    problem.cause = Some(Box::new(Cause::Refused(refusal.clone())));
    if let Refusal::Fields(errors) = refusal {
        // One mistake is the detail itself.
        if errors.len() > 1 {
            problem.detail = format!("{} fields are invalid; see `errors`", errors.len());
        }
        problem.errors = errors.into_iter().map(WrongField::from).collect();
    } else if let Refusal::ViewOutdated { faults } = refusal {
        problem.errors = faults.into_iter().map(WrongField::from).collect();
    } else if let Refusal::TooMany { seconds } | Refusal::Busy { seconds } = refusal {
        problem.retry_after = Some(u32::try_from(seconds).unwrap_or_default());
    }
    problem
}

/// Whether a refusal is of an attempt to authenticate, which the log has (ASVS 16.3.1).
fn is_attempt(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::BadCredentials
            | Refusal::WrongPassword
            | Refusal::WrongCode
            | Refusal::BadPasskey
            | Refusal::TooMany { .. }
            | Refusal::SignOnFailed
            | Refusal::SignOnTurned(_)
    )
}

fn status(refusal: &Refusal) -> StatusCode {
    if matches!(refusal, Refusal::BadCredentials | Refusal::WrongCode | Refusal::BadPasskey) {
        return StatusCode::UNAUTHORIZED;
    }
    if matches!(refusal, Refusal::Busy { .. }) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    if matches!(refusal, Refusal::TooMany { .. } | Refusal::TooManyMails { .. }) {
        return StatusCode::TOO_MANY_REQUESTS;
    }
    if matches!(refusal, Refusal::Stale | Refusal::PreviewOutdated) {
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
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            response.extensions_mut().insert(InternalError);
        }
        response
    }
}
