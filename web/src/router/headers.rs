//! Security headers, which every response has.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, header};

use crate::extract::cookie::ends_session;
use crate::state::Web;

/// The headers that a response gets, unless it sets its own.
const SECURITY_HEADERS: [(HeaderName, HeaderValue); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (OPENER_POLICY, HeaderValue::from_static("same-origin")),
    (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What a browser forgets with a session. Its cookies stay: one of them names the device, whose attempts are
/// counted on their own.
const FORGOTTEN: HeaderValue = HeaderValue::from_static("\"cache\", \"storage\"");

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// A year, and every host below the one of the server.
const ONLY_TLS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Adds what depends on the transport and on the session: browsers come back by TLS only, and forget what
/// they have stored when the response ends the session of the request.
pub(super) fn add_of_session(web: &Web, has_tls: bool, headers: &mut HeaderMap) {
    if has_tls && web.http.binds_to_tls() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ONLY_TLS);
    }
    if ends_session(web, headers) {
        headers.insert(CLEAR_SITE_DATA, FORGOTTEN);
    }
}

/// The one origin whose pages may show a response in a frame: the empty answer of a logout that a page of an
/// identity provider asks for. It loads nothing, and sends no form.
#[derive(Clone, Debug)]
pub struct FramedBy(pub String);

pub(super) fn add<B>(mut response: Response<B>) -> Response<B> {
    let framed_by = response.extensions().get::<FramedBy>().cloned();
    let headers = response.headers_mut();
    if let Some(FramedBy(origin)) = framed_by {
        let policy = format!(
            "default-src 'none'; frame-ancestors {origin}; base-uri 'none'; form-action 'none'"
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            // A page of the provider that isolates itself embeds nothing else.
            headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
            for (name, value) in SECURITY_HEADERS {
                if name != header::X_FRAME_OPTIONS {
                    headers.entry(name).or_insert(value);
                }
            }
            return response;
        }
    }
    for (name, value) in SECURITY_HEADERS {
        headers.entry(name).or_insert(value);
    }
    response
}
