//! The form of a record: a new one, or a change of its fields and its owner.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::RecordPermission;
use hallpass_app::naming::OwnerRef;
use hallpass_app::record::change::{NewRecord, RecordChange};
use hallpass_app::record::owner_word;
use hallpass_web::error::Problem;
use serde_json::{Map, Value};

use super::change::{self, STALE, words};
use super::input::{Input, pointer};
use super::kind::Kind;
use super::picker;
use super::subject::Subject;
use super::value;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::picker::Choice;
use crate::picker::Picker;
use crate::refusal;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The form of a record.
#[derive(Template)]
#[template(path = "record/form.html")]
pub(crate) struct FormPage {
    pub(crate) frame: Frame,
    pub(crate) kind: Kind,
    pub(crate) title: String,
    pub(crate) action: String,
    pub(crate) back: String,
    pub(crate) inputs: Vec<Input>,
    pub(crate) picker: Option<Picker>,
    /// The stages of a new record; empty for no choice.
    pub(crate) stages: Vec<Choice>,
    /// The version that the form was opened with; none for a new record.
    pub(crate) version: Option<String>,
    /// What the form was made from.
    pub(crate) made_from: String,
    /// Why the form was refused.
    pub(crate) refused: Option<String>,
    pub(crate) verb: String,
}

impl FormPage {
    #[cfg(test)]
    pub(crate) fn sample() -> FormPage {
        let kind = Kind::sample();
        FormPage {
            frame: Frame::sample(),
            title: "Edit <script>".to_owned(),
            action: "#".to_owned(),
            back: "#".to_owned(),
            inputs: Input::samples(),
            picker: Some(Picker::sample()),
            stages: Vec::new(),
            version: Some("3".to_owned()),
            made_from: String::new(),
            refused: Some("Ben saved first.".to_owned()),
            verb: "Save".to_owned(),
            kind,
        }
    }

    /// The form of a new record, with what was typed.
    async fn blank(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        kind: Kind,
        form: &Form,
    ) -> Result<FormPage, Failure> {
        let creates = kind.resource.key_of(kind.resource.create).unwrap_or_default();
        if let Some(denial) = ctx.denial(&RecordPermission::new(&kind.key, creates)) {
            return Err(Failure::denied(denial));
        }
        let own = ctx.member_id().map(|id| id.to_string()).unwrap_or_default();
        let owner = form.filled("owner").unwrap_or(&own).to_owned();
        let name = if owner == own { frame.me.name.clone() } else { String::new() };
        let picker = picker::load(ctx, &frame, &kind, (&owner, &name)).await?;
        let inputs = kind.resource.fields.iter();
        let inputs = inputs.map(|field| Input::new(field, form.text(&Input::name_of(field))));
        let may = |by: Option<usize>| {
            let key = kind.resource.key_of(by);
            key.is_none_or(|key| ctx.opens(&RecordPermission::new(&kind.key, key)))
        };
        let stages = kind.resource.stages.iter().filter(|stage| may(stage.by));
        let stages = stages.map(|stage| Choice {
            value: stage.key.clone(),
            name: stage.name.clone(),
            is_chosen: stage.key == form.text("stage"),
        });
        Ok(FormPage {
            title: text!(frame.text, "record-new", one = &kind.one),
            action: format!("{}/new", kind.path),
            back: kind.path.clone(),
            inputs: inputs.collect(),
            picker,
            stages: stages.collect(),
            version: None,
            made_from: String::new(),
            refused: None,
            verb: text!(frame.text, "record-create", one = &kind.one),
            kind,
            frame,
        })
    }

    /// The form of a record. With a form, what was typed in it stays.
    async fn of(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        subject: Subject,
        form: Option<&Form>,
    ) -> Result<FormPage, Failure> {
        let record = &subject.details.record;
        let typed = |field: &hallpass_engine::Field| {
            let saved = value::typed(&frame, field, record.fields.get(&field.key));
            let Some(form) = form else { return Input::new(field, &saved) };
            let input = Input::new(field, &sent(field, form, &saved));
            let shown = value::shown(&frame, field, record.fields.get(&field.key));
            if input.value == saved { input } else { input.beside(&frame, &shown) }
        };
        let fields = subject.kind.resource.fields.iter().filter(|_| subject.may_update());
        let inputs = fields.map(typed).collect();
        let owner = owner_word(record.owner);
        let picker = if subject.may_reassign() {
            let name = subject.details.owner_name.clone().unwrap_or_default();
            let chosen = form.and_then(|form| form.filled("owner")).unwrap_or(&owner);
            let name = if chosen == owner { name } else { String::new() };
            picker::load(ctx, &frame, &subject.kind, (chosen, &name)).await?
        } else {
            None
        };
        let path = subject.path();
        Ok(FormPage {
            title: text!(frame.text, "record-edit-title", title = subject.title(&frame)),
            action: format!("{path}/edit"),
            back: path,
            inputs,
            picker,
            stages: Vec::new(),
            version: Some(record.version.to_string()),
            made_from: made_from(&frame, &subject),
            refused: None,
            verb: frame.t("record-save"),
            kind: subject.kind,
            frame,
        })
    }

    /// Puts the mistakes of a refusal at their inputs, and what is left over the form.
    fn with_problem(&mut self, problem: &Problem, form: &Form) {
        let mut rest = problem.errors.is_empty();
        for error in &problem.errors {
            let input =
                self.inputs.iter_mut().find(|input| pointer(&input.key) == error.pointer);
            let picker = self.picker.as_mut().filter(|_| error.pointer == "/owner");
            if let Some(input) = input {
                input.error = Some(refusal::of_field(self.frame.text, error));
            } else if let Some(picker) = picker {
                picker.error = Some(refusal::of_field(self.frame.text, error));
            } else {
                rest = true;
            }
        }
        if rest {
            self.refused = Some(words(&self.frame, problem));
        }
        if problem.status == STALE {
            return;
        }
        for input in &mut self.inputs {
            input.saved = None;
        }
        if let Some(version) = &mut self.version {
            form.keep_base(version, &mut self.made_from);
        }
    }
}

/// Shows the form of a new record.
pub(crate) async fn blank(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let kind = Kind::find(&ctx, &frame, &entity)?;
    reply::page(&FormPage::blank(&mut ctx, frame, kind, &query).await?)
}

/// Creates a record.
pub(crate) async fn create(
    Path((_, entity)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut ctx = submission.write().await?;
    let kind = Kind::find(&ctx, &submission.frame, &entity)?;
    let (form, frame) = (&submission.form, &submission.frame);
    let mut fields = Map::new();
    for field in &kind.resource.fields {
        let value = value::read(frame, field, form);
        if field.required || value != Value::Null {
            fields.insert(field.key.clone(), value);
        }
    }
    let owner = owner(form)?;
    let stage = form.filled("stage").map(str::to_owned);
    let new = NewRecord { fields, owner, stage };
    match ctx.records().create(&entity, &new).await {
        Ok(details) => {
            let subject = Subject { kind, details };
            let message =
                text!(frame.text, "record-created-done", title = subject.title(frame));
            reply::done(&subject.path(), &message)
        }
        Err(error) => {
            drop(ctx);
            let problem = Problem::from(error);
            let mut ctx = submission.read().await?;
            let frame = submission.frame.clone();
            let mut page = FormPage::blank(&mut ctx, frame, kind, &submission.form).await?;
            page.with_problem(&problem, &submission.form);
            reply::refused(problem.status, &page)
        }
    }
}

fn owner(form: &Form) -> Result<Option<OwnerRef>, Problem> {
    let wrong = |_| Problem::field("/owner", "unknown", "choose a member of the list");
    form.filled("owner").map(|owner| owner.parse().map_err(wrong)).transpose()
}

/// Shows the form of a record.
pub(crate) async fn edit(
    Path((_, entity, record)): Path<(String, String, String)>,
    viewer: Viewer,
) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let subject = Subject::load(&mut ctx, &frame, (&entity, &record)).await?;
    if !subject.may_update() && !subject.may_reassign() {
        return Err(Failure::refused(&frame.t("record-not-editable")));
    }
    reply::page(&FormPage::of(&mut ctx, frame, subject, None).await?)
}

/// Saves a record.
pub(crate) async fn save(
    Path((_, entity, record)): Path<(String, String, String)>,
    mut submission: Submission,
) -> Shown {
    let path = (entity.as_str(), record.as_str());
    let mut ctx = submission.read().await?;
    let subject = Subject::load(&mut ctx, &submission.frame, path).await?;
    drop(ctx);
    let change = changes(&submission.frame, &subject, &submission.form)?;
    let is_change = !change.fields.is_empty() || change.owner.is_some();
    let is_current =
        submission.form.text("version") == subject.details.record.version.to_string();
    if !is_change && is_current {
        return reply::go(&subject.path());
    }
    match change::save(&mut submission, path, &change).await {
        Ok(subject) => {
            let frame = &submission.frame;
            let message = text!(frame.text, "record-saved", title = subject.title(frame));
            reply::done(&subject.path(), &message)
        }
        Err(problem) if problem.status == 404 => Err(Failure(problem)),
        Err(problem) => {
            let mut ctx = submission.read().await?;
            let frame = submission.frame.clone();
            let subject = Subject::load(&mut ctx, &frame, path).await?;
            let saved = saved(&frame, &subject);
            let form = Some(&submission.form);
            let mut page = FormPage::of(&mut ctx, frame, subject, form).await?;
            page.with_problem(&problem, &submission.form);
            if problem.status == STALE {
                let changed = changed(&page, &submission.form, &saved);
                page.refused = Some(if changed.is_empty() {
                    page.frame.t("record-stale")
                } else {
                    text!(page.frame.text, "stale-fields", what = changed.join(", "))
                });
            }
            reply::refused(problem.status, &page)
        }
    }
}

/// What a form changes of a record: only what differs, as far as the reader may change it.
fn changes(frame: &Frame, subject: &Subject, form: &Form) -> Result<RecordChange, Problem> {
    let record = &subject.details.record;
    let mut fields = Map::new();
    for field in subject.kind.resource.fields.iter().filter(|_| subject.may_update()) {
        let saved = value::typed(frame, field, record.fields.get(&field.key));
        let typed = sent(field, form, &saved);
        if typed != saved.trim() {
            fields.insert(field.key.clone(), value::parse(frame, field, &typed));
        }
    }
    let now = owner_word(record.owner);
    let chosen = form.text_or("owner", &now) != now;
    let owner = if chosen { owner(form)? } else { None };
    Ok(RecordChange { fields, owner, stage: None })
}

/// What a form holds in a field; what is saved, where the sender left it.
fn sent(field: &hallpass_engine::Field, form: &Form, saved: &str) -> String {
    let name = Input::name_of(field);
    if form.is_untouched(&name) { saved.to_owned() } else { form.text(&name).to_owned() }
}

/// What the form of a record is made from.
fn made_from(frame: &Frame, subject: &Subject) -> String {
    let values = saved(frame, subject);
    let values: Vec<(&str, &str)> =
        values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Form::made_from(&values)
}

/// The fields of the form of a record, as they are saved.
fn saved(frame: &Frame, subject: &Subject) -> Vec<(String, String)> {
    let record = &subject.details.record;
    let fields = subject.kind.resource.fields.iter().filter(|_| subject.may_update());
    let value = |field: &hallpass_engine::Field| {
        let value = value::typed(frame, field, record.fields.get(&field.key));
        (Input::name_of(field), value)
    };
    let owner = subject.may_reassign().then(|| ("owner".to_owned(), owner_word(record.owner)));
    fields.map(value).chain(owner).collect()
}

/// The labels of the fields that another person changed since a form was opened.
fn changed(page: &FormPage, form: &Form, saved: &[(String, String)]) -> Vec<String> {
    let saved: Vec<(&str, &str)> =
        saved.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let names = form.changed_since(&saved);
    let inputs = page.inputs.iter().map(|input| (input.name.as_str(), &input.label));
    let picker = page.picker.iter().map(|picker| (picker.name.as_str(), &picker.label));
    let labels = inputs.chain(picker).filter(|(name, _)| names.contains(name));
    labels.map(|(_, label)| label.clone()).collect()
}
