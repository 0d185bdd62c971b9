//! The pipeline of a record type: its stages, and the action that moves records into and out of each.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::entity::EntityChange;
use hallpass_app::gate::permission::UpdatePipelines;
use hallpass_domain::entity::StageForm;
use hallpass_web::error::Problem;

use super::head::{self, Head};
use super::row::{self, Sent};
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::{CHECKED, Form};
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The stages of a record type.
#[derive(Template)]
#[template(path = "entity/stages.html")]
pub(crate) struct StagesPage {
    pub(crate) frame: Frame,
    pub(crate) head: Head,
    pub(crate) rows: Vec<Row>,
    pub(crate) added: Row,
    /// The actions that may move records, by key and name.
    pub(crate) actions: Vec<(String, String)>,
    /// The version that the form was opened with, and what it was made from.
    pub(crate) version: String,
    pub(crate) made_from: String,
    /// The fields of the form, as they are saved.
    saved: Vec<Saved>,
    pub(crate) may_edit: bool,
    pub(crate) refused: Faults,
}

/// A stage.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// The names of its controls begin with this: `stage.won`.
    pub(crate) at: String,
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) is_open: bool,
    /// The action that moves records; empty for the one that updates them.
    pub(crate) by: String,
    pub(crate) by_name: String,
    /// The place in the order, from 1.
    pub(crate) place: i64,
    pub(crate) is_removed: bool,
    pub(crate) error: Option<String>,
}

impl Row {
    /// The row with the values of a form.
    fn with(self, form: &Form) -> Row {
        let sent = Sent::new(form, &self.at);
        let place = sent.find("place").and_then(|place| place.parse().ok());
        Row {
            key: sent.text("key", &self.key),
            name: sent.text("name", &self.name),
            by: sent.text("by", &self.by),
            is_open: sent.is_checked("open", self.is_open),
            place: place.unwrap_or(self.place),
            is_removed: sent.is_checked("remove", false),
            ..self.clone()
        }
    }

    /// The controls of the row, as they are saved.
    fn saved(&self, frame: &Frame, actions: &[(String, String)]) -> Vec<Saved> {
        let control = |part: &str, value: &str, label: &str| Saved {
            name: format!("{}.{part}", self.at),
            value: value.to_owned(),
            label: format!("{}: {}", self.name, frame.t(label)),
            names: Vec::new(),
        };
        let open = if self.is_open { CHECKED } else { "" };
        vec![
            control("place", &self.place.to_string(), "pipeline-place"),
            control("name", &self.name, "name"),
            control("by", &self.by, "pipeline-by").named(actions),
            control("open", open, "pipeline-open"),
        ]
    }

    fn stage(&self) -> StageForm {
        StageForm {
            key: self.key.clone(),
            name: self.name.clone(),
            open: self.is_open,
            by: Some(self.by.clone()).filter(|by| !by.is_empty()),
        }
    }
}

impl StagesPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        key: &str,
        form: &Form,
    ) -> Result<StagesPage, Failure> {
        let entity = head::load(ctx, key).await?;
        let head = Head::of(ctx, &frame, "pipeline", &entity);
        let resource = &entity.resource;
        let actions: Vec<(String, String)> =
            resource.actions.iter().map(|one| (one.key.clone(), one.name.clone())).collect();
        let (mut rows, mut saved) = (Vec::new(), Vec::new());
        for (place, stage) in (1_i64..).zip(&resource.stages) {
            let stage = StageForm::of(stage, resource);
            let by = stage.by.unwrap_or_default();
            let by_name = actions.iter().find(|(key, _)| *key == by);
            let row = Row {
                at: format!("stage.{}", stage.key),
                key: stage.key,
                name: stage.name,
                is_open: stage.open,
                by_name: by_name.map(|(_, name)| name.clone()).unwrap_or_default(),
                by,
                place,
                is_removed: false,
                error: None,
            };
            saved.extend(row.saved(&frame, &actions));
            rows.push(row.with(form));
        }
        let last = i64::try_from(rows.len()).unwrap_or(0) + 1;
        let added =
            Row { at: "added".to_owned(), is_open: true, place: last, ..Row::default() };
        Ok(StagesPage {
            rows,
            added: added.with(form),
            actions,
            version: entity.version.to_string(),
            made_from: row::made_from(&saved),
            saved,
            may_edit: ctx.opens(&UpdatePipelines),
            refused: Faults::default(),
            head,
            frame,
        })
    }

    /// The rows that the form keeps, in the order that it says.
    fn kept(&self) -> Vec<&Row> {
        let kept = self.rows.iter().filter(|row| !row.is_removed);
        let added = Some(&self.added).filter(|row| !row.name.is_empty());
        let mut rows: Vec<&Row> = kept.chain(added).collect();
        rows.sort_by_key(|row| row.place);
        rows
    }

    /// The change that saves the form.
    fn change(&self) -> EntityChange {
        let stages = self.kept().into_iter().map(Row::stage).collect();
        EntityChange { stages: Some(Some(stages)), ..EntityChange::default() }
    }

    /// Puts the mistakes in stages at their rows.
    fn refuse(&mut self, problem: &Problem, form: &Form) {
        let kept = self.rows.iter_mut().filter(|row| !row.is_removed);
        let added = Some(&mut self.added).filter(|row| !row.name.is_empty());
        let mut rows: Vec<&mut Row> = kept.chain(added).collect();
        rows.sort_by_key(|row| row.place);
        let errors = rows.into_iter().map(|row| &mut row.error);
        self.refused = row::refuse(self.frame.text, problem, ("stages", &[]), errors);
        if problem.status == 412 {
            self.refused = row::stale(&self.frame, form, &self.saved);
        } else {
            form.keep_base(&mut self.version, &mut self.made_from);
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> StagesPage {
        let row = Row {
            at: "stage.won".to_owned(),
            key: "won".to_owned(),
            name: "<script>".to_owned(),
            is_open: false,
            by: "close".to_owned(),
            by_name: "<script>".to_owned(),
            place: 1,
            is_removed: true,
            error: Some("<script>".to_owned()),
        };
        StagesPage {
            frame: Frame::sample(),
            head: Head::sample("pipeline"),
            rows: vec![row.clone()],
            added: row,
            actions: vec![("close".to_owned(), "<script>".to_owned())],
            version: "1".to_owned(),
            made_from: String::new(),
            saved: Vec::new(),
            may_edit: true,
            refused: Faults::whole("<script>".to_owned()),
        }
    }
}

pub(crate) async fn show(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    reply::page(&StagesPage::load(&mut ctx, frame, &entity, &Form::default()).await?)
}

pub(crate) async fn save(
    Path((_, entity)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut ctx = submission.write().await?;
    let (frame, form) = (submission.frame.clone(), &submission.form);
    let page = StagesPage::load(&mut ctx, frame, &entity, form).await?;
    let saved = ctx.entities().update(&entity, &page.change()).await;
    drop(ctx);
    match saved {
        Ok(_) => {
            let message = page.frame.t("pipeline-saved");
            reply::done(&format!("{}/pipeline", page.head.path), &message)
        }
        Err(error) => {
            let problem = Problem::from(error);
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame.clone(), &submission.form);
            let mut page = StagesPage::load(&mut ctx, frame, &entity, form).await?;
            page.refuse(&problem, form);
            reply::refused(problem.status, &page)
        }
    }
}
