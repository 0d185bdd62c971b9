//! The reset of the second factors of a member who has lost theirs.

use axum::extract::Path;
use hallpass_web::error::Problem;

use super::list::{self, TeamPage, member_id};
use super::over::Over;
use crate::dialog::Dialog;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::{Authenticated, Viewer};

pub(crate) async fn ask(Path((_, member)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let details = ctx.members().load(member_id(&member)?).await?;
    let (id, name) = (details.member.id, details.member.name());
    let back = format!("{}/settings/team", frame.base);
    let dialog = Dialog {
        title: text!(frame.text, "factors-reset-title", name = &name),
        effects: vec![
            text!(frame.text, "factors-reset-effect", name = &name),
            text!(frame.text, "factors-reset-mail", email = details.member.email),
            frame.t("factors-reset-elsewhere"),
        ],
        action: format!("{back}/{id}/factors"),
        verb: frame.t("factors-reset"),
        keep: frame.t("factors-keep"),
        back,
        word: None,
    };
    reply::page(&TeamPage::behind(&mut ctx, frame, Over::Dialog(dialog)).await?)
}

pub(crate) async fn reset(
    Authenticated(principal): Authenticated,
    Path((_, member)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let member = member_id(&member)?;
    let done: Result<String, Problem> = async {
        let mut ctx = submission.write().await?;
        let name = ctx.members().load(member).await?.member.name();
        ctx.members().reset_factors(&principal, member).await?;
        Ok(name)
    }
    .await;
    match done {
        Ok(name) => {
            let message = text!(submission.frame.text, "factors-reset-done", name = name);
            reply::done(&list::back(&submission), &message)
        }
        Err(problem) => list::refuse(submission, problem).await,
    }
}
