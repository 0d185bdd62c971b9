//! The forms of pages: each carries a key, and a form that is sent again with its key and its content does
//! nothing a second time.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::FutureExt as _;
use hallpass_app::Principal;
use hallpass_app::idempotency::IdempotentRequest;
use hallpass_app::idempotency::form::{FormOutcome, FormState};
use tracing::Instrument as _;

use super::hash;
use crate::error::Problem;
use crate::state::Web;

/// The longest key of a form, in bytes.
const LONGEST: usize = 100;

/// How often a repetition looks whether the first one is done, and how long it waits between.
const LOOKS: u32 = 40;
const PAUSE: Duration = Duration::from_millis(150);

/// A response with something that is shown once; a repetition leads to a page instead.
#[derive(Clone, Debug)]
pub struct ShownOnceAt(pub String);

/// What became of a form.
pub enum SentForm {
    /// It ran.
    Ran(Response),
    /// It ran before, and this was its outcome.
    Repeated(FormOutcome),
    /// It was sent before, and nothing tells what became of it.
    Unknown,
}

/// Runs a form with a key, unless it ran before with the same content.
///
/// # Errors
///
/// That of the database, before the form has run.
pub async fn run(
    web: &Web,
    (principal, key, content): (&Principal, &str, &Bytes),
    (parts, body): (Parts, Bytes),
    next: Next,
) -> Result<SentForm, Problem> {
    let is_plain = key.bytes().all(|byte| byte.is_ascii_graphic());
    if key.is_empty() || key.len() > LONGEST || !is_plain {
        let request = Request::from_parts(parts, Body::from(body));
        return Ok(SentForm::Ran(next.run(request).await));
    }
    // Another content is another form: a person who goes back may send it changed.
    let content = hash(&parts.method, &parts.uri, content);
    let key = format!("form {key} {}", BASE64_URL_SAFE_NO_PAD.encode(&content));
    let form = principal.request_with_key(key, content);
    let mut state = web.app.idempotent_requests().begin_form(&form).await?;
    for _ in 0..LOOKS {
        if state != FormState::Running {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        state = web.app.idempotent_requests().begin_form(&form).await?;
    }
    match state {
        FormState::Done(outcome) => return Ok(SentForm::Repeated(outcome)),
        FormState::Running => return Ok(SentForm::Unknown),
        FormState::First | FormState::Unprotected => {}
    }
    let request = Request::from_parts(parts, Body::from(body));
    let web = web.clone();
    let running = async move {
        let response = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        let response = response.unwrap_or_else(|_| Problem::internal(None).into_response());
        let outcome = outcome(&response);
        settle(&web, &form, outcome).await;
        response
    };
    // A task of its own ends, also when the browser has hung up: the outcome is stored.
    let ran = tokio::spawn(running.in_current_span()).await;
    Ok(SentForm::Ran(ran.unwrap_or_else(|_| Problem::internal(None).into_response())))
}

/// What a repetition is told; none for a form that did nothing.
fn outcome(response: &Response) -> Option<FormOutcome> {
    if let Some(ShownOnceAt(page)) = response.extensions().get::<ShownOnceAt>() {
        return Some(FormOutcome { location: page.clone(), was_shown_once: true });
    }
    let location = response.headers().get(header::LOCATION);
    let location = location.filter(|_| response.status().is_redirection())?;
    let location = location.to_str().ok()?.to_owned();
    Some(FormOutcome { location, was_shown_once: false })
}

/// Stores the outcome of a form that did something, and frees the key of any other.
async fn settle(web: &Web, form: &IdempotentRequest, outcome: Option<FormOutcome>) {
    let requests = web.app.idempotent_requests();
    let settled = match outcome {
        Some(outcome) => requests.finish_form(form, outcome).await,
        None => requests.release_form(form).await,
    };
    if let Err(error) = settled {
        tracing::error!(error.message = %error, "cannot store the outcome of a form: {error}");
    }
}
