//! A new workspace: its name, and how access works in it.

use askama::Template;
use axum::extract::State;
use hallpass_app::Principal;
use hallpass_app::blueprint::BlueprintSource;
use hallpass_app::gate::permission::RecordPermission;
use hallpass_app::record::change::NewRecord;
use hallpass_app::record::sample;
use hallpass_app::workspace::NewWorkspace;
use hallpass_domain::id::MemberId;
use hallpass_engine::{Resource, ResourceKind};
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Raw;
use hallpass_web::routes::Routes;

use crate::blueprint::{self, Card, Fault, Picture};
use crate::failure::Failure;
use crate::faults::Faults;
use crate::first_step::{Stage, Step, first_steps};
use crate::form::Form;
use crate::frame::Outside;
use crate::reply::{self, Shown};
#[cfg(test)]
use crate::text::Text;
use crate::viewer::{Authenticated, Reader};

/// The choice of one's own text.
const OWN: &str = "own";

/// The choice of sample data.
const SAMPLE: &str = "sample";

/// The sample records of a type.
const SAMPLES: usize = 12;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/workspaces/new", show).post("/workspaces/new", create)
}

/// The page of a new workspace.
#[derive(Template)]
#[template(path = "new_workspace/page.html")]
pub(crate) struct NewWorkspacePage {
    outside: Outside,
    name: String,
    slug: String,
    cards: Vec<Card>,
    is_own: bool,
    text: String,
    /// What is wrong with the text.
    text_faults: Vec<Fault>,
    /// What the text does, once it is right.
    outline: Option<String>,
    /// Whether it is the reader's first one, which they may begin with sample data.
    is_first: bool,
    has_sample: bool,
    steps: Vec<Step>,
    /// Whom to ask for what is reserved for the operator.
    contact: String,
    has_reserved: bool,
    faults: Faults,
}

impl NewWorkspacePage {
    async fn load(
        web: &Web,
        principal: &Principal,
        reader: Reader,
        form: &Form,
    ) -> Result<NewWorkspacePage, Failure> {
        let mut cards = Vec::new();
        let first = blueprint::shipped();
        let chosen = form.filled("blueprint").map(str::to_owned);
        let chosen = chosen.or_else(|| first.first().map(|one| one.id.clone()));
        let is_founder = web.app.workspaces().is_first(principal).await?;
        for model in &first {
            let is_reserved = !is_founder && web.app.workspaces().is_reserved(model);
            let is_chosen = chosen.as_deref() == Some(model.id.as_str());
            cards.push(Card { is_chosen, is_reserved, ..Card::of(reader.text, model) });
        }
        Ok(NewWorkspacePage {
            outside: Outside::new(reader.text.language, reader.flash),
            name: form.text("name").to_owned(),
            slug: form.text("slug").to_owned(),
            has_reserved: cards.iter().any(|card| card.is_reserved),
            cards,
            is_own: chosen.as_deref() == Some(OWN),
            text: form.lines("text"),
            text_faults: Vec::new(),
            outline: None,
            is_first: is_founder,
            has_sample: !form.is_checked("data") || form.text("data") == SAMPLE,
            steps: if is_founder {
                first_steps(reader.text, Stage::Workspace)
            } else {
                Vec::new()
            },
            contact: web.app.rules().operator_contact.clone(),
            faults: Faults::default(),
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> NewWorkspacePage {
        NewWorkspacePage {
            outside: Outside::sample(),
            name: "<script>".into(),
            slug: "northwind".into(),
            cards: Card::samples(),
            is_own: true,
            text: "# <script>".into(),
            text_faults: vec![Fault { line: Some(1), detail: "no `<script>`".into() }],
            outline: Some("2 roles".into()),
            is_first: true,
            has_sample: true,
            steps: first_steps(Text::default(), Stage::Workspace),
            contact: "<script>".into(),
            has_reserved: true,
            faults: Faults::field("slug", "Taken.".into()),
        }
    }
}

async fn show(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
) -> Shown {
    let form = reader.query.clone();
    reply::page(&NewWorkspacePage::load(&web, &principal, reader, &form).await?)
}

async fn create(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    if form.is_checked("check") {
        return check(&web, &principal, reader, &form).await;
    }
    let is_own = form.text("blueprint") == OWN;
    let name = form.text("name").to_owned();
    let new = NewWorkspace {
        slug: form.filled("slug").map_or_else(|| slug_of(&name), str::to_owned),
        name,
        blueprint: form.filled("blueprint").filter(|_| !is_own).map(str::to_owned),
        blueprint_text: is_own.then(|| form.lines("text")),
    };
    let is_first = web.app.workspaces().is_first(&principal).await?;
    match web.app.workspaces().create(&principal, &new).await {
        Ok(workspace) => {
            let slug = workspace.slug.to_string();
            if is_first && form.text("data") == SAMPLE {
                add_samples(&web, &principal, &slug).await?;
            }
            let (name, text) = (workspace.name.as_str(), reader.text);
            let (path, message) = if is_first {
                ("/settings/team/invite", text!(text, "workspace-created-first", name = name))
            } else {
                ("", text!(text, "workspace-created", name = name))
            };
            reply::done(&format!("/workspace/{slug}{path}"), &message)
        }
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status >= 500 {
                return Err(problem.into());
            }
            let page = NewWorkspacePage::load(&web, &principal, reader, &form).await?;
            let known = ["name", "slug", "blueprint_text", "blueprint"];
            let faults = match problem.code.as_str() {
                "slug_taken" => Faults::field("slug", page.outside.t("slug-taken")),
                _ => Faults::of(&problem, &known),
            };
            let text_faults = blueprint::faults(&problem);
            let page = NewWorkspacePage { faults, text_faults, slug: new.slug, ..page };
            reply::refused(problem.status, &page)
        }
    }
}

/// Creates sample records of every type that the founder may create, each type by one import.
async fn add_samples(web: &Web, principal: &Principal, workspace: &str) -> Result<(), Failure> {
    let ctx = web.app.enter(principal, workspace).await?;
    let may_create = |known: &&Resource| {
        let creates = known.key_of(known.create);
        known.kind == ResourceKind::Records
            && creates.is_some_and(|key| ctx.opens(&RecordPermission::new(&known.key, key)))
    };
    let own: Vec<MemberId> = ctx.member_id().into_iter().collect();
    let types: Vec<Resource> =
        ctx.policy().resources().iter().filter(may_create).cloned().collect();
    drop(ctx);
    for resource in types {
        let records: Vec<NewRecord> =
            (0..SAMPLES).map(|number| sample::record(&resource, number, &own)).collect();
        let mut ctx = web.app.enter_to_write(principal, workspace).await?;
        ctx.records().import(&resource.key, &records).await?;
    }
    Ok(())
}

/// Checks one's own text, and creates nothing.
async fn check(web: &Web, principal: &Principal, reader: Reader, form: &Form) -> Shown {
    let text = reader.text;
    let mut page = NewWorkspacePage::load(web, principal, reader, form).await?;
    let source = BlueprintSource { id: None, text: Some(form.lines("text")) };
    page.is_own = true;
    page.cards.iter_mut().for_each(|card| card.is_chosen = false);
    match hallpass_app::blueprint::read(&source) {
        Ok(found) => page.outline = Some(blueprint::outline(text, &found)),
        Err(refusal) => {
            let problem = Problem::from(hallpass_app::Error::from(refusal));
            page.text_faults = blueprint::faults(&problem);
            return reply::refused(422, &page);
        }
    }
    reply::page(&page)
}

/// A slug of a name: its letters and digits in lower case, with hyphens between.
fn slug_of(name: &str) -> String {
    let lower = name.to_lowercase();
    let words =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    let short: String = slug.chars().take(40).collect();
    short.trim_end_matches('-').to_owned()
}
