//! The actions of the access model on a record, beside those with a form of their own.

use axum::extract::Path;
use hallpass_app::record::action::ActionInput;

use super::change::parse;
use super::doable::doable;
use super::kind::Kind;
use super::page::RecordPage;
use super::question::Question;
use super::refusal;
use super::subject::Subject;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

fn question(frame: &Frame, subject: &Subject, action: &str) -> Question {
    let name = subject.kind.action_name(action);
    let title = subject.title(frame);
    Question {
        title: text!(frame.text, "record-act-title", action = &name, title = title),
        effects: vec![frame.t("record-act-effect")],
        action: format!("{}/actions/{action}", subject.path()),
        hidden: vec![("version", subject.details.record.version.to_string())],
        has_text: true,
        verb: name,
        keep: frame.t("cancel"),
        back: subject.path(),
        ..Question::default()
    }
}

/// Asks for the text of an action.
pub(crate) async fn ask(
    Path((_, entity, record, action)): Path<(String, String, String, String)>,
    viewer: Viewer,
) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let subject = Subject::load(&mut ctx, &frame, (&entity, &record)).await?;
    if !doable(&subject.kind, &subject.details).iter().any(|known| known.key == action) {
        return Err(Failure::missing("page"));
    }
    let question = question(&frame, &subject, &action);
    let mut page = RecordPage::load(&mut ctx, frame.covered(), subject, None).await?;
    page.question = Some(question);
    reply::page(&page)
}

/// Does an action to a record.
pub(crate) async fn act(
    Path((_, entity, record, action)): Path<(String, String, String, String)>,
    mut submission: Submission,
) -> Shown {
    let text = submission.form.filled("text").map(str::to_owned);
    let id = parse(&record)?;
    let mut ctx = submission.write().await?;
    let input = ActionInput { to: None, text };
    let done = ctx.records().act(&entity, id, &action, &input).await;
    match done {
        Ok(details) => {
            let frame = &submission.frame;
            let kind = Kind::find(&ctx, frame, &entity)?;
            let subject = Subject { kind, details };
            let name = subject.kind.action_name(&action);
            let message =
                text!(frame.text, "record-acted", action = name, title = subject.title(frame));
            reply::done(&subject.path(), &message)
        }
        Err(error) => {
            drop(ctx);
            refusal::show(&mut submission, (&entity, &record), error.into()).await
        }
    }
}

/// Makes a link to a record.
pub(crate) async fn share(
    Path((_, entity, record)): Path<(String, String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&record)?;
    let mut ctx = submission.write().await?;
    match ctx.records().share(&entity, id).await {
        Ok(_) => {
            let base = &submission.frame.base;
            reply::go(&format!("{base}/records/{entity}/{record}?shared=1"))
        }
        Err(error) => {
            drop(ctx);
            refusal::show(&mut submission, (&entity, &record), error.into()).await
        }
    }
}

/// Opens the record of a shared link.
pub(crate) async fn open(
    Path((ws, entity, record)): Path<(String, String, String)>,
    _: Viewer,
) -> Shown {
    reply::go(&format!("/workspace/{ws}/records/{entity}/{record}"))
}
