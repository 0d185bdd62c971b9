//! The console: pages for people.

pub mod docs;
pub mod start;

use askama::Template;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use crate::error::Problem;
use crate::state::Web;

/// What a page may load: what ships with the program, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// Every page.
pub(crate) fn routes() -> Router<Web> {
    Router::new().merge(docs::routes()).merge(start::routes())
}

/// Answers with a page.
fn show(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => {
            let policy = HeaderValue::from_static(POLICY);
            ([(header::CONTENT_SECURITY_POLICY, policy)], Html(text)).into_response()
        }
        Err(error) => {
            tracing::error!(error.why = %error, "cannot render a page: {error}");
            Problem::internal(None).into_response()
        }
    }
}
