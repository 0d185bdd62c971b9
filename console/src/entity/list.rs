//! The Schema Editor: the list of record types, and a new one (HARI-028, HARI-029, HARI-035).

use askama::Template;
use hallpass_app::entity::NewEntity;
use hallpass_app::gate::permission::CreateSchema;
use hallpass_domain::entity::FieldForm;
use hallpass_web::error::Problem;

use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The list of record types.
#[derive(Template)]
#[template(path = "entity/list.html")]
pub(crate) struct SchemaPage {
    pub(crate) frame: Frame,
    pub(crate) rows: Vec<Row>,
    pub(crate) may_create: bool,
}

/// A record type in the list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) href: String,
    pub(crate) fields: usize,
    pub(crate) stages: usize,
    pub(crate) is_added: bool,
    pub(crate) is_off: bool,
}

/// The page of a new record type.
#[derive(Template)]
#[template(path = "entity/new.html")]
pub(crate) struct NewPage {
    pub(crate) frame: Frame,
    pub(crate) plural: String,
    pub(crate) one: String,
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) refused: Faults,
}

impl SchemaPage {
    #[cfg(test)]
    pub(crate) fn sample() -> SchemaPage {
        let row = Row {
            name: "Contacts <script>".to_owned(),
            key: "contacts".to_owned(),
            href: "#".to_owned(),
            fields: 4,
            stages: 0,
            is_added: true,
            is_off: true,
        };
        SchemaPage { frame: Frame::sample(), rows: vec![row], may_create: true }
    }
}

impl NewPage {
    fn of(frame: Frame, form: &Form, refused: Faults) -> NewPage {
        NewPage {
            plural: form.text("name").to_owned(),
            one: form.text("one").to_owned(),
            key: form.text("key").to_owned(),
            title: form.find("title").map_or_else(|| frame.t("schema-title"), str::to_owned),
            refused,
            frame,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> NewPage {
        let form = Form::parse(b"name=%3Cscript%3E&key=%3Cscript%3E");
        NewPage::of(Frame::sample(), &form, Faults::whole("<script>".to_owned()))
    }
}

pub(crate) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let found = ctx.entities().list().await?;
    let rows = found.iter().map(|entity| Row {
        name: entity.resource.name.clone(),
        key: entity.resource.key.clone(),
        href: format!("{}/settings/schema/{}", frame.base, entity.resource.key),
        fields: entity.resource.fields.len(),
        stages: entity.resource.stages.len(),
        is_added: entity.is_added,
        is_off: !entity.is_on,
    });
    let has_custom = ctx.model().blueprint().custom_entities.is_some();
    let may_create = has_custom && ctx.opens(&CreateSchema);
    reply::page(&SchemaPage { rows: rows.collect(), may_create, frame })
}

pub(crate) async fn new(viewer: Viewer) -> Shown {
    let Viewer { ctx, frame, query } = viewer;
    if ctx.model().blueprint().custom_entities.is_none() || !ctx.opens(&CreateSchema) {
        return Err(Failure::missing("page"));
    }
    reply::page(&NewPage::of(frame, &query, Faults::default()))
}

/// Creates a record type with the field of its title; the other fields follow on its page.
pub(crate) async fn create(mut submission: Submission) -> Shown {
    let form = &submission.form;
    let title = FieldForm {
        key: "title".to_owned(),
        name: form.text("title").to_owned(),
        holds: "text".to_owned(),
        required: true,
        options: Vec::new(),
    };
    let new = NewEntity {
        key: form.text("key").to_owned(),
        name: form.text("name").to_owned(),
        one: form.filled("one").map(str::to_owned),
        fields: vec![title],
        stages: Vec::new(),
    };
    let mut ctx = submission.write().await?;
    let created = ctx.entities().create(&new).await;
    drop(ctx);
    match created {
        Ok(entity) => {
            let (frame, resource) = (&submission.frame, &entity.resource);
            let path = format!("{}/settings/schema/{}", frame.base, resource.key);
            reply::done(&path, &text!(frame.text, "schema-created", name = &resource.name))
        }
        Err(error) => {
            let problem = Problem::from(error);
            let known = ["name", "one", "key", "fields"];
            let refused = Faults::of(submission.frame.text, &problem, &known);
            let page = NewPage::of(submission.frame.clone(), &submission.form, refused);
            reply::refused(problem.status, &page)
        }
    }
}
