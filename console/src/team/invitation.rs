//! Open invitations in the list: send again, revoke.

use axum::extract::Path;
use hallpass_domain::id::InvitationId;
use hallpass_web::error::Problem;

use super::list::{self, TeamPage};
use super::over::Over;
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

fn invitation_id(text: &str) -> Result<InvitationId, Failure> {
    text.parse().map_err(|_| Failure::missing("invitation"))
}

pub(crate) async fn resend(
    Path((_, invitation)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let invitation = invitation_id(&invitation)?;
    let done: Result<String, Problem> = async {
        let mut ctx = submission.write().await?;
        let sent = ctx.invitations().resend(invitation).await?;
        Ok(sent.email.as_str().to_owned())
    }
    .await;
    match done {
        Ok(email) => {
            let message = text!(submission.frame.text, "team-resent", email = email);
            reply::done(&list::back(&submission), &message)
        }
        Err(problem) => list::refuse(submission, problem).await,
    }
}

pub(crate) async fn ask_revoke(
    Path((_, invitation)): Path<(String, String)>,
    viewer: Viewer,
) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let invitation = ctx.invitations().load(invitation_id(&invitation)?).await?;
    let back = format!("{}/settings/team", frame.base);
    let email = invitation.email.as_str();
    let dialog = Dialog {
        title: text!(frame.text, "team-revoke-title", email = email),
        effects: vec![frame.t("team-revoke-link"), frame.t("team-revoke-later")],
        action: format!("{back}/invitations/{}/revoke", invitation.id),
        verb: frame.t("team-revoke"),
        keep: frame.t("team-keep-invitation"),
        back,
        word: None,
    };
    reply::page(&TeamPage::behind(&mut ctx, frame, Over::Dialog(dialog)).await?)
}

pub(crate) async fn revoke(
    Path((_, invitation)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let invitation = invitation_id(&invitation)?;
    let done: Result<(), Problem> = async {
        let mut ctx = submission.write().await?;
        Ok(ctx.invitations().revoke(invitation).await?)
    }
    .await;
    match done {
        Ok(()) => {
            let frame = &submission.frame;
            reply::done(&format!("{}/settings/team", frame.base), &frame.t("team-revoked"))
        }
        Err(problem) => list::refuse(submission, problem).await,
    }
}
