//! Forms that do nothing twice: a reload, a second click and the way back send a form again.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::{Anyone, LARGEST_BODY};
use hallpass_web::idempotency::form::{self, SentForm};

use crate::failure::Failure;
use crate::form::Form;
use crate::reply;
use crate::text::{Language, Text};

/// The field with the key of a form.
const ONCE: &str = "once";

/// Runs a form that has a key once.
pub(crate) async fn run(State(web): State<Web>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // Without a session the server reads no form.
    let Ok(Anyone(Some(principal))) = Anyone::from_request_parts(&mut parts, &web).await else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return Failure::too_large().into_response();
    };
    let Some((key, content)) = keyed(&parts, &body) else {
        return next.run(Request::from_parts(parts, Body::from(body))).await;
    };
    let text = Text { language: Language::accepted(&parts.headers) };
    match form::run(&web, (&principal, &key, &content), (parts, body), next).await {
        Ok(SentForm::Ran(response)) => response,
        Ok(SentForm::Repeated(outcome)) => {
            let key = if outcome.was_shown_once { "once-shown" } else { "once-done" };
            let again = reply::done(&outcome.location, &text.get(key));
            again.unwrap_or_else(axum::response::IntoResponse::into_response)
        }
        Ok(SentForm::Unknown) => {
            let detail = "this form was sent before, and the server does not know what became of it: look \
                          at the page that shows it before you send it again";
            let problem = Problem::new(StatusCode::CONFLICT, "form_repeated", detail);
            Failure::from(problem).into_response()
        }
        Err(problem) => Failure::from(problem).into_response(),
    }
}

/// The key of a form, and its content: a browser separates the parts of a body otherwise each time.
fn keyed(parts: &Parts, body: &[u8]) -> Option<(String, Bytes)> {
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let form = Form::of(kind, body)?;
    Some((form.filled(ONCE)?.to_owned(), form.content().into()))
}
