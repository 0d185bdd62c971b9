//! The deletion of a team without members.

use axum::extract::Path;
use hallpass_app::naming::TeamRef;
use hallpass_web::error::Problem;

use super::head::Head;
use super::page::TeamPage;
use crate::dialog::Dialog;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

fn dialog(frame: &Frame, head: &Head) -> Dialog {
    let members = head.members.filter(|n| *n > 0);
    let holders = members.map(|n| frame.count("teams-delete-members", n));
    let effects = [Some(frame.t("teams-delete-effect")), holders];
    Dialog {
        title: text!(frame.text, "role-delete-title", name = &head.name),
        effects: effects.into_iter().flatten().collect(),
        action: format!("{}/delete", head.path),
        verb: frame.t("teams-delete"),
        keep: frame.t("keep-it"),
        back: head.path.clone(),
        word: None,
    }
}

pub(crate) async fn ask(Path((_, team)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let frame = frame.covered();
    let mut page = TeamPage::load(&mut ctx, frame, &team, &Form::default()).await?;
    page.dialog = Some(dialog(&page.frame, &page.head));
    reply::page(&page)
}

pub(crate) async fn delete(
    Path((_, team)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let reference = TeamRef::from(team.as_str());
    let mut ctx = submission.write().await?;
    let name = ctx.teams().load(reference.clone()).await?.team.name.to_string();
    let deleted = ctx.teams().delete(reference).await;
    drop(ctx);
    let Err(error) = deleted else {
        let message = text!(submission.frame.text, "role-deleted", name = name);
        return reply::done(&format!("{}/settings/teams", submission.frame.base), &message);
    };
    let problem = Problem::from(error);
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let mut page = TeamPage::load(&mut ctx, frame, &team, &Form::default()).await?;
    page.refused = Faults::of(page.frame.text, &problem, &[]);
    reply::refused(problem.status, &page)
}
