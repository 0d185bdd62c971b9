//! A new password, by a link that is mailed to the address of the account.

use askama::Template;
use axum::extract::State;
use hallpass_app::secret::Token;
use hallpass_domain::account::Account;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::{Client, Path, Raw};

use super::link::{self, LinkKind, RequestPage};
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Outside;
use crate::reply::{self, Shown};
use crate::viewer::Reader;

/// The page to choose a new password; without an account, the link no longer works.
#[derive(Template)]
#[template(path = "account/reset.html")]
pub(crate) struct ResetPage {
    outside: Outside,
    /// The address of the account.
    email: Option<String>,
    faults: Faults,
}

impl ResetPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ResetPage {
        ResetPage {
            outside: Outside::sample(),
            email: Some("dana@northwind.io".to_owned()),
            faults: Faults::field("password", "Expected at least 15 characters.".to_owned()),
        }
    }
}

pub(crate) async fn forgot(reader: Reader) -> Shown {
    let outside = Outside::new(reader.text.language, None);
    let email = reader.query.text("email").to_owned();
    let kind = LinkKind::Password;
    reply::page(&RequestPage { outside, kind, email, sent: reader.flash })
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
    // A page of its own: a reload does not send another mail.
    let path = format!("/forgot?{}", Form::query_of(&[("email", &email)]));
    reply::done(&path, &text!(reader.text, "forgot-sent", email = &email))
}

pub(crate) async fn show(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
) -> Shown {
    let found = web.app.accounts().find_by_password_reset(&Token::received(&token)).await;
    shown(reader, found, Faults::default())
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
    let Ok(account) = &found else { return shown(reader, found, Faults::default()) };
    let email = account.email.to_string();
    match accounts.reset_password(&token, form.exact("password")).await {
        Ok(()) => {
            let message = text!(reader.text, "reset-done", email = email);
            reply::done("/sign-in", &message)
        }
        Err(error) => {
            let problem = Problem::from(error);
            let faults = Faults::of(reader.text, &problem, &["password"]);
            shown(reader, found, faults)
        }
    }
}

/// Shows the form again, or says that the link is dead.
fn shown(reader: Reader, found: Result<Account, hallpass_app::Error>, faults: Faults) -> Shown {
    let outside = Outside::new(reader.text.language, reader.flash);
    let (status, account) = link::account(found, &faults)?;
    let email = account.map(|account| account.email.to_string());
    reply::refused(status, &ResetPage { outside, email, faults })
}
