//! The message that the page after a change shows once: "Ben is now Admin".

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use hallpass_web::Web;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The name of the cookie that carries the message to the next page.
const NAME: &str = "hallpass_flash";

/// Its name over TLS: the prefix keeps other hosts from setting it.
const SECURE_NAME: &str = "__Host-hallpass_flash";

/// The characters of a message at most.
const LONGEST: usize = 300;

/// The cookie that shows a message on the next page.
pub(crate) fn cookie(message: &str) -> String {
    let short: String = message.chars().take(LONGEST).collect();
    let value = utf8_percent_encode(&short, NON_ALPHANUMERIC).to_string();
    build(value, Duration::seconds(30))
}

/// The cookie that removes the message.
pub(crate) fn no_cookie() -> String {
    build(String::new(), Duration::ZERO)
}

/// The message that a request carries.
pub(crate) fn message(web: &Web, headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
    let found = cookies.find(|cookie| cookie.name() == name(web))?;
    let message = percent_decode_str(found.value()).decode_utf8_lossy().into_owned();
    (!message.is_empty()).then(|| message.chars().take(LONGEST).collect())
}

/// Binds the cookie to TLS and this host, where clients use TLS.
pub(crate) fn bind(web: &Web, headers: &mut HeaderMap) {
    if !web.http.is_secure {
        return;
    }
    let lines: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    headers.remove(header::SET_COOKIE);
    for line in lines {
        let plain = line.to_str().ok().and_then(|line| line.strip_prefix(NAME));
        let secure = plain.map(|rest| format!("{SECURE_NAME}{rest}; Secure"));
        let secure = secure.and_then(|line| HeaderValue::from_str(&line).ok());
        headers.append(header::SET_COOKIE, secure.unwrap_or(line));
    }
}

fn name(web: &Web) -> &'static str {
    if web.http.is_secure { SECURE_NAME } else { NAME }
}

fn build(value: String, age: Duration) -> String {
    Cookie::build((NAME, value))
        .http_only(true)
        .same_site(SameSite::Lax)
        .path("/")
        .max_age(age)
        .build()
        .to_string()
}
