//! The page of a failure, in the frame of the workspace where the reader is in one.

use askama::Template;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use hallpass_app::denial::DenialLimit;
use hallpass_web::Web;
use hallpass_web::error::{Cause, Problem};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::failure::Failure;
use crate::flash;
use crate::form_address::PageAbove;
use crate::frame::{Frame, Outside};
use crate::local_path::local;
use crate::refusal;
use crate::request::PageRequest;
use crate::text::Language;
use crate::viewer::Viewer;
use crate::{reply, step_up};

/// The page of a failure inside a workspace.
#[derive(Template)]
#[template(path = "failure/inside.html")]
struct InsidePage {
    frame: Frame,
    title: String,
    detail: String,
    errors: Vec<String>,
    /// What the reader can do about it.
    advice: String,
    back: String,
}

/// The page of a failure outside a workspace.
#[derive(Template)]
#[template(path = "failure/outside.html")]
struct OutsidePage {
    outside: Outside,
    title: String,
    detail: String,
}

/// Makes the page of a failure; without a session, the reader signs in first.
pub(crate) async fn show(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let kept = parts.clone();
    let response = next.run(Request::from_parts(parts.clone(), body)).await;
    let Some(Failure(problem)) = response.extensions().get::<Failure>().cloned() else {
        return finish(&web, response, &kept);
    };
    let problem = if is_of_no_model(&problem) { Problem::missing("page") } else { problem };
    if problem.status == 401 {
        let target = if kept.method == Method::GET {
            kept.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned()
        } else {
            // The page with the form, where what was typed in it can be sent again.
            referer(&kept).unwrap_or_else(|| kept.uri.path().to_owned())
        };
        if let Some(page) = step_up::page_for(&problem, &target) {
            return reply::go(&page).unwrap_or(response);
        }
        let next = utf8_percent_encode(&target, NON_ALPHANUMERIC);
        return reply::go(&format!("/sign-in?next={next}")).unwrap_or(response);
    }
    let above = response.extensions().get::<PageAbove>().cloned();
    let request = PageRequest::of(&kept, &web);
    let page = match Viewer::from_request_parts(&mut parts, &web).await {
        Ok(viewer) => inside(viewer.frame, &problem, above, &kept),
        Err(_) => outside(Outside::of(&request), &problem),
    };
    let mut page = page.unwrap_or(response);
    *page.status_mut() =
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(seconds) = problem.retry_after {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    with_origin(page, &kept)
}

/// Whether no member of the workspace can have the page, because its access model does not cover it: for every
/// reader there is no such page.
fn is_of_no_model(problem: &Problem) -> bool {
    let cause = problem.cause.as_deref();
    matches!(cause, Some(Cause::Denied(denial)) if denial.limit == DenialLimit::Uncovered)
}

/// Makes a page of what no route answers, for a browser; a program gets the problem as it is.
pub(crate) async fn show_missing(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_browser = accepted.is_some_and(|accepted| accepted.contains("text/html"));
    let is_page = is_browser && !request.uri().path().starts_with("/api/");
    let language = Language::accepted(headers);
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_problem = kind.is_some_and(|kind| kind == "application/problem+json");
    if !is_page || !is_problem || response.status() != StatusCode::NOT_FOUND {
        return response;
    }
    let Ok(page) = outside(Outside::new(language, None), &Problem::missing("page")) else {
        return response;
    };
    // The headers that every response has are kept.
    let (mut parts, _) = response.into_parts();
    let (page, body) = page.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_ENCODING);
    parts.headers.extend(page.headers);
    Response::from_parts(parts, body)
}

/// Lets the pages of a workspace know from which of them a form comes; links with a secret are elsewhere.
fn with_origin(mut response: Response, parts: &Parts) -> Response {
    if parts.uri.path().starts_with("/workspace/") {
        let policy = HeaderValue::from_static("same-origin");
        response.headers_mut().insert(header::REFERRER_POLICY, policy);
    }
    response
}

/// Removes the message of the last change once a page has shown it.
fn finish(web: &Web, response: Response, parts: &Parts) -> Response {
    let mut response = with_origin(response, parts);
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page && flash::message(web, &parts.headers).is_some() {
        reply::add_cookie(&mut response, &flash::no_cookie());
    }
    flash::bind(web, response.headers_mut());
    response
}

fn inside(
    frame: Frame,
    problem: &Problem,
    above: Option<PageAbove>,
    parts: &Parts,
) -> Result<Response, Failure> {
    let text = frame.text;
    let (title, advice) = match problem.status {
        503 if problem.code == "busy" => (text.get("busy-title"), text.get("busy-advice")),
        503 if problem.code == "too_slow" => (text.get("slow-title"), text.get("slow-advice")),
        403 => (text.get("refused-title"), text.get("refused-advice")),
        404 => (text.get("missing-title"), text.get("missing-advice")),
        405 => (text.get("form-address-title"), text.get("form-address-advice")),
        400 | 422 if parts.method == Method::GET => {
            (text.get("bad-link-title"), text.get("bad-link-advice"))
        }
        500.. => (text.get("broken-title"), text.get("broken-advice")),
        _ => (text.get("not-saved-title"), text.get("not-saved-advice")),
    };
    let above = above.map(|PageAbove(path)| path);
    let back = above.or_else(|| referer(parts)).unwrap_or_else(|| frame.base.clone());
    let errors = problem.errors.iter().map(|error| refusal::of_field(text, error)).collect();
    // The advice of an address of forms says it all, in the language of the reader.
    let says_all = problem.status == 405;
    let detail = if says_all { String::new() } else { refusal::of_problem(text, problem) };
    reply::page(&InsidePage { frame, title, detail, errors, advice, back })
}

fn outside(outside: Outside, problem: &Problem) -> Result<Response, Failure> {
    let text = outside.text;
    let (title, detail) = match problem.status {
        503 if problem.code == "busy" => {
            (text.get("busy-title"), refusal::of_problem(text, problem))
        }
        503 if problem.code == "too_slow" => {
            (text.get("slow-title"), refusal::of_problem(text, problem))
        }
        404 => (text.get("missing-title"), text.get("missing-outside")),
        405 => (text.get("form-address-title"), text.get("form-address-advice")),
        500.. => (text.get("broken-title"), refusal::of_problem(text, problem)),
        _ => (text.get("refused-title"), refusal::of_problem(text, problem)),
    };
    reply::page(&OutsidePage { outside, title, detail })
}

/// The path of the page that a request comes from.
fn referer(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(header::REFERER)?.to_str().ok()?;
    path_of(value).filter(|path| !path.starts_with("/sign-in"))
}

/// The path of an address. A page of another server chooses what it sends as its own address.
fn path_of(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    Some(local(&format!("/{}", rest.split_once('/')?.1)))
}
