//! The change of an address, by the links that are mailed to both mailboxes.

use askama::Template;
use axum::extract::State;
use hallpass_app::account::address::{Agreement, PendingAddress};
use hallpass_app::secret::Token;
use hallpass_domain::address_change::Mailbox;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::{Anyone, Path, RequestId};

use crate::failure::Failure;
use crate::faults::Faults;
use crate::frame::Outside;
use crate::reply::{self, Shown};
use crate::viewer::Reader;

/// The page to agree to another address; without one, the link no longer works.
#[derive(Template)]
#[template(path = "account/address_change.html")]
pub(crate) struct AddressChangePage {
    outside: Outside,
    /// What the link is about, in a sentence.
    intro: Option<String>,
    /// Whether the present mailbox is asked, or the new one.
    is_present: bool,
    /// Where the forms go.
    path: String,
    faults: Faults,
}

impl AddressChangePage {
    #[cfg(test)]
    pub(crate) fn samples() -> [AddressChangePage; 2] {
        [true, false].map(|is_present| AddressChangePage {
            outside: Outside::sample(),
            intro: Some("<script>".to_owned()),
            is_present,
            path: "#".to_owned(),
            faults: Faults::whole("<script>".to_owned()),
        })
    }
}

pub(crate) async fn show(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
) -> Shown {
    let found = web.app.accounts().find_address_change(&Token::received(&token)).await;
    shown(&reader, &token, found, Faults::default())
}

pub(crate) async fn agree(
    State(web): State<Web>,
    Anyone(principal): Anyone,
    RequestId(request): RequestId,
    reader: Reader,
    Path(token): Path<String>,
) -> Shown {
    let (accounts, link) = (web.app.accounts(), Token::received(&token));
    let found = accounts.find_address_change(&link).await;
    let Ok(pending) = &found else { return shown(&reader, &token, found, Faults::default()) };
    match accounts.agree_to_address(principal.as_ref(), &link, &request).await {
        Ok(agreement) => {
            let email = pending.change.email.to_string();
            let message = match agreement {
                Agreement::Changed => text!(reader.text, "address-changed", email = email),
                Agreement::Waits => text!(reader.text, "address-waits", email = email),
            };
            reply::done("/", &message)
        }
        Err(error) => {
            let faults = Faults::of(reader.text, &Problem::from(error), &[]);
            shown(&reader, &token, found, faults)
        }
    }
}

pub(crate) async fn refuse(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
) -> Shown {
    match web.app.accounts().refuse_address(&Token::received(&token)).await {
        Ok(pending) => {
            let key = match pending.mailbox {
                Mailbox::Present => "address-refused",
                Mailbox::New => "address-refused-new",
            };
            reply::done("/", &reader.text.get(key))
        }
        Err(error) => shown(&reader, &token, Err(error), Faults::default()),
    }
}

/// Shows the forms again, or says that the link is dead.
fn shown(
    reader: &Reader,
    token: &str,
    found: Result<PendingAddress, hallpass_app::Error>,
    faults: Faults,
) -> Shown {
    let text = reader.text;
    let outside = reader.outside();
    let path = format!("/address-changes/{token}");
    let pending = match found {
        Ok(pending) => pending,
        Err(error) => {
            let problem = Problem::from(error);
            if problem.code != "dead_link" {
                return Err(Failure::from(problem));
            }
            let page =
                AddressChangePage { outside, intro: None, is_present: false, path, faults };
            return reply::refused(404, &page);
        }
    };
    let new = pending.change.email.to_string();
    let is_present = pending.mailbox == Mailbox::Present;
    let intro = if is_present {
        let present = pending.account.email.to_string();
        text!(text, "address-ask-present", present = present, new = new)
    } else {
        // The mailbox may be that of a stranger, who does not learn the present address.
        text!(text, "address-ask-new", new = new)
    };
    let status = if faults.is_empty() { 200 } else { 409 };
    let page = AddressChangePage { outside, intro: Some(intro), is_present, path, faults };
    reply::refused(status, &page)
}
