//! Query parameters, and the size of a page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::decode;
use crate::error::Problem;

/// The items of a page, unless the request says otherwise.
pub(crate) const DEFAULT_LIMIT: usize = 50;

/// The items of a page at most.
pub(crate) const MOST: usize = 200;

/// Query parameters; one that the route does not have is refused.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Params<T>, Problem> {
        decode::query(parts.uri.query().unwrap_or_default()).map(Params)
    }
}

/// Checks the limit of a page: from 1 to 200.
pub(crate) fn limit(limit: Option<usize>) -> Result<usize, Problem> {
    match limit {
        None => Ok(DEFAULT_LIMIT),
        Some(n @ 1..=MOST) => Ok(n),
        Some(n) => {
            let detail = format!("expected a number from 1 to {MOST}, found {n}");
            Err(Problem::field("/limit", "bad_limit", detail))
        }
    }
}
