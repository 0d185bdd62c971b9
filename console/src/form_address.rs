//! Addresses that take only forms: a person who opens one is led to the page that it belongs to.

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use hallpass_web::error::Problem;

use crate::failure::Failure;

/// The pages of forms whose address is not below them.
const ELSEWHERE: [(&str, &str); 2] = [("domains", "authentication"), ("switches", "security")];

/// The end of an address of forms that looks like the id of a record.
const SELECTION: &str = "/selection";

/// The page that an address belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageAbove(pub(crate) String);

/// Refuses what an address does not take.
pub(crate) fn refuse(pages: &[String], uri: &Uri) -> Response {
    let detail = "this address takes only what a form sends";
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail);
    let mut response = Failure(problem).into_response();
    response.extensions_mut().insert(above(pages, uri.path()));
    response
}

/// The nearest page above a path.
fn above(pages: &[String], path: &str) -> PageAbove {
    if let Some((settings, rest)) = path.split_once("/settings/") {
        let first = rest.split('/').next().unwrap_or_default();
        if let Some((_, page)) = ELSEWHERE.iter().find(|(form, _)| *form == first) {
            return PageAbove(format!("{settings}/settings/{page}"));
        }
    }
    let parents =
        std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(up, _)| up));
    let page = parents
        .skip(1)
        .find(|up| !up.ends_with(SELECTION) && pages.iter().any(|page| is_of(page, up)));
    PageAbove(page.filter(|up| !up.is_empty()).unwrap_or("/").to_owned())
}

/// Whether a path is one of a route, whose parameters are in braces.
fn is_of(route: &str, path: &str) -> bool {
    let (mut known, mut parts) = (route.split('/'), path.split('/'));
    loop {
        match (known.next(), parts.next()) {
            (None, None) => return true,
            (Some(known), Some(part)) if known == part => {}
            (Some(known), Some(part)) if known.starts_with('{') && !part.is_empty() => {}
            _ => return false,
        }
    }
}
