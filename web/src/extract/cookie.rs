//! The cookie that carries a session token.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use hallpass_app::secret::{DeviceToken, Token};
use hallpass_domain::time::Span;
use hallpass_domain::{device, factor};

use crate::error::Problem;
use crate::state::Web;

/// The name of the cookie without TLS.
const NAME: &str = "hallpass_session";

/// The name of the cookie over TLS: the prefix makes browsers bind it to this very host.
const SECURE_NAME: &str = "__Host-hallpass_session";

/// The name of the cookie of a device without TLS.
const DEVICE: &str = "hallpass_device";

/// The name of the cookie of a device over TLS.
const SECURE_DEVICE: &str = "__Host-hallpass_device";

/// How long a browser keeps the cookie of a device; none keeps one longer.
const DEVICE_KEPT: Duration = Duration::days(400);

/// The cookie that sets a session, as a `Set-Cookie` header has it.
#[must_use]
pub fn session_cookie(web: &Web, token: &Token) -> String {
    cookie(web, token.expose()).to_string()
}

/// The cookie that removes a session.
#[must_use]
pub fn no_session_cookie(web: &Web) -> String {
    let mut cookie = cookie(web, "");
    cookie.set_max_age(Duration::ZERO);
    cookie.to_string()
}

/// Whether a response removes the session of its request.
pub(crate) fn ends_session(web: &Web, headers: &HeaderMap) -> bool {
    set_session(web, headers).is_some_and(|session| session.value().is_empty())
}

/// The cookie of a session that a response sets or removes.
fn set_session<'h>(web: &Web, headers: &'h HeaderMap) -> Option<Cookie<'h>> {
    let lines =
        headers.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.filter_map(|line| Cookie::parse(line).ok());
    cookies.find(|cookie| cookie.name() == name(web))
}

fn name(web: &Web) -> &'static str {
    if web.http.is_secure { SECURE_NAME } else { NAME }
}

fn device_name(web: &Web) -> &'static str {
    if web.http.is_secure { SECURE_DEVICE } else { DEVICE }
}

fn cookie<'t>(web: &Web, token: &'t str) -> Cookie<'t> {
    named(web, name(web), token)
}

fn named<'t>(web: &Web, name: &'static str, value: &'t str) -> Cookie<'t> {
    Cookie::build((name, value))
        .http_only(true)
        .secure(web.http.is_secure)
        .same_site(SameSite::Lax)
        .path("/")
        .build()
}

/// The token of the device that sends a request.
pub(crate) fn device_token(web: &Web, headers: &HeaderMap) -> Option<DeviceToken> {
    DeviceToken::received(&find(headers, device_name(web))?)
}

/// The cookie that names a device, for a response that begins a session on it.
pub(crate) fn device_cookie(
    web: &Web,
    known: Option<DeviceToken>,
    headers: &HeaderMap,
) -> Option<String> {
    let session = set_session(web, headers)?;
    if session.value().is_empty() {
        return None;
    }
    let device = known.unwrap_or_else(|| Token::received(session.value()).device());
    let cookie = Cookie::build((device_name(web), device.expose()))
        .http_only(true)
        .secure(web.http.is_secure)
        .same_site(SameSite::Strict)
        .max_age(DEVICE_KEPT)
        .path("/");
    Some(cookie.build().to_string())
}

/// The cookie that ties the answer of an identity provider to the browser, for the ten minutes that
/// the answer may take.
#[must_use]
pub fn browser_cookie(web: &Web, secret: &Token) -> String {
    let mut cookie = named(web, browser_name(web), secret.expose());
    cookie.set_max_age(Duration::minutes(10));
    cookie.to_string()
}

/// The cookie that removes the secret of the browser.
#[must_use]
pub fn no_browser_cookie(web: &Web) -> String {
    let mut cookie = named(web, browser_name(web), "");
    cookie.set_max_age(Duration::ZERO);
    cookie.to_string()
}

/// The secret of the browser, with which a request to an identity provider was made.
#[must_use]
pub fn browser_secret(web: &Web, headers: &HeaderMap) -> Option<Token> {
    find(headers, browser_name(web)).map(|value| Token::received(&value))
}

fn browser_name(web: &Web) -> &'static str {
    if web.http.is_secure { "__Host-hallpass_sso" } else { "hallpass_sso" }
}

/// The session token of a request.
#[must_use]
pub fn session_token(web: &Web, headers: &HeaderMap) -> Option<Token> {
    find(headers, name(web)).map(|value| Token::received(&value))
}

/// The value of a cookie.
fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// The cookie of a sign-in that waits for its second factor, without TLS and over it.
const PENDING: [&str; 2] = ["hallpass_pending", "__Host-hallpass_pending"];

/// The cookie of a trusted device, without TLS and over it.
const TRUSTED: [&str; 2] = ["hallpass_trusted", "__Host-hallpass_trusted"];

/// The cookie of a sign-in that waits for its second factor.
#[must_use]
pub fn pending_cookie(web: &Web, token: &Token) -> String {
    aged(web, PENDING, token.expose(), factor::PENDING)
}

/// The cookie that removes a sign-in that waits.
#[must_use]
pub fn no_pending_cookie(web: &Web) -> String {
    aged(web, PENDING, "", Span(0))
}

/// The cookie of a trusted device.
#[must_use]
pub fn trusted_cookie(web: &Web, token: &Token) -> String {
    aged(web, TRUSTED, token.expose(), device::TRUSTED)
}

/// The tokens of a request that has no session yet.
pub struct SignInTokens {
    /// Of a sign-in that waits for its second factor.
    pub pending: Option<Token>,
    /// Of a trusted device.
    pub device: Option<Token>,
}

impl FromRequestParts<Web> for SignInTokens {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let token = |names: [&'static str; 2]| {
            find(&parts.headers, of_transport(web, names)).map(|value| Token::received(&value))
        };
        Ok(SignInTokens { pending: token(PENDING), device: token(TRUSTED) })
    }
}

fn of_transport(web: &Web, [plain, secure]: [&'static str; 2]) -> &'static str {
    if web.http.is_secure { secure } else { plain }
}

fn aged(web: &Web, names: [&'static str; 2], token: &str, age: Span) -> String {
    Cookie::build((of_transport(web, names), token))
        .http_only(true)
        .secure(web.http.is_secure)
        .same_site(SameSite::Lax)
        .max_age(Duration::microseconds(age.0))
        .path("/")
        .build()
        .to_string()
}
