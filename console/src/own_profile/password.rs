//! Another password, which ends every other session.

use axum::extract::State;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Client;

use super::overview::refused;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Authenticated;

pub(super) async fn change(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Client(origin): Client,
    submission: Submission,
) -> Shown {
    let (present, new) = (submission.form.exact("present"), submission.form.exact("new"));
    let changed = web.app.accounts().change_password(&principal, present, new, &origin).await;
    match changed {
        Ok(()) => {
            let frame = &submission.frame;
            reply::done(&format!("{}/profile", frame.base), &frame.t("password-changed"))
        }
        Err(error) => refused(&web, &principal, submission, &Problem::from(error)).await,
    }
}
