//! The confirmation of an address, by a link that is mailed to it.

use askama::Template;
use axum::extract::State;
use hallpass_app::Principal;
use hallpass_app::secret::Token;
use hallpass_domain::account::Account;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::{Anyone, Client, Path, Raw};

use super::link::{self, LinkKind, RequestPage};
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Outside;
use crate::reply::{self, Shown};
use crate::viewer::Reader;

/// The page to confirm an address; without an account, the link no longer works.
#[derive(Template)]
#[template(path = "account/confirmation.html")]
pub(crate) struct ConfirmationPage {
    outside: Outside,
    /// The address.
    email: Option<String>,
    /// Whether the reader chooses a password: without a session of the account, the link may be the
    /// first that they know of it.
    needs_password: bool,
    faults: Faults,
}

impl ConfirmationPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ConfirmationPage {
        ConfirmationPage {
            outside: Outside::sample(),
            email: Some("dana@northwind.io".to_owned()),
            needs_password: true,
            faults: Faults::whole("<script>".to_owned()),
        }
    }
}

pub(crate) async fn send_again(
    State(web): State<Web>,
    Anyone(principal): Anyone,
    reader: Reader,
) -> Shown {
    let own = match &principal {
        Some(principal) => Some(web.app.accounts().load(principal).await?.email.to_string()),
        None => None,
    };
    let outside = Outside::new(reader.text.language, None);
    let email = own.unwrap_or_else(|| reader.query.text("email").to_owned());
    let kind = LinkKind::Confirmation;
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
    web.app.accounts().request_confirmation(&email, &origin).await?;
    // A page of its own: a reload does not send another mail.
    let path = format!("/confirmations?{}", Form::query_of(&[("email", &email)]));
    reply::done(&path, &text!(reader.text, "confirm-sent", email = &email))
}

pub(crate) async fn show(
    State(web): State<Web>,
    Anyone(principal): Anyone,
    reader: Reader,
    Path(token): Path<String>,
) -> Shown {
    let found = web.app.accounts().find_by_confirmation(&Token::received(&token)).await;
    shown(reader, found, principal.as_ref(), Faults::default())
}

pub(crate) async fn confirm(
    State(web): State<Web>,
    Anyone(principal): Anyone,
    reader: Reader,
    Path(token): Path<String>,
    Raw(body): Raw,
) -> Shown {
    let (token, form) = (Token::received(&token), Form::parse(&body));
    let accounts = web.app.accounts();
    let found = accounts.find_by_confirmation(&token).await;
    let Ok(account) = &found else {
        return shown(reader, found, principal.as_ref(), Faults::default());
    };
    let password = Some(form.exact("password")).filter(|password| !password.is_empty());
    let email = account.email.to_string();
    match accounts.confirm_address(principal.as_ref(), &token, password).await {
        Ok(()) => reply::done("/", &text!(reader.text, "confirm-done", email = email)),
        Err(error) => {
            let faults = Faults::of(reader.text, &Problem::from(error), &["password"]);
            shown(reader, found, principal.as_ref(), faults)
        }
    }
}

/// Shows the form again, or says that the link is dead.
fn shown(
    reader: Reader,
    found: Result<Account, hallpass_app::Error>,
    principal: Option<&Principal>,
    faults: Faults,
) -> Shown {
    let outside = Outside::new(reader.text.language, reader.flash);
    let (status, account) = link::account(found, &faults)?;
    let is_own = |account: &Account| {
        principal.is_some_and(|one| one.person().is_ok_and(|id| id == account.id))
    };
    let needs_password = account
        .as_ref()
        .is_some_and(|account| account.confirmed_at.is_none() && !is_own(account));
    let email = account.map(|account| account.email.to_string());
    reply::refused(status, &ConfirmationPage { outside, email, needs_password, faults })
}
