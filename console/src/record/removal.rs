//! The deletion of a record.

use axum::extract::Path;

use super::change::parse;
use super::kind::Kind;
use super::page::RecordPage;
use super::question::Question;
use super::refusal;
use super::subject::Subject;
use crate::failure::Failure;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

pub(crate) async fn ask(
    Path((_, entity, record)): Path<(String, String, String)>,
    viewer: Viewer,
) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let subject = Subject::load(&mut ctx, &frame, (&entity, &record)).await?;
    if !subject.may(subject.kind.resource.key_of(subject.kind.resource.delete)) {
        return Err(Failure::refused(&frame.t("record-not-deletable")));
    }
    let one = &subject.kind.one;
    let question = Question {
        title: text!(frame.text, "record-delete-title", title = subject.title(&frame)),
        effects: vec![
            text!(frame.text, "record-delete-effect", one = one),
            frame.t("record-delete-final"),
        ],
        action: format!("{}/delete", subject.path()),
        hidden: vec![("version", subject.details.record.version.to_string())],
        verb: text!(frame.text, "record-delete-verb", one = one),
        keep: frame.t("record-keep"),
        back: subject.path(),
        is_danger: true,
        ..Question::default()
    };
    let mut page = RecordPage::load(&mut ctx, frame.covered(), subject, None).await?;
    page.question = Some(question);
    reply::page(&page)
}

pub(crate) async fn delete(
    Path((_, entity, record)): Path<(String, String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&record)?;
    let mut ctx = submission.write().await?;
    let kind = Kind::find(&ctx, &submission.frame, &entity)?;
    match ctx.records().delete(&entity, id).await {
        Ok(()) => {
            let one = crate::format::capital(&kind.one);
            let message = text!(submission.frame.text, "record-deleted", one = one);
            reply::done(&kind.path, &message)
        }
        Err(error) => {
            drop(ctx);
            refusal::show(&mut submission, (&entity, &record), error.into()).await
        }
    }
}
