//! The question whether to sign in, where a request for single sign-on did not begin on a page of ours.
//!
//! **Invariant:** no link or page of another site and no message of a provider begins a session: the request
//! that the page has made leads on by its button alone, and only this browser can follow it.

use askama::Template;
use axum::http::HeaderMap;

use crate::frame::Outside;

/// The page that asks.
#[derive(Template)]
#[template(path = "sign_on/consent.html")]
pub(crate) struct ConsentPage {
    pub(super) outside: Outside,
    /// The name of the connection.
    pub(super) name: String,
    /// Where the button leads, at the provider.
    pub(super) url: String,
    /// The host of the provider.
    pub(super) host: String,
    /// The address of the account that is signed in already.
    pub(super) signed_in: Option<String>,
}

impl ConsentPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ConsentPage {
        ConsentPage {
            outside: Outside::sample(),
            name: "<script>".to_owned(),
            url: "/authorize?a=<script>".to_owned(),
            host: "idp.example".to_owned(),
            signed_in: Some("<script>".to_owned()),
        }
    }
}

/// Whether a request began on a page of ours. A browser says so itself, for the whole chain of redirects; one that
/// says nothing is asked.
pub(super) fn begins_here(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin")
}
