//! A new password, by a link that is mailed to the address of the account.

use askama::Template;
use axum::extract::State;
use hallpass_app::secret::Token;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::{Client, Path, Raw};

use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Outside;
use crate::reply::{self, Shown};
use crate::viewer::Reader;

/// The page to request a link, and the page after that, which is the same for every address.
#[derive(Template)]
#[template(path = "account/forgot.html")]
pub(crate) struct ForgotPage {
    outside: Outside,
    email: String,
    /// What was sent, if anything was.
    sent: Option<String>,
}

/// The page to choose a new password; without an account, the link no longer works.
#[derive(Template)]
#[template(path = "account/reset.html")]
pub(crate) struct ResetPage {
    outside: Outside,
    /// The address of the account.
    email: Option<String>,
    faults: Faults,
}

impl ForgotPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ForgotPage {
        let sent = Some("We have sent a link to <script>.".to_owned());
        ForgotPage { outside: Outside::sample(), email: "dana@northwind.io".to_owned(), sent }
    }
}

impl ResetPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ResetPage {
        ResetPage {
            outside: Outside::sample(),
            email: Some("dana@northwind.io".to_owned()),
            faults: Faults::field("password", "Expected at least 12 characters.".to_owned()),
        }
    }
}

pub(crate) async fn forgot(reader: Reader) -> Shown {
    let outside = Outside::new(reader.text.language, reader.flash);
    let email = reader.query.text("email").to_owned();
    reply::page(&ForgotPage { outside, email, sent: None })
}

pub(crate) async fn send(
    State(web): State<Web>,
    Client(origin): Client,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let email = form.text("email").to_owned();
    web.app.accounts().request_password_reset(&email, &origin).await?;
    let outside = Outside::new(reader.text.language, None);
    let sent = Some(text!(reader.text, "forgot-sent", email = &email));
    reply::page(&ForgotPage { outside, email, sent })
}

pub(crate) async fn show(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
) -> Shown {
    let found = web.app.accounts().find_by_password_reset(&Token::received(&token)).await;
    shown(reader, found.map(|account| account.email.to_string()), Faults::default())
}

pub(crate) async fn save(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
    Raw(body): Raw,
) -> Shown {
    let (token, form) = (Token::received(&token), Form::parse(&body));
    let accounts = web.app.accounts();
    let found = accounts.find_by_password_reset(&token).await;
    let found = found.map(|account| account.email.to_string());
    let Ok(email) = &found else { return shown(reader, found, Faults::default()) };
    match accounts.reset_password(&token, form.exact("password")).await {
        Ok(()) => {
            let message = text!(reader.text, "reset-done", email = email);
            reply::done("/sign-in", &message)
        }
        Err(error) => {
            let problem = Problem::from(error);
            shown(reader, found, Faults::of(&problem, &["password"]))
        }
    }
}

/// Shows the form again, or says that the link is dead.
fn shown(reader: Reader, found: Result<String, hallpass_app::Error>, faults: Faults) -> Shown {
    let outside = Outside::new(reader.text.language, reader.flash);
    let (status, email) = match found {
        Ok(email) if faults.is_empty() => (200, Some(email)),
        Ok(email) => (422, Some(email)),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.code != "dead_link" {
                return Err(problem.into());
            }
            (404, None)
        }
    };
    reply::refused(status, &ResetPage { outside, email, faults })
}
