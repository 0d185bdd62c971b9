//! The fields of a record type, and its names.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::entity::EntityChange;
use hallpass_app::gate::permission::UpdateSchema;
use hallpass_domain::entity::{FieldForm, OptionForm};
use hallpass_engine::FieldType;
use hallpass_web::error::Problem;

use super::head::{self, Head};
use super::row::{self, Sent};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::{CHECKED, Form};
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The fields of a record type.
#[derive(Template)]
#[template(path = "entity/fields.html")]
pub(crate) struct FieldsPage {
    pub(crate) frame: Frame,
    pub(crate) head: Head,
    pub(crate) plural: String,
    pub(crate) one: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) types: Vec<(String, String)>,
    pub(crate) added: Row,
    /// The version that the form was opened with, and what it was made from.
    pub(crate) version: String,
    pub(crate) made_from: String,
    /// The fields of the form, as they are saved.
    saved: Vec<Saved>,
    pub(crate) may_edit: bool,
    pub(crate) refused: Faults,
    pub(crate) dialog: Option<Dialog>,
}

/// A field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// The names of its controls begin with this: `field.company`.
    pub(crate) at: String,
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) holds: String,
    pub(crate) holds_name: String,
    pub(crate) required: bool,
    /// The options of a choice, as the form writes them: one a line.
    pub(crate) options: String,
    pub(crate) is_choice: bool,
    pub(crate) is_removed: bool,
    pub(crate) error: Option<String>,
}

impl Row {
    fn of(frame: &Frame, field: &FieldForm) -> Row {
        Row {
            at: format!("field.{}", field.key),
            key: field.key.clone(),
            name: field.name.clone(),
            holds: field.holds.clone(),
            holds_name: type_name(frame, &field.holds),
            required: field.required,
            options: field.options.iter().map(option_line).collect::<Vec<_>>().join("\n"),
            is_choice: field.holds == "choice",
            is_removed: false,
            error: None,
        }
    }

    /// The row with the values of a form.
    fn with(self, form: &Form) -> Row {
        let sent = Sent::new(form, &self.at);
        Row {
            key: sent.text("key", &self.key),
            name: sent.text("name", &self.name),
            holds: sent.text("type", &self.holds),
            options: sent.text("options", &self.options),
            required: sent.is_checked("required", self.required),
            is_removed: sent.is_checked("remove", false),
            ..self.clone()
        }
    }

    /// The controls of the row, as they are saved.
    fn saved(&self, frame: &Frame) -> Vec<Saved> {
        let control = |part: &str, value: &str, label: &str| Saved {
            name: format!("{}.{part}", self.at),
            value: value.to_owned(),
            label: format!("{}: {}", self.name, frame.t(label)),
            names: Vec::new(),
        };
        let required = if self.required { CHECKED } else { "" };
        let mut saved = vec![
            control("name", &self.name, "name"),
            control("required", required, "schema-required"),
        ];
        if self.is_choice {
            saved.push(control("options", &self.options, "schema-options"));
        }
        saved
    }

    fn field(&self) -> FieldForm {
        let lines = self.options.lines().map(str::trim).filter(|line| !line.is_empty());
        FieldForm {
            key: self.key.clone(),
            name: self.name.clone(),
            holds: self.holds.clone(),
            required: self.required,
            options: if self.holds == "choice" {
                lines.map(option).collect()
            } else {
                Vec::new()
            },
        }
    }
}

/// An option as a line: its name, or `key = name` where they differ.
fn option_line(option: &OptionForm) -> String {
    if option.key == option.name {
        option.name.clone()
    } else {
        format!("{} = {}", option.key, option.name)
    }
}

fn option(line: &str) -> OptionForm {
    let (key, name) = line.split_once(" = ").unwrap_or((line, line));
    OptionForm { key: key.trim().to_owned(), name: name.trim().to_owned() }
}

fn type_name(frame: &Frame, word: &str) -> String {
    frame.t(match word {
        "long_text" => "field-long-text",
        "number" => "field-number",
        "money" => "field-money",
        "date" => "field-date",
        "time" => "field-time",
        "email" => "field-email",
        "phone" => "field-phone",
        "link" => "field-link",
        "choice" => "field-choice",
        "check" => "field-check",
        _ => "field-text",
    })
}

impl FieldsPage {
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        key: &str,
        form: &Form,
    ) -> Result<FieldsPage, Failure> {
        let entity = head::load(ctx, key).await?;
        let head = Head::of(ctx, &frame, "fields", &entity);
        let fields = entity.resource.fields.iter().map(FieldForm::of);
        let stored: Vec<Row> = fields.map(|field| Row::of(&frame, &field)).collect();
        let names = [
            Saved::new(&frame, ("name", &entity.resource.name, "schema-name")),
            Saved::new(&frame, ("one", &entity.resource.one, "schema-one")),
        ];
        let saved = names.into_iter().chain(stored.iter().flat_map(|row| row.saved(&frame)));
        let saved: Vec<Saved> = saved.collect();
        let rows = stored.into_iter().map(|row| row.with(form));
        let added = Row { at: "added".to_owned(), holds: "text".to_owned(), ..Row::default() };
        let types =
            FieldType::WORDS.map(|(word, _)| (word.to_owned(), type_name(&frame, word)));
        let typed = |part: &str, value: &str| {
            form.find(part).map_or_else(|| value.to_owned(), str::to_owned)
        };
        Ok(FieldsPage {
            plural: typed("name", &entity.resource.name),
            one: typed("one", &entity.resource.one),
            rows: rows.collect(),
            types: types.into(),
            added: added.with(form),
            version: entity.version.to_string(),
            made_from: row::made_from(&saved),
            saved,
            may_edit: ctx.opens(&UpdateSchema),
            refused: Faults::default(),
            dialog: None,
            head,
            frame,
        })
    }

    /// The change that saves the form.
    fn change(&self) -> EntityChange {
        let kept = self.rows.iter().filter(|row| !row.is_removed);
        let added = Some(&self.added).filter(|row| !row.name.is_empty());
        let fields = kept.chain(added).map(Row::field).collect();
        EntityChange {
            name: Some(Some(self.plural.clone())),
            one: Some(Some(self.one.clone())),
            fields: Some(Some(fields)),
            stages: None,
        }
    }

    /// Puts the mistakes in fields at their rows.
    fn refuse(&mut self, problem: &Problem, form: &Form) {
        let kept = self.rows.iter_mut().filter(|row| !row.is_removed);
        let rows = kept.chain(Some(&mut self.added));
        let errors = rows.map(|row| &mut row.error);
        self.refused =
            row::refuse(self.frame.text, problem, ("fields", &["name", "one"]), errors);
        if problem.status == 412 {
            self.refused = row::stale(&self.frame, form, &self.saved);
        } else {
            form.keep_base(&mut self.version, &mut self.made_from);
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> FieldsPage {
        let row = Row {
            at: "field.kind".to_owned(),
            key: "kind".to_owned(),
            name: "<script>".to_owned(),
            holds: "choice".to_owned(),
            holds_name: "Choice".to_owned(),
            required: true,
            options: "a = <script>".to_owned(),
            is_choice: true,
            is_removed: true,
            error: Some("<script>".to_owned()),
        };
        FieldsPage {
            frame: Frame::sample(),
            head: Head::sample("fields"),
            plural: "<script>".to_owned(),
            one: "<script>".to_owned(),
            rows: vec![row.clone()],
            types: vec![("text".to_owned(), "Text".to_owned())],
            added: row,
            version: "1".to_owned(),
            made_from: String::new(),
            saved: Vec::new(),
            may_edit: true,
            refused: Faults::whole("<script>".to_owned()),
            dialog: Some(Dialog::sample()),
        }
    }
}

pub(crate) async fn show(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    reply::page(&FieldsPage::load(&mut ctx, frame, &entity, &Form::default()).await?)
}

pub(crate) async fn save(
    Path((_, entity)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut ctx = submission.write().await?;
    let (frame, form) = (submission.frame.clone(), &submission.form);
    let page = FieldsPage::load(&mut ctx, frame, &entity, form).await?;
    let saved = ctx.entities().update(&entity, &page.change()).await;
    drop(ctx);
    match saved {
        Ok(saved) => {
            let message = text!(page.frame.text, "role-saved", name = &saved.resource.name);
            reply::done(&page.head.path, &message)
        }
        Err(error) => {
            let problem = Problem::from(error);
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame.clone(), &submission.form);
            let mut page = FieldsPage::load(&mut ctx, frame, &entity, form).await?;
            page.refuse(&problem, form);
            reply::refused(problem.status, &page)
        }
    }
}

#[cfg(test)]
mod tests;
