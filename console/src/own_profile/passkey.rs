//! Passkeys of the reader: make one, rename it, remove it.

use askama::Template;
use axum::extract::State;
use hallpass_app::passkey::Ceremony;
use hallpass_app::secret::Token;
use hallpass_domain::id::PasskeyId;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;
use serde_json::Value;

use super::reader::OwnReader;
use super::recovery_code::added;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Authenticated;

/// The page to make a passkey.
#[derive(Template)]
#[template(path = "factor/new_passkey.html")]
pub(crate) struct NewPasskeyPage {
    frame: Frame,
    /// What the browser asks a device, as JSON, and the token for the answer.
    options: String,
    ceremony: String,
    name: String,
    faults: Faults,
}

/// The page of a passkey.
#[derive(Template)]
#[template(path = "factor/passkey.html")]
pub(crate) struct PasskeyPage {
    frame: Frame,
    id: String,
    name: String,
    faults: Faults,
}

impl NewPasskeyPage {
    fn new(frame: Frame, ceremony: &Ceremony, name: &str, faults: Faults) -> NewPasskeyPage {
        NewPasskeyPage {
            frame,
            options: ceremony.options.to_string(),
            ceremony: ceremony.token.expose().to_owned(),
            name: name.to_owned(),
            faults,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> NewPasskeyPage {
        NewPasskeyPage {
            frame: Frame::sample(),
            options: "{\"rp\":{\"name\":\"<script>\"}}".to_owned(),
            ceremony: "sample".to_owned(),
            name: "<script>".to_owned(),
            faults: Faults::field("name", "Wrong.".to_owned()),
        }
    }
}

impl PasskeyPage {
    #[cfg(test)]
    pub(crate) fn sample() -> PasskeyPage {
        PasskeyPage {
            frame: Frame::sample(),
            id: "psk_1".to_owned(),
            name: "<script>".to_owned(),
            faults: Faults::field("name", "Wrong.".to_owned()),
        }
    }
}

pub(super) async fn offer(reader: OwnReader) -> Shown {
    let OwnReader { web, principal, frame } = reader;
    let ceremony = web.app.passkeys().begin_registration(&principal).await?;
    reply::page(&NewPasskeyPage::new(frame, &ceremony, "", Faults::default()))
}

pub(super) async fn register(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    submission: Submission,
) -> Shown {
    let form = &submission.form;
    let ceremony = Token::received(form.text("ceremony"));
    let answer: Value = serde_json::from_str(form.exact("credential")).unwrap_or_default();
    let name = form.filled("name").map_or_else(|| submission.frame.t("passkey"), str::to_owned);
    let passkeys = web.app.passkeys();
    match passkeys.register(&principal, &ceremony, &answer, &name).await {
        Ok((_, first)) => added(&web, submission.frame, &first, "passkey-added"),
        Err(error) => {
            let problem = Problem::from(error);
            let known = ["name", "credential", "ceremony"];
            let faults = Faults::of_form(&submission.frame, &problem, &known)?;
            let ceremony = passkeys.begin_registration(&principal).await?;
            let page = NewPasskeyPage::new(submission.frame, &ceremony, &name, faults);
            reply::refused(problem.status, &page)
        }
    }
}

pub(super) async fn show(
    Path((_, passkey)): Path<(String, String)>,
    reader: OwnReader,
) -> Shown {
    let OwnReader { web, principal, frame } = reader;
    let id = id(&passkey)?;
    let known = web.app.passkeys().list(&principal).await?;
    let passkey = known.into_iter().find(|one| one.id == id);
    let name = passkey.ok_or_else(|| Failure::missing("passkey"))?.name.to_string();
    let faults = Faults::default();
    reply::page(&PasskeyPage { frame, id: id.to_string(), name, faults })
}

pub(super) async fn rename(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Path((_, passkey)): Path<(String, String)>,
    submission: Submission,
) -> Shown {
    let (id, name) = (id(&passkey)?, submission.form.text("name"));
    match web.app.passkeys().rename(&principal, id, name).await {
        Ok(_) => back(&submission.frame, "passkey-renamed"),
        Err(error) => {
            let problem = Problem::from(error);
            let faults = Faults::of_form(&submission.frame, &problem, &["name"])?;
            let (id, name) = (id.to_string(), name.to_owned());
            let page = PasskeyPage { id, name, faults, frame: submission.frame };
            reply::refused(problem.status, &page)
        }
    }
}

pub(super) async fn remove(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Path((_, passkey)): Path<(String, String)>,
    submission: Submission,
) -> Shown {
    web.app.passkeys().delete(&principal, id(&passkey)?).await?;
    back(&submission.frame, "passkey-removed")
}

fn back(frame: &Frame, message: &str) -> Shown {
    reply::done(&format!("{}/profile", frame.base), &frame.t(message))
}

fn id(text: &str) -> Result<PasskeyId, Failure> {
    text.parse().map_err(|_| Failure::missing("passkey"))
}
