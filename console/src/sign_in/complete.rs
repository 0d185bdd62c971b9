//! The response to a sign-in that is complete.

use hallpass_app::secret::Token;
use hallpass_web::Web;
use hallpass_web::extract::{no_pending_cookie, session_cookie, trusted_cookie};

use crate::reply::{self, Shown};

/// Goes on with a session, and with a trusted device if there is one.
pub(super) fn go_on(web: &Web, session: &Token, device: Option<&Token>, next: &str) -> Shown {
    let mut response = reply::go(next)?;
    reply::add_cookie(&mut response, &session_cookie(web, session));
    reply::add_cookie(&mut response, &no_pending_cookie(web));
    if let Some(device) = device {
        reply::add_cookie(&mut response, &trusted_cookie(web, device));
    }
    Ok(response)
}
