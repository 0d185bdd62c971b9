//! The transfer of ownership.

use hallpass_domain::id::MemberId;
use hallpass_web::error::Problem;

use super::overview::{refused, with_dialog};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::people;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

pub(super) async fn ask(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let to = query.text("to").parse::<MemberId>().ok();
    let to = to.filter(|id| Some(*id) != ctx.member_id());
    let to = to.filter(|id| ctx.model().member(*id).is_some_and(|known| known.is_active));
    let to = to.ok_or_else(|| Failure::missing("member"))?;
    let name = people::find_name(&mut ctx, &to.to_string()).await?;
    let name = name.ok_or_else(|| Failure::missing("member"))?;
    let top = ctx.model().blueprint().top_role().map(|role| role.name.clone());
    let top = top.unwrap_or_default();
    with_dialog(ctx, frame, |frame| {
        let path = format!("{}/settings/delete", frame.base);
        let recipient = text!(frame.text, "ownership-recipient", name = &name, role = &top);
        let grantor = text!(frame.text, "ownership-grantor", role = &top);
        Dialog {
            title: text!(frame.text, "ownership-title", name = &name),
            effects: vec![recipient, grantor, frame.t("ownership-back")],
            action: format!("{path}/ownership?to={to}"),
            verb: frame.word("transfer_ownership"),
            keep: frame.t("keep-it"),
            back: path,
            word: None,
        }
    })
    .await
}

pub(super) async fn transfer(mut submission: Submission) -> Shown {
    if let Err(problem) = hand_over(&mut submission).await {
        return refused(submission, &problem).await;
    }
    let frame = &submission.frame;
    reply::done(&format!("{}/settings/delete", frame.base), &frame.t("ownership-done"))
}

async fn hand_over(submission: &mut Submission) -> Result<(), Problem> {
    let to = submission.query.text("to").parse::<MemberId>();
    let to = to.map_err(|_| Problem::field("/to", "missing", "choose a member"))?;
    let mut ctx = submission.write().await?;
    Ok(ctx.ownership().transfer(to).await?)
}
