//! The page to sign in by password, and the end of a session.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hallpass_app::session::sign_in::SignIn;
use hallpass_web::Web;
use hallpass_web::extract::{
    Anyone, Client, Raw, SignInTokens, no_session_cookie, pending_cookie,
};

use super::complete::go_on;
use super::next::code_path;
use super::way::{Way, ways_in};
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Outside;
use crate::local_path::local;
use crate::refusal;
use crate::reply::{self, Shown};
use crate::viewer::{Authenticated, Reader};

/// The page to sign in.
#[derive(Template)]
#[template(path = "sign_in/page.html")]
pub(crate) struct SignInPage {
    outside: Outside,
    email: String,
    /// Where to go after.
    next: String,
    /// Whether browsers have passkeys for this server.
    has_passkeys: bool,
    refused: Option<String>,
    /// Whether it was refused because no account has the passkey, so that the browser can forget it.
    is_unknown_passkey: bool,
    /// The identity providers of the typed address's domain.
    ways: Vec<Way>,
}

impl SignInPage {
    pub(super) async fn refused(
        web: &Web,
        outside: Outside,
        form: &Form,
        failure: &Failure,
    ) -> Result<SignInPage, Failure> {
        let (email, next) = (form.text("email").to_owned(), local(form.text("next")));
        let ways = ways_in(web, &email, &next).await?;
        let refused = Some(refusal::of_problem(outside.text, &failure.0));
        Ok(SignInPage {
            ways,
            outside,
            email,
            next,
            has_passkeys: web.app.has_passkeys(),
            refused,
            is_unknown_passkey: false,
        })
    }

    /// The page after a passkey that no account has.
    pub(super) fn of_unknown_passkey(self) -> SignInPage {
        SignInPage { is_unknown_passkey: true, ..self }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> SignInPage {
        SignInPage {
            outside: Outside::sample(),
            email: "dana@northwind.io".to_owned(),
            next: "/".to_owned(),
            has_passkeys: true,
            refused: Some("Wrong email address or password.".to_owned()),
            is_unknown_passkey: true,
            ways: vec![Way { name: "<script>".to_owned(), path: "/sso/a/b/start".to_owned() }],
        }
    }
}

pub(super) async fn show(
    State(web): State<Web>,
    Anyone(principal): Anyone,
    reader: Reader,
) -> Shown {
    let next = local(reader.query.text("next"));
    if principal.is_some() {
        return reply::go(&next);
    }
    let outside = Outside::new(reader.text.language, reader.flash);
    let email = reader.query.text("email").to_owned();
    let has_passkeys = web.app.has_passkeys();
    let ways = ways_in(&web, &email, &next).await?;
    reply::page(&SignInPage {
        outside,
        email,
        next,
        has_passkeys,
        refused: None,
        is_unknown_passkey: false,
        ways,
    })
}

pub(super) async fn sign_in(
    State(web): State<Web>,
    Client(origin): Client,
    tokens: SignInTokens,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let next = local(form.text("next"));
    if form.is_checked("ways") {
        return find_ways(&web, reader, &form, next).await;
    }
    let (email, password) = (form.text("email"), form.exact("password"));
    let device = tokens.device.as_ref();
    let begun = web.app.sessions().begin_sign_in(email, password, device, &origin).await;
    match begun.map_err(Failure::from) {
        Ok(SignIn::Complete(done)) => go_on(&web, &done.session, None, &next),
        Ok(SignIn::Pending(pending)) => {
            let mut response = reply::go(&code_path(&next))?;
            reply::add_cookie(&mut response, &pending_cookie(&web, &pending));
            Ok(response)
        }
        Err(failure) if failure.0.status < 500 => {
            let outside = Outside::new(reader.text.language, None);
            let page = SignInPage::refused(&web, outside, &form, &failure).await?;
            reply::refused(failure.0.status, &page)
        }
        Err(failure) => Err(failure),
    }
}

/// Shows the identity providers of the typed address's domain, whether or not it has an account.
async fn find_ways(web: &Web, reader: Reader, form: &Form, next: String) -> Shown {
    let outside = Outside::new(reader.text.language, None);
    let email = form.text("email").to_owned();
    let ways = ways_in(web, &email, &next).await?;
    let refused = ways.is_empty().then(|| outside.t("ways-none"));
    reply::page(&SignInPage {
        outside,
        email,
        next,
        has_passkeys: web.app.has_passkeys(),
        refused,
        is_unknown_passkey: false,
        ways,
    })
}

/// Signs out, and goes on to `next`, such as an invitation that is for another account.
pub(super) async fn sign_out(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Raw(body): Raw,
) -> Shown {
    web.app.sessions().sign_out(&principal).await?;
    let form = Form::parse(&body);
    let next = form.filled("next").map_or_else(|| "/sign-in".to_owned(), local);
    let mut response: Response = reply::go(&next)?;
    reply::add_cookie(&mut response, &no_session_cookie(&web));
    Ok(response)
}
