//! The import of records from CSV: which column is which field, what is wrong by line, then all or nothing.

use askama::Template;
use axum::extract::Path;
use hallpass_app::Error;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::RecordPermission;
use hallpass_app::naming::OwnerRef;
use hallpass_app::record::import::{ImportLine, Imported, MOST_IMPORTED};
use hallpass_web::error::Problem;

use super::change::words;
use super::column::Mapped;
use super::kind::Kind;
use super::lines::{Lines, Mistake, owner_names};
use super::owner_name::OwnerNames;
use super::picker;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::picker::Picker;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::upload::LARGEST;
use crate::viewer::Viewer;

/// The mistakes that a page lists at most.
const LISTED: usize = 50;

/// The import of records.
#[derive(Template)]
#[template(path = "record/import.html")]
pub(crate) struct ImportPage {
    frame: Frame,
    kind: Kind,
    /// The text, as it was pasted or as its file has it.
    text: String,
    /// The bytes of a file at most.
    largest: usize,
    /// The columns, each with the fields to choose from; empty before a text is read.
    columns: Vec<Mapped>,
    picker: Option<Picker>,
    mistakes: Vec<Mistake>,
    /// How many mistakes there are beyond those listed.
    more: Option<String>,
    refused: Option<String>,
    /// How many lines can be imported.
    right: usize,
    /// What the check found, in words.
    found: String,
    verb: String,
}

impl ImportPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ImportPage {
        ImportPage {
            frame: Frame::sample(),
            kind: Kind::sample(),
            text: "name\n<script>".to_owned(),
            largest: LARGEST,
            columns: vec![Mapped::sample()],
            picker: Some(Picker::sample()),
            mistakes: vec![Mistake {
                line: 2,
                field: "Name".to_owned(),
                text: "This field is required.".to_owned(),
            }],
            more: Some("3 more".to_owned()),
            refused: Some("Too many lines.".to_owned()),
            right: 1,
            found: "1 of 2 lines can be imported.".to_owned(),
            verb: "Import 1 deal".to_owned(),
        }
    }

    fn blank(frame: Frame, kind: Kind, picker: Option<Picker>) -> ImportPage {
        ImportPage {
            frame,
            kind,
            text: String::new(),
            largest: LARGEST,
            columns: Vec::new(),
            picker,
            mistakes: Vec::new(),
            more: None,
            refused: None,
            right: 0,
            found: String::new(),
            verb: String::new(),
        }
    }
}

async fn owner_picker(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    kind: &Kind,
    form: &Form,
) -> Result<Option<Picker>, Failure> {
    let own = ctx.member_id().map(|id| id.to_string()).unwrap_or_default();
    let owner = form.filled("owner").unwrap_or(&own).to_owned();
    let name = if owner == own { frame.me.name.clone() } else { String::new() };
    picker::load(ctx, frame, kind, (&owner, &name)).await
}

/// Shows where to paste.
pub(crate) async fn show(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let kind = Kind::find(&ctx, &frame, &entity)?;
    let creates = kind.resource.key_of(kind.resource.create).unwrap_or_default();
    if !ctx.opens(&RecordPermission::new(&kind.key, creates)) {
        return Err(Failure::refused(&frame.t("import-not-allowed")));
    }
    let picker = owner_picker(&mut ctx, &frame, &kind, &query).await?;
    reply::page(&ImportPage::blank(frame, kind, picker))
}

/// Checks a text, or imports it.
pub(crate) async fn run(
    Path((_, entity)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let kind = Kind::find(&ctx, &frame, &entity)?;
    if let Some(upload) = submission.form.file("file").cloned() {
        match upload.table() {
            Ok(text) => submission.form = submission.form.clone().put("text", text),
            Err(reason) => {
                let detail = frame.with(reason, "name", &upload.name);
                let problem = Problem::field("/file", "not_a_table", detail);
                drop(ctx);
                return again(&mut submission, kind, Lines::default(), Some(problem)).await;
            }
        }
    }
    let wanted = owner_names(&kind, &frame, &submission.form);
    let names = OwnerNames::load(&mut ctx, &frame, &kind, wanted).await?;
    drop(ctx);
    let mut lines = Lines::read(&frame, &kind, &submission.form, &names);
    if lines.count > MOST_IMPORTED {
        let problem = Problem::field("/text", "too_long", frame.t("import-too-many"));
        lines.right.clear();
        return again(&mut submission, kind, lines, Some(problem)).await;
    }
    if submission.form.text("do") != "import" || lines.right.is_empty() {
        check(&mut submission, &kind, &mut lines).await?;
        return again(&mut submission, kind, lines, None).await;
    }
    let mut ctx = submission.write().await?;
    match ctx.records().import(&entity, &lines.right).await {
        Ok(Imported::Started(job)) => {
            let path = format!("{}/bulk-jobs/{}", frame.base, job.id);
            reply::done(&path, &frame.t("bulk-job-now-running"))
        }
        Ok(Imported::Done(count)) => {
            let things = if count == 1 { &kind.one } else { &kind.many };
            let message = text!(frame.text, "import-done", n = count, things = things);
            reply::done(&kind.path, &message)
        }
        Err(error) => {
            drop(ctx);
            again(&mut submission, kind, lines, Some(error.into())).await
        }
    }
}

/// Whether the reader may import records of an owner in a stage.
struct Answer {
    owner: Option<OwnerRef>,
    stage: Option<String>,
    refused: Option<String>,
}

/// Takes the lines out that the reader may not import: the same use case up to its first write, for each
/// owner and stage that lines have.
async fn check(
    submission: &mut Submission,
    kind: &Kind,
    lines: &mut Lines,
) -> Result<(), Problem> {
    let mut answers: Vec<Answer> = Vec::new();
    for line in std::mem::take(&mut lines.right) {
        let (owner, stage) = (line.record.owner, line.record.stage.clone());
        let known = answers.iter().find(|known| known.owner == owner && known.stage == stage);
        let refused = match known {
            Some(known) => known.refused.clone(),
            None => {
                let refused = rehearse(submission, kind, &line).await?;
                answers.push(Answer { owner, stage, refused: refused.clone() });
                refused
            }
        };
        match refused {
            None => lines.right.push(line),
            Some(text) => {
                let mistake = Mistake { line: line.number, field: String::new(), text };
                lines.refuse(vec![mistake]);
            }
        }
    }
    lines.mistakes.sort_by_key(|mistake| mistake.line);
    Ok(())
}

/// Why the reader may not import a line.
async fn rehearse(
    submission: &mut Submission,
    kind: &Kind,
    line: &ImportLine,
) -> Result<Option<String>, Problem> {
    let mut rehearsal = submission.rehearse().await?;
    let lines = std::slice::from_ref(line);
    match rehearsal.ctx.records().import(&kind.key, lines).await {
        Ok(_) | Err(Error::DryRun) => Ok(None),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status >= 500 {
                return Err(problem);
            }
            Ok(Some(words(&submission.frame, &problem)))
        }
    }
}

/// Shows the text again, with what was found in it.
async fn again(
    submission: &mut Submission,
    kind: Kind,
    lines: Lines,
    problem: Option<Problem>,
) -> Shown {
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let picker = owner_picker(&mut ctx, &frame, &kind, &submission.form).await?;
    let mut page = ImportPage::blank(frame, kind, picker);
    let text = page.frame.text;
    let right = lines.right.len();
    let things = if right == 1 { &page.kind.one } else { &page.kind.many };
    page.found = match (lines.count, &problem) {
        (0, Some(_)) => String::new(),
        (0, None) => page.frame.t("import-empty"),
        (all, _) => text!(text, "import-found", right = right, all = all),
    };
    page.verb = if lines.wrong == 0 {
        text!(text, "import-verb", n = right, things = things)
    } else {
        text!(text, "import-verb-right", n = right)
    };
    let beyond = lines.mistakes.len().saturating_sub(LISTED);
    page.more = (beyond > 0).then(|| text!(text, "import-more", n = beyond));
    page.mistakes = lines.mistakes.into_iter().take(LISTED).collect();
    page.columns = lines.columns;
    page.right = if problem.is_none() { right } else { 0 };
    submission.form.exact("text").clone_into(&mut page.text);
    match problem {
        None => reply::page(&page),
        Some(problem) => {
            page.refused = Some(words(&page.frame, &problem));
            reply::refused(problem.status, &page)
        }
    }
}
