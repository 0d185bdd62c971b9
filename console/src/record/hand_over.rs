//! The hand-over of a record to another owner.

use axum::extract::Path;
use form_urlencoded::byte_serialize;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::naming::OwnerRef;
use hallpass_app::record::change::RecordChange;
use hallpass_app::record::owner_word;
use hallpass_web::error::Problem;

use super::back::{self, BACK};
use super::change::{self, words};
use super::page::RecordPage;
use super::picker;
use super::question::Question;
use super::refusal;
use super::row::ANOTHER;
use super::subject::Subject;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The page of a record with the question for its new owner over it.
async fn page(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    subject: Subject,
    form: &Form,
) -> Result<RecordPage, Failure> {
    if !subject.may_reassign() {
        return Err(Failure::refused(&frame.t("record-not-reassignable")));
    }
    let owner = owner_word(subject.details.record.owner);
    let name = subject.details.owner_name.clone().unwrap_or_default();
    let id = subject.details.record.id.to_string();
    let chosen = form.filled("owner").unwrap_or(&owner).to_owned();
    let name = if chosen == owner { name } else { String::new() };
    let picker = picker::load(ctx, frame, &subject.kind, (&chosen, &name)).await?;
    let question = Question {
        title: text!(frame.text, "record-reassign-title", title = subject.title(frame)),
        effects: vec![
            text!(frame.text, "record-reassign-effect", one = &subject.kind.one),
            frame.t("record-reassign-event"),
        ],
        action: format!("{}/reassign", subject.path()),
        hidden: std::iter::once(("version", subject.details.record.version.to_string()))
            .chain(back::query(form).map(|query| (BACK, query)))
            .collect(),
        picker,
        verb: text!(frame.text, "record-reassign-verb", one = &subject.kind.one),
        keep: frame.t("record-keep-owner"),
        back: back::path(&frame.base, (&subject.kind.key, &id), form),
        ..Question::default()
    };
    let mut page = RecordPage::load(ctx, frame.clone().covered(), subject, None).await?;
    page.question = Some(question);
    Ok(page)
}

pub(crate) async fn ask(
    Path((_, entity, record)): Path<(String, String, String)>,
    viewer: Viewer,
) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let subject = Subject::load(&mut ctx, &frame, (&entity, &record)).await?;
    reply::page(&page(&mut ctx, &frame, subject, &query).await?)
}

pub(crate) async fn reassign(
    Path((_, entity, record)): Path<(String, String, String)>,
    mut submission: Submission,
) -> Shown {
    let path = (entity.as_str(), record.as_str());
    let owner = submission.form.text("owner");
    if owner == ANOTHER {
        let list = back::query(&submission.form).unwrap_or_default();
        let list: String = byte_serialize(list.as_bytes()).collect();
        let base = &submission.frame.base;
        return reply::go(&format!("{base}/records/{entity}/{record}/reassign?{BACK}={list}"));
    }
    let owner = owner.parse::<OwnerRef>();
    let saved = match owner {
        Ok(owner) => {
            let change = RecordChange { owner: Some(owner), ..RecordChange::default() };
            change::save(&mut submission, path, &change).await
        }
        Err(_) => Err(Problem::field("/owner", "unknown", "choose a member of the list")),
    };
    match saved {
        Ok(subject) => {
            let frame = &submission.frame;
            let name = subject.details.owner_name.clone();
            let name = name.unwrap_or_else(|| frame.t("event-no-owner"));
            let message = text!(
                frame.text,
                "record-reassigned",
                title = subject.title(frame),
                owner = name
            );
            reply::done(&back::path(&frame.base, path, &submission.form), &message)
        }
        // The reader has given it away, and sees it no longer.
        Err(problem) if problem.status == 404 => Err(Failure(problem)),
        // In a list, the reason is over the list.
        Err(problem) if submission.form.is_checked("inline") => {
            refusal::show(&mut submission, path, problem).await
        }
        Err(problem) => {
            let mut ctx = submission.read().await?;
            let frame = submission.frame.clone();
            let subject = Subject::load(&mut ctx, &frame, path).await?;
            let mut page = page(&mut ctx, &frame, subject, &submission.form).await?;
            let error = Some(words(&frame, &problem));
            if let Some(question) = &mut page.question {
                question.error = error;
            }
            reply::refused(problem.status, &page)
        }
    }
}
