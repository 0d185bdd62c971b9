//! The cookie that carries a session token.

use axum::http::{HeaderMap, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use hallpass_app::secret::Token;

use crate::state::Web;

/// The name of the cookie without TLS.
const NAME: &str = "hallpass_session";

/// The name of the cookie over TLS: the prefix makes browsers bind it to this very host.
const SECURE_NAME: &str = "__Host-hallpass_session";

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

fn name(web: &Web) -> &'static str {
    if web.http.is_secure { SECURE_NAME } else { NAME }
}

fn cookie<'t>(web: &Web, token: &'t str) -> Cookie<'t> {
    Cookie::build((name(web), token))
        .http_only(true)
        .secure(web.http.is_secure)
        .same_site(SameSite::Lax)
        .path("/")
        .build()
}

/// The session token of a request.
pub(super) fn session_token(web: &Web, headers: &HeaderMap) -> Option<Token> {
    let name = name(web);
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
    let cookie = cookies.find(|cookie| cookie.name() == name)?;
    Some(Token::received(cookie.value()))
}
