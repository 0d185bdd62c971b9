//! Leaving the workspace.

use hallpass_web::error::Problem;

use super::overview::{may_leave, refused, with_dialog};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

pub(super) async fn ask(viewer: Viewer) -> Shown {
    let Viewer { ctx, frame, .. } = viewer;
    if !may_leave(&ctx) {
        return Err(Failure::missing("page"));
    }
    with_dialog(ctx, frame, |frame| {
        let path = format!("{}/settings/delete", frame.base);
        Dialog {
            title: text!(frame.text, "leave-title", workspace = &frame.workspace),
            effects: ["leave-access", "leave-records", "leave-account"]
                .map(|key| frame.t(key))
                .into(),
            action: format!("{path}/membership"),
            verb: frame.word("leave"),
            keep: frame.t("leave-stay"),
            back: path,
            word: None,
        }
    })
    .await
}

pub(super) async fn leave(mut submission: Submission) -> Shown {
    if let Err(problem) = end(&mut submission).await {
        return refused(submission, &problem).await;
    }
    let frame = &submission.frame;
    let message = text!(frame.text, "leave-done", workspace = &frame.workspace);
    reply::done("/workspaces", &message)
}

async fn end(submission: &mut Submission) -> Result<(), Problem> {
    let mut ctx = submission.write().await?;
    Ok(ctx.members().leave().await?)
}
