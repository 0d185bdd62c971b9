//! The pages of links in mails: what each link is for, and how a program follows it. Opening a page
//! changes nothing.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::page;
use crate::asset;
use crate::routes::Routes;
use crate::state::Web;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/invitations/{token}", invitation)
        .get("/confirmations/{token}", confirmation)
        .get("/password-resets/{token}", password_reset)
}

/// The page of a link.
#[derive(Template)]
#[template(path = "pages/link.html")]
struct LinkPage<'p> {
    assets: &'p str,
    title: &'p str,
    text: &'p str,
    /// The request that follows the link.
    command: String,
}

async fn invitation(state: State<Web>, token: Path<String>) -> Response {
    let text = "This link invites you to a workspace. Accept it with the name and the password of \
                your new account; if you have an account, sign in first and send an empty object.";
    let request = ("POST", "invitations", "/accept");
    let body = r#"{"first_name": "Anna", "password": "…"}"#;
    page_of(&state, &token, ("Invitation", text), request, body)
}

async fn confirmation(state: State<Web>, token: Path<String>) -> Response {
    let text = "This link confirms your email address. Choose a password with it; all sessions of \
                the account end. With a session of the account, an empty object keeps the password.";
    let request = ("POST", "confirmations", "");
    page_of(&state, &token, ("Confirm your address", text), request, r#"{"password": "…"}"#)
}

async fn password_reset(state: State<Web>, token: Path<String>) -> Response {
    let text = "This link sets a new password.";
    let request = ("PUT", "password-resets", "");
    let body = r#"{"password": "…"}"#;
    page_of(&state, &token, ("Reset your password", text), request, body)
}

fn page_of(
    State(web): &State<Web>,
    Path(token): &Path<String>,
    (title, text): (&str, &str),
    (method, folder, action): (&str, &str, &str),
    body: &str,
) -> Response {
    let base = web.http.base_url.as_str();
    // A token has no character that a shell reads; any other is not a token.
    let is_token = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
    let token: String = token.chars().filter(|c| is_token(*c)).take(200).collect();
    let command = format!(
        "curl -X {method} {base}/api/v1/{folder}/{token}{action} \\\n  \
         -H 'Content-Type: application/json' \\\n  -d '{body}'"
    );
    let page = LinkPage { assets: asset::folder(), title, text, command };
    // The address holds a secret: no cache keeps it, and no other site learns it.
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (headers, page::render(&page)).into_response()
}
