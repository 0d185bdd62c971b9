//! The deletion of a custom role, with who has it.

use axum::extract::Path;
use hallpass_app::naming::RoleRef;

use super::page::{About, RolePage};
use crate::dialog::Dialog;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

fn dialog(frame: &Frame, role: &About) -> Dialog {
    let holders = (!role.people.is_empty())
        .then(|| text!(frame.text, "role-delete-holders", members = &role.members));
    let effects = [Some(frame.t("role-delete-effect")), holders];
    Dialog {
        title: text!(frame.text, "role-delete-title", name = &role.name),
        effects: effects.into_iter().flatten().collect(),
        action: format!("{}/delete", role.path),
        verb: frame.t("role-delete"),
        keep: frame.t("keep-it"),
        back: role.path.clone(),
        word: None,
    }
}

pub(crate) async fn ask(Path((_, role)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let mut page =
        RolePage::load(&mut ctx, frame.covered(), Some(&role), &Form::default()).await?;
    page.dialog = Some(dialog(&page.frame, &page.role));
    reply::page(&page)
}

pub(crate) async fn delete(
    Path((_, role)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let reference = RoleRef::from(role.as_str());
    let mut ctx = submission.write().await?;
    let name = ctx.roles().load(reference.clone()).await?.name;
    let deleted = ctx.roles().delete(reference).await;
    drop(ctx);
    let base = submission.frame.base.clone();
    let Err(error) = deleted else {
        let message = text!(submission.frame.text, "role-deleted", name = name);
        return reply::done(&format!("{base}/settings/roles"), &message);
    };
    let problem = hallpass_web::error::Problem::from(error);
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let mut page = RolePage::load(&mut ctx, frame, Some(&role), &Form::default()).await?;
    page.refused = Faults::of(page.frame.text, &problem, &[]);
    reply::refused(problem.status, &page)
}
