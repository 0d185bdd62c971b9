//! The deletion of a record type that the workspace added.

use axum::extract::Path;
use hallpass_app::gate::permission::DeleteSchema;
use hallpass_web::error::Problem;

use super::field::FieldsPage;
use super::head;
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

fn dialog(frame: &Frame, name: &str, path: &str) -> Dialog {
    Dialog {
        title: text!(frame.text, "role-delete-title", name = name),
        effects: vec![frame.t("schema-delete-effect"), frame.t("schema-delete-when")],
        action: format!("{path}/delete"),
        verb: frame.t("schema-delete"),
        keep: frame.t("keep-it"),
        back: path.to_owned(),
        word: None,
    }
}

pub(crate) async fn ask(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    if !head::load(&mut ctx, &entity).await?.is_added || !ctx.opens(&DeleteSchema) {
        return Err(Failure::missing("page"));
    }
    let frame = frame.covered();
    let mut page = FieldsPage::load(&mut ctx, frame, &entity, &Form::default()).await?;
    page.dialog = Some(dialog(&page.frame, &page.head.name, &page.head.path));
    reply::page(&page)
}

pub(crate) async fn delete(
    Path((_, entity)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut ctx = submission.write().await?;
    let name = head::load(&mut ctx, &entity).await?.resource.name;
    let deleted = ctx.entities().delete(&entity).await;
    drop(ctx);
    let Err(error) = deleted else {
        let message = text!(submission.frame.text, "role-deleted", name = name);
        return reply::done(&format!("{}/settings/schema", submission.frame.base), &message);
    };
    let problem = Problem::from(error);
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let mut page = FieldsPage::load(&mut ctx, frame, &entity, &Form::default()).await?;
    page.refused = Faults::of(page.frame.text, &problem, &[]);
    reply::refused(problem.status, &page)
}
