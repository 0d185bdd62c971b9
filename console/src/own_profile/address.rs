//! Another address for one's own account, which both mailboxes agree to.

use askama::Template;
use axum::extract::State;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Client;

use super::reader::OwnReader;
use crate::faults::Faults;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Authenticated;

/// The page that asks for another address.
#[derive(Template)]
#[template(path = "own_profile/address.html")]
pub(crate) struct OwnAddressPage {
    frame: Frame,
    /// The present address.
    present: String,
    /// The new one, as typed.
    email: String,
    faults: Faults,
}

impl OwnAddressPage {
    #[cfg(test)]
    pub(crate) fn sample() -> OwnAddressPage {
        OwnAddressPage {
            frame: Frame::sample(),
            present: "dana@northwind.io".into(),
            email: "<script>".into(),
            faults: Faults::field("email", "Wrong.".into()),
        }
    }
}

pub(super) async fn ask(reader: OwnReader) -> Shown {
    let OwnReader { web, principal, frame } = reader;
    let present = web.app.accounts().load(&principal).await?.email.to_string();
    let (email, faults) = (String::new(), Faults::default());
    reply::page(&OwnAddressPage { frame, present, email, faults })
}

pub(super) async fn request(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Client(origin): Client,
    submission: Submission,
) -> Shown {
    let Submission { frame, form, .. } = submission;
    let (accounts, email) = (web.app.accounts(), form.text("email").to_owned());
    match accounts.request_address_change(&principal, &email, &origin).await {
        Ok(()) => {
            let message = text!(frame.text, "address-sent", email = &email);
            reply::done(&format!("{}/profile", frame.base), &message)
        }
        Err(error) => {
            let problem = Problem::from(error);
            if problem.code == "step_up" {
                return Err(problem.into());
            }
            let faults = Faults::of_form(&frame, &problem, &["email"])?;
            let present = accounts.load(&principal).await?.email.to_string();
            let page = OwnAddressPage { frame, present, email, faults };
            reply::refused(problem.status, &page)
        }
    }
}
