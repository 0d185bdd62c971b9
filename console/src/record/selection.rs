//! A selection of records: one question for all of them, and a result that counts.

use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::record::change::RecordChange;
use hallpass_domain::id::RecordId;
use hallpass_web::error::Problem;

use super::change::words;
use super::filter::{Filter, query};
use super::kind::Kind;
use super::list::ListPage;
use super::picker;
use super::question::Question;
use super::steps::may_move;
use super::subject::Subject;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::picker::Choice;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The names of a task and of a record in an address.
const DO: &str = "do";
const RECORD: &str = "record";

/// The records of a selection at most: those of a page.
const MOST: usize = 50;

/// What is done with a selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Reassign,
    Move,
    Delete,
}

impl Task {
    fn parse(word: &str) -> Option<Task> {
        match word {
            "reassign" => Some(Task::Reassign),
            "stage" => Some(Task::Move),
            "delete" => Some(Task::Delete),
            _ => None,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Task::Reassign => "reassign",
            Task::Move => "stage",
            Task::Delete => "delete",
        }
    }

    /// Whether the reader may do it to a record.
    fn applies(self, subject: &Subject) -> bool {
        let resource = &subject.kind.resource;
        match self {
            Task::Reassign => subject.may_reassign(),
            Task::Move => {
                let mut stages = resource.stages.iter();
                stages.any(|stage| may_move(&subject.kind, &subject.details, &stage.key))
            }
            Task::Delete => subject.may(resource.key_of(resource.delete)),
        }
    }
}

fn ids(form: &Form) -> Vec<RecordId> {
    form.every(RECORD).take(MOST).filter_map(|id| id.parse().ok()).collect()
}

/// The question for a selection: how many of its records it is about.
async fn question(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    kind: &Kind,
    (task, ids): (Task, &[RecordId]),
) -> Result<Question, Failure> {
    let mut fitting = Vec::new();
    for id in ids {
        let details = ctx.records().load(&kind.key, *id).await?;
        let subject = Subject { kind: kind.clone(), details };
        if task.applies(&subject) {
            fitting.push(id.to_string());
        }
    }
    let text = frame.text;
    let count = fitting.len();
    let things = if count == 1 { &kind.one } else { &kind.many };
    let (title, effect) = match task {
        Task::Reassign => (
            text!(text, "selection-reassign", n = count, things = things),
            text!(text, "selection-reassign-effect", n = count),
        ),
        Task::Move => (
            text!(text, "selection-move", n = count, things = things),
            text!(text, "selection-move-effect", n = count),
        ),
        Task::Delete => (
            text!(text, "selection-delete", n = count, things = things),
            text!(text, "selection-delete-effect", n = count),
        ),
    };
    let rest = ids.len() - count;
    let left = (rest > 0).then(|| text!(text, "selection-left", n = rest));
    let stage = |stage: &hallpass_engine::Stage| Choice {
        value: stage.key.clone(),
        name: stage.name.clone(),
        is_chosen: false,
    };
    let stages = kind.resource.stages.iter().filter(|_| task == Task::Move).map(stage);
    let picker = match task {
        Task::Reassign => picker::load(ctx, frame, kind, ("", "")).await?,
        Task::Move | Task::Delete => None,
    };
    Ok(Question {
        title: title.clone(),
        effects: std::iter::once(effect).chain(left).collect(),
        action: format!("{}/selection/{}", kind.path, task.word()),
        hidden: fitting.into_iter().map(|id| (RECORD, id)).collect(),
        picker,
        stages: stages.collect(),
        verb: title,
        keep: frame.t("record-keep-all"),
        back: kind.path.clone(),
        is_danger: task == Task::Delete,
        ..Question::default()
    })
}

/// Leads to the question what to do with a selection, which has an address of its own: the way back leads to it.
pub(crate) async fn ask(
    Path((_, entity)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let ctx = submission.read().await?;
    let kind = Kind::find(&ctx, &submission.frame, &entity)?;
    let ids = ids(&submission.form);
    let task = Task::parse(submission.form.text("do")).filter(|_| !ids.is_empty());
    let Some(task) = task else { return reply::go(&kind.path) };
    let filter = Filter::of(&kind, &submission.query);
    let chosen = ids.iter().map(|id| (RECORD, id.to_string()));
    let values = filter.values().into_iter().chain([(DO, task.word().to_owned())]);
    reply::go(&format!("{}/selection{}", kind.path, query(values.chain(chosen))))
}

/// Asks what to do with a selection.
pub(crate) async fn show(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let kind = Kind::find(&ctx, &frame, &entity)?;
    let ids = ids(&query);
    if query.every(RECORD).take(MOST).count() > ids.len() {
        return Err(Failure::missing("record"));
    }
    let task =
        query.filled(DO).map(|word| Task::parse(word).ok_or_else(|| Failure::missing("page")));
    let task = task.transpose()?.filter(|_| !ids.is_empty());
    let Some(task) = task else { return reply::go(&kind.path) };
    let filter = Filter::of(&kind, &query);
    let mut question = question(&mut ctx, &frame, &kind, (task, &ids)).await?;
    question.action.push_str(&filter.as_query());
    question.back.push_str(&filter.as_query());
    let covered = frame.covered();
    let list = (filter, &Form::default());
    let mut page = ListPage::load(&mut ctx, covered, kind, list).await?;
    page.question = Some(question);
    reply::page(&page)
}

/// Does it to each record of a selection, and counts.
pub(crate) async fn run(
    Path((_, entity, task)): Path<(String, String, String)>,
    mut submission: Submission,
) -> Shown {
    let task = Task::parse(&task).ok_or_else(|| Failure::missing("page"))?;
    let ids = ids(&submission.form);
    let ctx = submission.read().await?;
    let kind = Kind::find(&ctx, &submission.frame, &entity)?;
    let list = format!("{}{}", kind.path, Filter::of(&kind, &submission.query).as_query());
    drop(ctx);
    let (mut done, mut refused) = (0_usize, None);
    for id in &ids {
        match one(&mut submission, &kind, task, *id).await {
            Ok(()) => done += 1,
            Err(problem) if problem.status >= 500 => return Err(Failure(problem)),
            Err(problem) => refused = refused.or(Some(problem)),
        }
    }
    let frame = &submission.frame;
    let things = if ids.len() == 1 { &kind.one } else { &kind.many };
    let message = match &refused {
        None => text!(frame.text, "selection-done", n = done, things = things),
        Some(problem) => text!(
            frame.text,
            "selection-partly",
            n = done,
            all = ids.len(),
            things = things,
            why = words(frame, problem)
        ),
    };
    reply::done(&list, &message)
}

async fn one(
    submission: &mut Submission,
    kind: &Kind,
    task: Task,
    id: RecordId,
) -> Result<(), Problem> {
    let form = submission.form.clone();
    let mut ctx = submission.write().await?;
    let change = match task {
        Task::Delete => return Ok(ctx.records().delete(&kind.key, id).await?),
        Task::Reassign => {
            let owner = form.text("owner").parse();
            let wrong = |_| Problem::field("/owner", "unknown", "choose a member of the list");
            RecordChange { owner: Some(owner.map_err(wrong)?), ..RecordChange::default() }
        }
        Task::Move => RecordChange {
            stage: Some(form.text("stage").to_owned()),
            ..RecordChange::default()
        },
    };
    ctx.records().update(&kind.key, id, &change).await?;
    Ok(())
}
