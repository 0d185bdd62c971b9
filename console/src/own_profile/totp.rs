//! The authenticator app: a picture for it, its first code, its removal.

use askama::Template;
use axum::extract::State;
use hallpass_app::totp::Enrollment;
use hallpass_web::Web;
use hallpass_web::error::Problem;

use super::reader::OwnReader;
use super::recovery_code::added;
use crate::frame::Frame;
use crate::qr_code;
use crate::refusal;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Authenticated;

/// The page to add an authenticator app.
#[derive(Template)]
#[template(path = "factor/totp.html")]
pub(crate) struct TotpPage {
    frame: Frame,
    /// The secret in groups of four.
    secret: String,
    /// The address that an app reads.
    uri: String,
    /// The width of the picture in modules, and the path that draws it.
    picture: Option<(usize, String)>,
    refused: Option<String>,
}

impl TotpPage {
    fn new(frame: Frame, enrollment: &Enrollment, refused: Option<String>) -> TotpPage {
        let groups: Vec<String> = enrollment
            .secret
            .as_bytes()
            .chunks(4)
            .map(|group| String::from_utf8_lossy(group).into_owned())
            .collect();
        let picture = qr_code::draw(&enrollment.uri);
        TotpPage {
            frame,
            secret: groups.join(" "),
            uri: enrollment.uri.clone(),
            picture,
            refused,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> TotpPage {
        let enrollment = Enrollment {
            secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned(),
            uri: "otpauth://totp/Hallpass:dana".to_owned(),
        };
        TotpPage::new(Frame::sample(), &enrollment, Some("The code is wrong.".to_owned()))
    }
}

pub(super) async fn enroll(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    submission: Submission,
) -> Shown {
    web.app.totps().enroll(&principal).await?;
    reply::go(&format!("{}/profile/totp", submission.frame.base))
}

pub(super) async fn show(reader: OwnReader) -> Shown {
    let OwnReader { web, principal, frame } = reader;
    let enrollment = web.app.totps().load_enrollment(&principal).await?;
    reply::page(&TotpPage::new(frame, &enrollment, None))
}

pub(super) async fn confirm(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    submission: Submission,
) -> Shown {
    let totps = web.app.totps();
    match totps.confirm(&principal, submission.form.text("code")).await {
        Ok(confirmed) => added(&web, submission.frame, &confirmed, "totp-added"),
        Err(error) => {
            let problem = Problem::from(error);
            if !problem.errors.iter().any(|error| error.code == "wrong_code") {
                return Err(problem.into());
            }
            let enrollment = totps.load_enrollment(&principal).await?;
            let refused = Some(refusal::of_problem(submission.frame.text, &problem));
            let page = TotpPage::new(submission.frame, &enrollment, refused);
            reply::refused(problem.status, &page)
        }
    }
}

pub(super) async fn remove(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    submission: Submission,
) -> Shown {
    web.app.totps().remove(&principal).await?;
    let frame = &submission.frame;
    reply::done(&format!("{}/profile", frame.base), &frame.t("totp-removed"))
}
