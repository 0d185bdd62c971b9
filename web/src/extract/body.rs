//! Request bodies: strict JSON, or the bytes as they are.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::LengthLimitError;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};

use crate::decode;
use crate::error::Problem;

/// The largest body that is read, in bytes.
pub const LARGEST_BODY: usize = 2 << 20;

/// The names of UTF-8; the second is no registered one, and is often sent.
const UTF_8: [&str; 2] = ["utf-8", "utf8"];

/// A JSON body; a field that is not known is refused.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Problem> {
        check_json(request.headers())?;
        let Raw(bytes) = Raw::from_request(request, state).await?;
        decode::json(&bytes).map(Body)
    }
}

/// A JSON body that may be left out.
pub struct OptionalBody<T>(pub T);

impl<T: Default + DeserializeOwned, S: Send + Sync> FromRequest<S> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<OptionalBody<T>, Problem> {
        let is_json = check_json(request.headers());
        let Raw(bytes) = Raw::from_request(request, state).await?;
        if bytes.is_empty() {
            return Ok(OptionalBody(T::default()));
        }
        is_json?;
        decode::json(&bytes).map(OptionalBody)
    }
}

/// The bytes of a body.
pub struct Raw(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Raw, Problem> {
        Bytes::from_request(request, state).await.map(Raw).map_err(|error| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                too_large(LARGEST_BODY)
            } else {
                incomplete()
            }
        })
    }
}

/// Checks that the headers announce JSON, in UTF-8.
pub(crate) fn check_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let mut parts = kind.unwrap_or_default().split(';');
    let essence = parts.next().unwrap_or_default().trim();
    let charsets = parts
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, charset)| charset.trim().trim_matches('"'));
    // What is in another one would be read as something else than was sent.
    let mut charsets =
        charsets.map(|name| UTF_8.iter().any(|one| one.eq_ignore_ascii_case(name)));
    if essence.eq_ignore_ascii_case("application/json") && charsets.all(|is_utf8| is_utf8) {
        return Ok(());
    }
    let detail = "send JSON in UTF-8, with `Content-Type: application/json`";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail))
}

/// The problem of a body that could not be read to its end.
pub(crate) fn unreadable(error: axum::Error) -> Problem {
    unreadable_up_to(LARGEST_BODY, error)
}

/// The problem of a body that could not be read to its end, of which so many bytes are read at most.
pub(crate) fn unreadable_up_to(most: usize, error: axum::Error) -> Problem {
    if error.into_inner().is::<LengthLimitError>() { too_large(most) } else { incomplete() }
}

fn incomplete() -> Problem {
    let detail =
        "the connection ended before the body did, or the body contradicts its headers";
    Problem::new(StatusCode::BAD_REQUEST, "bad_body", detail)
}

fn too_large(most: usize) -> Problem {
    let detail = format!("the body is larger than {most} bytes");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

/// Parses an id of a body.
pub(crate) fn field_id<T>(pointer: &str, text: &str) -> Result<T, Problem>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|why: T::Err| Problem::field(pointer, "bad_id", why.to_string()))
}

/// Deserializes a field where null and absence differ: `Some(None)` is null.
pub(crate) fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}
