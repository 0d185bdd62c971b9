//! Recovery codes: shown once, to be copied or printed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hallpass_app::factor::Added;
use hallpass_domain::recovery_code::RecoveryCode;
use hallpass_web::Web;
use hallpass_web::extract::session_cookie;

use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Authenticated;

/// The page with recovery codes.
#[derive(Template)]
#[template(path = "factor/codes.html")]
pub(crate) struct RecoveryCodesPage {
    frame: Frame,
    codes: Vec<String>,
}

impl RecoveryCodesPage {
    fn new(frame: Frame, codes: &[RecoveryCode]) -> RecoveryCodesPage {
        RecoveryCodesPage { frame, codes: codes.iter().map(ToString::to_string).collect() }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> RecoveryCodesPage {
        let codes = vec!["0123-4567-89ab-cdef".to_owned(); 10];
        RecoveryCodesPage { frame: Frame::sample(), codes }
    }
}

pub(super) async fn replace(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    submission: Submission,
) -> Shown {
    let codes = web.app.recovery_codes().replace(&principal).await?;
    let profile = format!("{}/profile", submission.frame.base);
    reply::shown_once(200, &RecoveryCodesPage::new(submission.frame, &codes), &profile)
}

/// Goes on after a factor was added, with the other token of the session: with the recovery codes that
/// came with the first factor, or to the profile.
pub(super) fn added(web: &Web, frame: Frame, added: &Added, message: &str) -> Shown {
    let mut response: Response = if added.recovery_codes.is_empty() {
        reply::done(&format!("{}/profile", frame.base), &frame.t(message))?
    } else {
        let (profile, frame) = (format!("{}/profile", frame.base), frame.with_flash(message));
        let page = RecoveryCodesPage::new(frame, &added.recovery_codes);
        reply::shown_once(200, &page, &profile)?
    };
    reply::add_cookie(&mut response, &session_cookie(web, &added.session));
    Ok(response)
}
