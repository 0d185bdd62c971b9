//! The import of records from CSV: which column is which field, what is wrong by line, then all or nothing.

use askama::Template;
use axum::extract::Path;
use hallpass_app::Error;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::RecordPermission;
use hallpass_app::record::change::NewRecord;
use hallpass_domain::record::{Schema, Write};
use hallpass_domain::text::fold;
use hallpass_web::error::Problem;
use serde_json::{Map, Value};

use super::change::words;
use super::choice::Choice;
use super::kind::Kind;
use super::picker::Picker;
use super::table::read;
use super::value::parse;
use crate::failure::{Failure, sentence};
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The lines of an import at most.
const MOST: usize = 2_000;

/// The mistakes that a page lists at most.
const LISTED: usize = 50;

/// The import of records.
#[derive(Template)]
#[template(path = "record/import.html")]
pub(crate) struct ImportPage {
    frame: Frame,
    kind: Kind,
    /// The text, as it was pasted.
    text: String,
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

/// A column of the text, and the field that it is.
#[derive(Clone, Debug)]
struct Mapped {
    name: String,
    title: String,
    example: String,
    fields: Vec<Choice>,
}

/// What is wrong with a line.
#[derive(Clone, Debug)]
struct Mistake {
    line: usize,
    field: String,
    text: String,
}

impl ImportPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ImportPage {
        let field = Choice { value: "name".into(), name: "<script>".into(), is_chosen: true };
        ImportPage {
            frame: Frame::sample(),
            kind: Kind::sample(),
            text: "name\n<script>".to_owned(),
            columns: vec![Mapped {
                name: "column.0".to_owned(),
                title: "<script>".to_owned(),
                example: "<script>".to_owned(),
                fields: vec![field],
            }],
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

/// The lines of a text as records, and what is wrong with the others.
struct Checked {
    columns: Vec<Mapped>,
    records: Vec<NewRecord>,
    mistakes: Vec<Mistake>,
    lines: usize,
    wrong_lines: usize,
}

fn check(frame: &Frame, kind: &Kind, form: &Form) -> Checked {
    let mut lines = read(form.exact("text"));
    let head = if lines.is_empty() { Vec::new() } else { lines.remove(0).1 };
    let fields = &kind.resource.fields;
    let chosen: Vec<Option<usize>> = head
        .iter()
        .enumerate()
        .map(|(place, title)| field_of(kind, form, place, title))
        .collect();
    let columns = head.iter().zip(&chosen).enumerate().map(|(place, (title, chosen))| {
        let none = Choice {
            value: "-".to_owned(),
            name: frame.t("import-skip"),
            is_chosen: chosen.is_none(),
        };
        let choices = fields.iter().enumerate().map(|(index, field)| Choice {
            value: field.key.clone(),
            name: field.name.clone(),
            is_chosen: *chosen == Some(index),
        });
        let first = lines.first().and_then(|(_, cells)| cells.get(place));
        Mapped {
            name: format!("column.{place}"),
            title: title.trim().to_owned(),
            example: first.cloned().unwrap_or_default(),
            fields: std::iter::once(none).chain(choices).collect(),
        }
    });
    let columns = columns.collect();
    let (mut records, mut mistakes, mut wrong_lines) = (Vec::new(), Vec::new(), 0);
    for (line, cells) in &lines {
        let mut values = Map::new();
        for (cell, field) in cells.iter().zip(&chosen) {
            if let Some(field) = field.and_then(|place| fields.get(place)) {
                let value = parse(frame, field, cell);
                if value != Value::Null {
                    values.insert(field.key.clone(), value);
                }
            }
        }
        match Schema::of(&kind.resource).check(&values, Write::New) {
            Ok(_) => records.push(NewRecord { fields: values, owner: None, stage: None }),
            Err(errors) => {
                wrong_lines += 1;
                mistakes.extend(errors.into_iter().map(|error| Mistake {
                    line: *line,
                    field: field_name(kind, &error.pointer),
                    text: sentence(&error.detail),
                }));
            }
        }
    }
    Checked { columns, records, mistakes, lines: lines.len(), wrong_lines }
}

/// The field of a column: the one that the form says, else the one of that name.
fn field_of(kind: &Kind, form: &Form, place: usize, title: &str) -> Option<usize> {
    let fields = &kind.resource.fields;
    match form.find(&format!("column.{place}")) {
        Some(key) => fields.iter().position(|field| field.key == key),
        None => {
            let wanted = fold(title.trim());
            fields
                .iter()
                .position(|field| fold(&field.key) == wanted || fold(&field.name) == wanted)
        }
    }
}

fn field_name(kind: &Kind, pointer: &str) -> String {
    let key = pointer.rsplit('/').next().unwrap_or_default();
    let known = kind.resource.fields.iter().find(|field| field.key == key);
    known.map_or(key, |field| &field.name).to_owned()
}

async fn picker(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    kind: &Kind,
    form: &Form,
) -> Result<Option<Picker>, Failure> {
    let own = ctx.member_id().map(|id| id.to_string()).unwrap_or_default();
    let owner = form.filled("owner").unwrap_or(&own).to_owned();
    let name = if owner == own { frame.me.name.clone() } else { String::new() };
    Picker::load(ctx, frame, kind, (&owner, &name)).await
}

/// Shows where to paste.
pub(crate) async fn show(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let kind = Kind::find(&ctx, &frame, &entity)?;
    let creates = kind.resource.key_of(kind.resource.create).unwrap_or_default();
    if !ctx.opens(&RecordPermission::new(&kind.key, creates)) {
        return Err(Failure::refused(&frame.t("import-not-allowed")));
    }
    let picker = picker(&mut ctx, &frame, &kind, &query).await?;
    reply::page(&ImportPage::blank(frame, kind, picker))
}

/// Checks a text, or imports it.
pub(crate) async fn run(
    Path((_, entity)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let kind = Kind::find(&ctx, &frame, &entity)?;
    drop(ctx);
    let mut checked = check(&frame, &kind, &submission.form);
    let owner = submission.form.filled("owner").and_then(|owner| owner.parse().ok());
    for record in &mut checked.records {
        record.owner = owner;
    }
    let problem = if checked.lines > MOST {
        Some(Problem::field("/text", "too_long", frame.t("import-too-many")))
    } else if checked.records.is_empty() {
        None
    } else if submission.form.text("do") == "import" {
        let mut ctx = submission.write().await?;
        match ctx.records().import(&entity, &checked.records).await {
            Ok(count) => {
                let things = if count == 1 { &kind.one } else { &kind.many };
                let message = text!(frame.text, "import-done", n = count, things = things);
                return reply::done(&kind.path, &message);
            }
            Err(error) => Some(Problem::from(error)),
        }
    } else {
        // The same use case up to its first write: whether the reader may import for this owner.
        let mut rehearsal = submission.rehearse().await?;
        match rehearsal.ctx.records().import(&entity, &checked.records).await {
            Ok(_) | Err(Error::DryRun) => None,
            Err(error) => Some(Problem::from(error)),
        }
    };
    again(&mut submission, kind, checked, problem).await
}

/// Shows the text again, with what was found in it.
async fn again(
    submission: &mut Submission,
    kind: Kind,
    checked: Checked,
    problem: Option<Problem>,
) -> Shown {
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let picker = picker(&mut ctx, &frame, &kind, &submission.form).await?;
    let mut page = ImportPage::blank(frame, kind, picker);
    let text = page.frame.text;
    let right = checked.records.len();
    let things = if right == 1 { &page.kind.one } else { &page.kind.many };
    page.found = if checked.lines == 0 {
        page.frame.t("import-empty")
    } else {
        text!(text, "import-found", right = right, all = checked.lines)
    };
    page.verb = if checked.wrong_lines == 0 {
        text!(text, "import-verb", n = right, things = things)
    } else {
        text!(text, "import-verb-right", n = right)
    };
    let beyond = checked.mistakes.len().saturating_sub(LISTED);
    page.more = (beyond > 0).then(|| text!(text, "import-more", n = beyond));
    page.mistakes = checked.mistakes.into_iter().take(LISTED).collect();
    page.columns = checked.columns;
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
