//! The step of the access model: a text of one's own, checked while it is written.

use askama::Template;
use axum::extract::State;
use hallpass_app::Principal;
use hallpass_app::workspace::NewWorkspace;
use hallpass_domain::blueprint::find;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Raw;

use super::founding::{Named, back_to_name, found, is_about_name, starts_with_sample};
use super::name;
use crate::blueprint;
use crate::blueprint::checked::{Checked, correct};
use crate::failure::Failure;
use crate::faults::Faults;
use crate::first_step::{Stage, Step, first_steps};
use crate::form::Form;
use crate::frame::Outside;
use crate::reply::{self, Shown};
#[cfg(test)]
use crate::text::Text;
use crate::viewer::{Authenticated, Reader};

/// The page of one's own access model.
#[derive(Template)]
#[template(path = "new_workspace/own.html")]
pub(crate) struct OwnModelPage {
    outside: Outside,
    steps: Vec<Step>,
    named: Named,
    /// The access models that ship, by id and name, to start from.
    models: Vec<(String, String)>,
    /// The text with what is wrong with it and what it does.
    checked: Checked,
    is_first: bool,
    has_sample: bool,
    faults: Faults,
}

impl OwnModelPage {
    async fn load(
        web: &Web,
        principal: &Principal,
        reader: Reader,
        (form, text): (&Form, String),
    ) -> Result<OwnModelPage, Failure> {
        let is_first = web.app.workspaces().is_first(principal).await?;
        let steps = is_first.then(|| first_steps(reader.text, Stage::Model));
        let model = |one: hallpass_engine::Blueprint| (one.id, one.name);
        Ok(OwnModelPage {
            checked: Checked::of(reader.text, text),
            outside: reader.outside(),
            steps: steps.unwrap_or_default(),
            named: Named::of(form),
            models: blueprint::shipped().into_iter().map(model).collect(),
            is_first,
            has_sample: starts_with_sample(form),
            faults: Faults::default(),
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> OwnModelPage {
        OwnModelPage {
            outside: Outside::sample(),
            steps: first_steps(Text::default(), Stage::Model),
            named: Named { name: "<script>".into(), slug: "northwind".into() },
            models: vec![("mine".into(), "<script>".into())],
            checked: Checked::sample(),
            is_first: true,
            has_sample: false,
            faults: Faults::whole("Reserved.".into()),
        }
    }
}

pub(super) async fn show(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
) -> Shown {
    let form = reader.query.clone();
    if let Some(name) = back_to_name(&web, &principal, &form).await? {
        return reply::go(&name);
    }
    let text = form.filled("from").and_then(find).unwrap_or_default().to_owned();
    reply::page(&OwnModelPage::load(&web, &principal, reader, (&form, text)).await?)
}

/// Checks the text, after the correction that was chosen, and creates nothing.
pub(super) async fn check(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let text = form.lines("text");
    let corrected = form.filled("correct").and_then(|number| number.parse().ok());
    let text = corrected.and_then(|number| correct(&text, number)).unwrap_or(text);
    reply::page(&OwnModelPage::load(&web, &principal, reader, (&form, text)).await?)
}

pub(super) async fn create(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let text = form.lines("text");
    let Named { name, slug } = Named::of(&form);
    let new = NewWorkspace { name, slug, blueprint: None, blueprint_text: Some(text.clone()) };
    let problem = match found(&web, &principal, reader.text, (&new, &form)).await {
        Ok(done) => return done,
        Err(error) => Problem::from(error),
    };
    if problem.status >= 500 || is_about_name(&problem) {
        return name::refuse(&web, &principal, reader, (&form, problem)).await;
    }
    let page = OwnModelPage::load(&web, &principal, reader, (&form, text)).await?;
    // What is wrong with the text is shown at its lines.
    let faults = if page.checked.faults.is_empty() {
        Faults::of(page.outside.text, &problem, &[])
    } else {
        Faults::default()
    };
    reply::refused(problem.status, &OwnModelPage { faults, ..page })
}
