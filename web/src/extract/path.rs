//! The parameters of a path.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::Problem;

/// The parameters of a path; one that cannot be read names nothing, which is a 404.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        // No name holds a NUL, and PostgreSQL refuses one in a parameter.
        let read = read.ok().filter(|_| !parts.uri.path().contains("%00"));
        read.map(|axum::extract::Path(path)| Path(path)).ok_or_else(|| Problem::missing("page"))
    }
}

/// Parses an id of a path; text that is no id names nothing, which is a 404.
pub(crate) fn id<T: std::str::FromStr>(text: &str, noun: &'static str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::missing(noun))
}
