//! The deletion of one's own account, for every member (HARMONY-50, HARMONY-56).

use axum::extract::State;
use hallpass_app::account::deletion::DELETE;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::no_session_cookie;

use super::overview::{refused, with_dialog};
use crate::dialog::Dialog;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::{Authenticated, Viewer};

pub(super) async fn ask(viewer: Viewer) -> Shown {
    let Viewer { ctx, frame, .. } = viewer;
    with_dialog(ctx, frame, |frame| {
        let path = format!("{}/settings/delete", frame.base);
        let effects = ["delete-account-memberships", "delete-account-records"];
        let effects =
            effects.into_iter().chain(["delete-account-sessions", "cannot-be-undone"]);
        Dialog {
            title: frame.t("delete-account-title"),
            effects: effects.map(|key| frame.t(key)).collect(),
            action: format!("{path}/account"),
            verb: frame.t("delete-account"),
            keep: frame.t("keep-it"),
            back: path,
            word: Some(DELETE.to_owned()),
        }
    })
    .await
}

pub(super) async fn delete(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    submission: Submission,
) -> Shown {
    let deleted = web.app.accounts().delete(&principal, submission.form.exact("confirm")).await;
    if let Err(error) = deleted {
        return refused(submission, &Problem::from(error)).await;
    }
    let mut response = reply::done("/sign-in", &submission.frame.t("delete-account-done"))?;
    reply::add_cookie(&mut response, &no_session_cookie(&web));
    Ok(response)
}
