//! A new department.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::CreateDepartments;
use hallpass_web::error::Problem;

use super::save::FIELDS;
use super::tree;
use super::values::{Values, change, manager_picker, parent_picker, parents};
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::picker::Picker;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The page of a new department.
#[derive(Template)]
#[template(path = "department/new.html")]
pub(crate) struct NewPage {
    pub(crate) frame: Frame,
    pub(crate) values: Values,
    pub(crate) parent: Picker,
    pub(crate) manager: Picker,
    pub(crate) refused: Faults,
}

impl NewPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        form: &Form,
    ) -> Result<NewPage, Failure> {
        let Some(rules) = ctx.model().blueprint().departments else {
            return Err(Failure::missing("page"));
        };
        if !ctx.opens(&CreateDepartments) {
            return Err(Failure::missing("page"));
        }
        let all = ctx.departments().list().await?;
        let values = Values::default().with(form);
        let parents = parents(&tree::list(&all, None));
        let again = (format!("{}/settings/departments/new", frame.base), "get");
        let manager = if rules.has_manager {
            manager_picker(ctx, &frame, &values.manager, form, again.clone()).await?
        } else {
            Picker::default()
        };
        Ok(NewPage {
            parent: parent_picker(&frame, (&parents, &values.parent), form, again),
            values,
            manager,
            refused: Faults::default(),
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> NewPage {
        NewPage {
            frame: Frame::sample(),
            values: Values { title: "<script>".to_owned(), ..Values::default() },
            parent: Picker::sample(),
            manager: Picker::sample(),
            refused: Faults::whole("<script>".to_owned()),
        }
    }
}

pub(crate) async fn new(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    reply::page(&NewPage::load(&mut ctx, frame, &query).await?)
}

pub(crate) async fn create(mut submission: Submission) -> Shown {
    let change = change(&submission.form)?;
    let mut ctx = submission.write().await?;
    let created = ctx.departments().create(&change).await;
    drop(ctx);
    match created {
        Ok(created) => {
            let (frame, created) = (&submission.frame, &created.department);
            let path = format!("{}/settings/departments/{}", frame.base, created.id);
            let message = text!(frame.text, "department-created", name = created.name.as_str());
            reply::done(&path, &message)
        }
        Err(error) => {
            let problem = Problem::from(error);
            let mut ctx = submission.read().await?;
            let frame = submission.frame.clone();
            let mut page = NewPage::load(&mut ctx, frame, &submission.form).await?;
            page.refused = Faults::of(page.frame.text, &problem, &FIELDS);
            page.parent.error = page.refused.at("parent");
            page.manager.error = page.refused.at("manager");
            reply::refused(problem.status, &page)
        }
    }
}
