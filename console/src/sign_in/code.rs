//! The second step of a sign-in: a code of an authenticator app, a recovery code, or a passkey.

use askama::Template;
use axum::extract::State;
use hallpass_app::session::sign_in::DeviceTrust;
use hallpass_domain::factor::Factors;
use hallpass_web::Web;
use hallpass_web::extract::{Client, Raw, SignInTokens};

use super::complete::go_on;
use super::next::step;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Outside;
use crate::local_path::local;
use crate::refusal;
use crate::reply::{self, Shown};
use crate::viewer::Reader;

/// The page of the second step.
#[derive(Template)]
#[template(path = "sign_in/code.html")]
pub(crate) struct CodePage {
    outside: Outside,
    email: String,
    next: String,
    has_app: bool,
    has_passkeys: bool,
    /// Whether the device is to be remembered, as it was chosen before a wrong code.
    is_remembered: bool,
    refused: Option<String>,
}

impl CodePage {
    #[cfg(test)]
    pub(crate) fn sample() -> CodePage {
        CodePage {
            outside: Outside::sample(),
            email: "<script>".to_owned(),
            next: "/".to_owned(),
            has_app: true,
            has_passkeys: true,
            is_remembered: true,
            refused: Some("The code is wrong.".to_owned()),
        }
    }

    fn new(
        outside: Outside,
        (email, factors): (&str, &Factors),
        form: &Form,
        refused: Option<String>,
    ) -> CodePage {
        CodePage {
            outside,
            email: email.to_owned(),
            next: local(form.text("next")),
            has_app: factors.totp_since.is_some(),
            has_passkeys: factors.passkeys > 0,
            is_remembered: form.is_checked("remember"),
            refused,
        }
    }
}

pub(super) async fn show(
    State(web): State<Web>,
    tokens: SignInTokens,
    reader: Reader,
) -> Shown {
    let Some(pending) = tokens.pending else { return again(&reader.query) };
    let Ok((account, factors)) = web.app.sessions().load_pending(&pending).await else {
        return again(&reader.query);
    };
    let outside = Outside::new(reader.text.language, reader.flash);
    let known = (account.email.as_str(), &factors);
    reply::page(&CodePage::new(outside, known, &reader.query, None))
}

pub(super) async fn check(
    State(web): State<Web>,
    Client(origin): Client,
    tokens: SignInTokens,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let Some(pending) = tokens.pending else { return again(&form) };
    let trust =
        if form.is_checked("remember") { DeviceTrust::Remember } else { DeviceTrust::Once };
    let sessions = web.app.sessions();
    let finished = sessions.finish_sign_in(&pending, form.text("code"), trust, &origin).await;
    match finished.map_err(Failure::from) {
        Ok(done) => {
            let next = local(form.text("next"));
            go_on(&web, &done.session, done.device.as_ref(), &next)
        }
        Err(Failure(problem)) if problem.status < 500 => {
            let Ok((account, factors)) = sessions.load_pending(&pending).await else {
                return again(&form);
            };
            let outside = Outside::new(reader.text.language, None);
            let refused = if problem.code == "wrong_code" {
                outside.t("code-wrong")
            } else {
                refusal::of_problem(outside.text, &problem)
            };
            let known = (account.email.as_str(), &factors);
            let page = CodePage::new(outside, known, &form, Some(refused));
            reply::refused(problem.status, &page)
        }
        Err(failure) => Err(failure),
    }
}

/// Goes back to the first step.
fn again(form: &Form) -> Shown {
    reply::go(&step("/sign-in", &local(form.text("next"))))
}
