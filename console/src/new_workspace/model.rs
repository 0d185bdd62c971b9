//! The step of the access model: one of those that ship.

use askama::Template;
use axum::extract::State;
use hallpass_app::Principal;
use hallpass_app::workspace::NewWorkspace;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Raw;

use super::founding::{Named, back_to_name, found, is_about_name, starts_with_sample};
use super::name;
use crate::blueprint::{self, Card, Picture};
use crate::failure::Failure;
use crate::faults::Faults;
use crate::first_step::{Stage, Step, first_steps};
use crate::form::Form;
use crate::frame::Outside;
use crate::reply::{self, Shown};
#[cfg(test)]
use crate::text::Text;
use crate::viewer::{Authenticated, Reader};

/// The page of the access model.
#[derive(Template)]
#[template(path = "new_workspace/model.html")]
pub(crate) struct ModelPage {
    outside: Outside,
    steps: Vec<Step>,
    named: Named,
    cards: Vec<Card>,
    /// Whether it is the reader's first workspace, which they may begin with sample data.
    is_first: bool,
    has_sample: bool,
    /// Whom to ask for what is reserved for the operator.
    contact: String,
    has_reserved: bool,
    faults: Faults,
}

impl ModelPage {
    async fn load(
        web: &Web,
        principal: &Principal,
        reader: Reader,
        form: &Form,
    ) -> Result<ModelPage, Failure> {
        let shipped = blueprint::shipped();
        let first = shipped.first().map(|one| one.id.clone());
        let chosen = form.filled("blueprint").map(str::to_owned).or(first);
        let is_first = web.app.workspaces().is_first(principal).await?;
        let card = |model| {
            let is_reserved = !is_first && web.app.workspaces().is_reserved(model);
            let is_chosen = chosen.as_deref() == Some(model.id.as_str());
            Card { is_chosen, is_reserved, ..Card::of(reader.text, model) }
        };
        let cards: Vec<Card> = shipped.iter().map(card).collect();
        let steps = is_first.then(|| first_steps(reader.text, Stage::Model));
        Ok(ModelPage {
            outside: reader.outside(),
            steps: steps.unwrap_or_default(),
            named: Named::of(form),
            has_reserved: cards.iter().any(|card| card.is_reserved),
            cards,
            is_first,
            has_sample: starts_with_sample(form),
            contact: web.app.rules().operator_contact.clone(),
            faults: Faults::default(),
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> ModelPage {
        ModelPage {
            outside: Outside::sample(),
            steps: first_steps(Text::default(), Stage::Model),
            named: Named { name: "<script>".into(), slug: "northwind".into() },
            cards: Card::samples(),
            is_first: true,
            has_sample: true,
            contact: "<script>".into(),
            has_reserved: true,
            faults: Faults::whole("No blueprint.".into()),
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
    reply::page(&ModelPage::load(&web, &principal, reader, &form).await?)
}

pub(super) async fn create(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let Named { name, slug } = Named::of(&form);
    let blueprint = form.filled("blueprint").map(str::to_owned);
    let new = NewWorkspace { name, slug, blueprint, blueprint_text: None };
    let problem = match found(&web, &principal, reader.text, (&new, &form)).await {
        Ok(done) => return done,
        Err(error) => Problem::from(error),
    };
    if problem.status >= 500 || is_about_name(&problem) {
        return name::refuse(&web, &principal, reader, (&form, problem)).await;
    }
    let faults = Faults::of(reader.text, &problem, &[]);
    let page = ModelPage::load(&web, &principal, reader, &form).await?;
    reply::refused(problem.status, &ModelPage { faults, ..page })
}
