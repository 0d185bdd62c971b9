//! The deletion of the workspace.

use hallpass_app::gate::permission::{DeleteWorkspace, ReadMembers};
use hallpass_domain::workspace::GRACE;
use hallpass_web::error::Problem;

use super::overview::{refused, with_dialog};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

pub(super) async fn ask(viewer: Viewer) -> Shown {
    let Viewer { ctx, frame, .. } = viewer;
    if !ctx.opens(&DeleteWorkspace) || !ctx.self_serve().delete {
        return Err(Failure::missing("page"));
    }
    let active = ctx.model().members().filter(|member| member.is_active).count();
    let members = ctx.opens(&ReadMembers).then_some(active);
    with_dialog(ctx, frame, |frame| {
        let path = format!("{}/settings/delete", frame.base);
        let until = frame.moment(frame.now + GRACE).exact;
        let members = members.map_or_else(
            || frame.t("delete-closes"),
            |n| text!(frame.text, "delete-members", n = n),
        );
        let restore = text!(frame.text, "delete-restore", until = until);
        Dialog {
            title: text!(frame.text, "delete-title", workspace = &frame.workspace),
            effects: vec![members, frame.t("delete-programs"), restore],
            action: format!("{path}/workspace"),
            verb: text!(frame.text, "delete-title", workspace = &frame.workspace),
            keep: frame.t("keep-it"),
            back: path,
            word: Some(frame.slug.clone()),
        }
    })
    .await
}

pub(super) async fn delete(mut submission: Submission) -> Shown {
    if let Err(problem) = end(&mut submission).await {
        return refused(submission, &problem).await;
    }
    let frame = &submission.frame;
    let message = text!(frame.text, "delete-done", workspace = &frame.workspace);
    reply::done("/workspaces", &message)
}

async fn end(submission: &mut Submission) -> Result<(), Problem> {
    let confirm = submission.form.exact("confirm").to_owned();
    let mut ctx = submission.write().await?;
    Ok(ctx.workspace().delete(&confirm).await?)
}
