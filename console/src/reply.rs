//! Responses of pages: a page, or the way to the next one.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hallpass_web::idempotency::form::ShownOnceAt;

use crate::failure::Failure;
use crate::flash;
use crate::local_path::local;
use crate::read_only;

/// The result of a handler of a page.
pub(crate) type Shown = Result<Response, Failure>;

/// Shows a page.
pub(crate) fn page(page: &impl Template) -> Shown {
    Ok(hallpass_web::page::render_as(page, read_only::shown)?)
}

/// Shows a page again whose form was refused.
pub(crate) fn refused(status: u16, template: &impl Template) -> Shown {
    let mut response = page(template)?;
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    Ok(response)
}

/// Goes on to another page, so that a reload does not send the form again.
pub(crate) fn go(path: &str) -> Shown {
    leave(&local(path))
}

/// Goes on to a page of another server, that of an identity provider.
pub(crate) fn leave(path: &str) -> Shown {
    let path = HeaderValue::from_str(path).map_err(|_| Failure::missing("page"))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response())
}

/// Goes on to another page, which shows a message once.
pub(crate) fn done(path: &str, message: &str) -> Shown {
    let mut response = go(path)?;
    add_cookie(&mut response, &flash::cookie(message));
    Ok(response)
}

/// Shows a page with something that is stored nowhere. A form that is sent again leads to another page instead.
pub(crate) fn shown_once(status: u16, template: &impl Template, again: &str) -> Shown {
    let mut response = refused(status, template)?;
    response.extensions_mut().insert(ShownOnceAt(again.to_owned()));
    Ok(response)
}

/// Adds a cookie to a response.
pub(crate) fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
