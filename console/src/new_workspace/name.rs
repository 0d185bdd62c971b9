//! The step of the name.

use askama::Template;
use axum::extract::State;
use hallpass_app::Principal;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Raw;

use super::founding::Named;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::first_step::{Stage, Step, first_steps};
use crate::form::Form;
use crate::frame::Outside;
use crate::reply::{self, Shown};
#[cfg(test)]
use crate::text::Text;
use crate::viewer::{Authenticated, Reader};

/// The page of the name.
#[derive(Template)]
#[template(path = "new_workspace/name.html")]
pub(crate) struct NamePage {
    outside: Outside,
    steps: Vec<Step>,
    name: String,
    slug: String,
    faults: Faults,
}

impl NamePage {
    async fn load(
        web: &Web,
        principal: &Principal,
        reader: Reader,
        form: &Form,
    ) -> Result<NamePage, Failure> {
        let is_first = web.app.workspaces().is_first(principal).await?;
        let steps = is_first.then(|| first_steps(reader.text, Stage::Workspace));
        Ok(NamePage {
            outside: Outside::new(reader.text.language, reader.flash),
            steps: steps.unwrap_or_default(),
            name: form.text("name").to_owned(),
            slug: form.text("slug").to_owned(),
            faults: Faults::default(),
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> NamePage {
        NamePage {
            outside: Outside::sample(),
            steps: first_steps(Text::default(), Stage::Workspace),
            name: "<script>".into(),
            slug: "northwind".into(),
            faults: Faults::field("slug", "Taken.".into()),
        }
    }
}

pub(super) async fn show(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
) -> Shown {
    let form = reader.query.clone();
    reply::page(&NamePage::load(&web, &principal, reader, &form).await?)
}

pub(super) async fn choose(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let named = Named::of(&form);
    match web.app.workspaces().check_name(&principal, &named.name, &named.slug).await {
        Ok(()) => reply::go(&named.at("/workspaces/new/model")),
        Err(error) => refuse(&web, &principal, reader, (&form, error.into())).await,
    }
}

/// Shows the step again with what is wrong with the name.
pub(super) async fn refuse(
    web: &Web,
    principal: &Principal,
    reader: Reader,
    (form, problem): (&Form, Problem),
) -> Shown {
    if problem.status >= 500 {
        return Err(problem.into());
    }
    let page = NamePage::load(web, principal, reader, form).await?;
    let faults = match problem.code {
        "slug_taken" => Faults::field("slug", page.outside.t("slug-taken")),
        _ => Faults::of(page.outside.text, &problem, &["name", "slug"]),
    };
    let slug = Named::of(form).slug;
    reply::refused(problem.status, &NamePage { slug, faults, ..page })
}
