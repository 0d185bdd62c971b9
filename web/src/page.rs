//! Rendering of a page as a response, with its content security policy.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use crate::error::Problem;

/// The content security policy of a page: it loads what ships with the program, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// Renders a page as a response.
///
/// # Errors
///
/// An internal error, whose cause is logged, when the template does not render.
pub fn render(page: &impl Template) -> Result<Response, Problem> {
    render_as(page, |text| text)
}

/// Renders a page as a response, with a last change to its text.
///
/// # Errors
///
/// As for [`render`].
pub fn render_as(
    page: &impl Template,
    shown: impl FnOnce(String) -> String,
) -> Result<Response, Problem> {
    match page.render() {
        Ok(text) => {
            let text = shown(text);
            let policy = HeaderValue::from_static(POLICY);
            Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(text)).into_response())
        }
        Err(error) => {
            tracing::error!(error.message = %error, "cannot render a page: {error}");
            Err(Problem::internal(None))
        }
    }
}
