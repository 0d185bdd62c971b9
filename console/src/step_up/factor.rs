//! A second factor for a session that lacks one: a code of the account's, or another authenticator app.
//! It is outside of every workspace, as a workspace that requires it lets no member in before.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hallpass_app::secret::Token;
use hallpass_app::totp::Enrollment;
use hallpass_domain::recovery_code::RecoveryCode;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::{Client, Raw, session_cookie};
use hallpass_web::routes::Routes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Outside;
use crate::local_path::local;
use crate::qr_code;
use crate::reply::{self, Shown};
use crate::viewer::{Authenticated, Reader};

pub(super) fn routes() -> Routes {
    Routes::default()
        .post("/step-up/code", prove)
        .post("/step-up/totp", enroll)
        .get("/step-up/totp", show)
        .post("/step-up/totp/confirm", confirm)
}

/// The page to add an authenticator app, outside of every workspace.
#[derive(Template)]
#[template(path = "factor/outside_totp.html")]
pub(crate) struct OutsideTotpPage {
    outside: Outside,
    next: String,
    secret: String,
    uri: String,
    picture: Option<(usize, String)>,
    refused: Option<String>,
}

/// The recovery codes of the first second factor, outside of every workspace.
#[derive(Template)]
#[template(path = "factor/outside_codes.html")]
pub(crate) struct OutsideCodesPage {
    outside: Outside,
    next: String,
    codes: Vec<String>,
}

impl OutsideTotpPage {
    fn new(
        outside: Outside,
        next: String,
        enrollment: Enrollment,
        refused: Option<String>,
    ) -> OutsideTotpPage {
        let picture = qr_code::draw(&enrollment.uri);
        let Enrollment { secret, uri } = enrollment;
        OutsideTotpPage { outside, next, secret, uri, picture, refused }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> OutsideTotpPage {
        let enrollment =
            Enrollment { secret: "<script>".to_owned(), uri: "otpauth:".to_owned() };
        let refused = Some("The code is wrong.".to_owned());
        OutsideTotpPage::new(Outside::sample(), "/".to_owned(), enrollment, refused)
    }
}

impl OutsideCodesPage {
    fn new(outside: Outside, next: String, codes: &[RecoveryCode]) -> OutsideCodesPage {
        let codes = codes.iter().map(ToString::to_string).collect();
        OutsideCodesPage { outside, next, codes }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> OutsideCodesPage {
        let codes = vec!["0123-4567-89ab-cdef".to_owned(); 10];
        OutsideCodesPage { outside: Outside::sample(), next: "/".to_owned(), codes }
    }
}

async fn prove(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Client(origin): Client,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let sessions = web.app.sessions();
    match sessions.reauthenticate(&principal, (None, Some(form.text("code"))), &origin).await {
        Ok((_, token)) => Ok(with_session(&web, reply::go(&local(form.text("next")))?, &token)),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status >= 500 {
                return Err(Failure(problem));
            }
            let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            let (missing, next) = (encode(form.text("missing")), encode(form.text("next")));
            let wrong = encode(problem.code);
            reply::go(&format!("/step-up?missing={missing}&next={next}&refused={wrong}"))
        }
    }
}

async fn enroll(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Raw(body): Raw,
) -> Shown {
    let next = local(Form::parse(&body).text("next"));
    web.app.totps().enroll(&principal).await?;
    let next = utf8_percent_encode(&next, NON_ALPHANUMERIC);
    reply::go(&format!("/step-up/totp?next={next}"))
}

async fn show(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
) -> Shown {
    let enrollment = web.app.totps().load_enrollment(&principal).await?;
    let outside = reader.outside();
    let next = local(reader.query.text("next"));
    reply::page(&OutsideTotpPage::new(outside, next, enrollment, None))
}

async fn confirm(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let (totps, next) = (web.app.totps(), local(form.text("next")));
    let outside = reader.outside_again();
    match totps.confirm(&principal, form.text("code")).await {
        Ok(added) => {
            let page = OutsideCodesPage::new(outside, next, &added.recovery_codes);
            Ok(with_session(&web, reply::page(&page)?, &added.session))
        }
        Err(error) => {
            let problem = Problem::from(error);
            if !problem.errors.iter().any(|error| error.code == "wrong_code") {
                return Err(problem.into());
            }
            let enrollment = totps.load_enrollment(&principal).await?;
            let refused = Some(outside.t("code-wrong"));
            let page = OutsideTotpPage::new(outside, next, enrollment, refused);
            reply::refused(problem.status, &page)
        }
    }
}

/// The response with another token of the session.
fn with_session(web: &Web, response: Response, token: &Token) -> Response {
    let mut response = response;
    reply::add_cookie(&mut response, &session_cookie(web, token));
    response
}
