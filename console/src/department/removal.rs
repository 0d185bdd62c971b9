//! The deletion of a department without members and without departments below it.

use axum::extract::Path;
use hallpass_app::naming::DepartmentRef;

use super::page::{About, DepartmentPage};
use super::save::refused;
use crate::dialog::Dialog;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

fn dialog(frame: &Frame, about: &About) -> Dialog {
    Dialog {
        title: text!(frame.text, "role-delete-title", name = &about.name),
        effects: vec![frame.t("department-delete-effect"), frame.t("department-delete-when")],
        action: format!("{}/delete", about.path),
        verb: frame.t("department-delete"),
        keep: frame.t("keep-it"),
        back: about.path.clone(),
        word: None,
    }
}

pub(crate) async fn ask(
    Path((_, department)): Path<(String, String)>,
    viewer: Viewer,
) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let frame = frame.covered();
    let form = Form::default();
    let mut page = DepartmentPage::load(&mut ctx, frame, Some(&department), &form).await?;
    page.dialog = page.about.as_ref().map(|about| dialog(&page.frame, about));
    reply::page(&page)
}

pub(crate) async fn delete(
    Path((_, department)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let reference = DepartmentRef::from(department.as_str());
    let mut ctx = submission.write().await?;
    let found = ctx.departments().load(reference.clone()).await?;
    let deleted = ctx.departments().delete(reference).await;
    drop(ctx);
    match deleted {
        Ok(()) => {
            let frame = &submission.frame;
            let name = found.department.name.as_str();
            let message = text!(frame.text, "role-deleted", name = name);
            reply::done(&format!("{}/settings/departments", frame.base), &message)
        }
        Err(error) => refused(&mut submission, &department, &error.into()).await,
    }
}
