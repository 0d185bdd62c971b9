//! The access model of a workspace: another one in its place, after a comparison.

mod misfit;

use askama::Template;
use hallpass_app::blueprint::{BlueprintComparison, BlueprintSource};
use hallpass_app::context::WorkspaceContext;
use hallpass_app::preview::PreviewPosition;
use hallpass_engine::RuleChange;
use hallpass_web::error::Problem;
use hallpass_web::routes::Routes;

use self::misfit::MisfitGroup;
use crate::blueprint::checked::{Checked, correct};
use crate::blueprint::{self, Card};
use crate::effect::names;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::format::capital;
use crate::frame::Frame;
use crate::reach::Reach;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The choice of one's own text.
const OWN: &str = "own";

/// The people of a comparison on a page.
const LISTED: usize = 50;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/access-model", show)
        .post("/workspace/{ws}/settings/access-model", compare)
        .post("/workspace/{ws}/settings/access-model/check", check)
        .post("/workspace/{ws}/settings/access-model/replace", replace)
}

/// The page of the access model.
#[derive(Template)]
#[template(path = "access_model/page.html")]
pub(crate) struct AccessModelPage {
    frame: Frame,
    /// The name of the present one.
    model: String,
    has_upgrade: bool,
    cards: Vec<Card>,
    is_own: bool,
    /// The text of one's own with what is wrong with it and what it does.
    checked: Checked,
    comparison: Option<Comparison>,
    faults: Faults,
}

/// The present access model, compared with the chosen one.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    id: String,
    /// What does not fit, by what it is about.
    misfits: Vec<MisfitGroup>,
    /// How many people gain or lose anything, in a sentence.
    summary: String,
    changes: Vec<Change>,
    /// The rules that differ and that no permission of a member shows.
    rules: Vec<RuleChange>,
    /// Where the next people begin, if there are more.
    next: Option<String>,
}

/// What a member gains or loses.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    name: String,
    what: String,
    before: String,
    after: String,
}

impl Comparison {
    fn of(ctx: &WorkspaceContext, frame: &Frame, found: BlueprintComparison) -> Comparison {
        let change = |one: hallpass_app::blueprint::AccessChange| {
            let known = ctx.policy().resources().iter().find(|known| known.key == one.resource);
            let is_scoped = known.is_none_or(|known| known.scoped);
            let (resource, action) = names(ctx, &one.resource, &one.action);
            // An area has no name of its own in an access model.
            let resource = known
                .map_or_else(|| capital(&resource.replace('_', " ")), |_| resource.clone());
            let reach = |reach: &str| Reach::of_cell(frame.text, is_scoped, reach).word;
            Change {
                what: format!("{resource}: {}", action.replace('_', " ").to_lowercase()),
                before: reach(&one.before),
                after: reach(&one.after),
                name: one.name,
            }
        };
        Comparison {
            id: found.id,
            misfits: misfit::groups(ctx, frame.text, &found.misfits),
            summary: text!(frame.text, "model-members", n = found.members),
            next: found.next.map(|(size, member)| format!("{size}:{member}")),
            changes: found.changes.into_iter().map(change).collect(),
            rules: found.rules,
        }
    }
}

impl AccessModelPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        form: &Form,
    ) -> Result<AccessModelPage, Failure> {
        let present = ctx.blueprint().load().await?;
        let chosen = form.text("blueprint");
        let cards = blueprint::shipped();
        let cards = cards
            .iter()
            .map(|model| Card { is_chosen: model.id == chosen, ..Card::of(frame.text, model) });
        let text = form.filled("text").map(|_| form.lines("text"));
        Ok(AccessModelPage {
            cards: cards.collect(),
            is_own: chosen == OWN,
            checked: Checked::of(frame.text, text.unwrap_or_else(|| present.text.clone())),
            model: present.name,
            has_upgrade: present.has_upgrade,
            comparison: None,
            faults: Faults::default(),
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> AccessModelPage {
        let change = Change {
            name: "<script>".into(),
            what: "Deals: delete".into(),
            before: "All".into(),
            after: "Own".into(),
        };
        let comparison = Comparison {
            id: "a".into(),
            misfits: vec![MisfitGroup::sample()],
            summary: "2 people".into(),
            changes: vec![change],
            rules: vec![RuleChange {
                rule: "roles.manager.given_by".into(),
                before: "owner".into(),
                after: "<script>".into(),
            }],
            next: Some("2:mbr_1".into()),
        };
        AccessModelPage {
            frame: Frame::sample(),
            model: "Everything".into(),
            has_upgrade: true,
            cards: Card::samples(),
            is_own: true,
            checked: Checked::sample(),
            comparison: Some(comparison),
            faults: Faults::whole("Outdated.".into()),
        }
    }
}

/// Where the people of a page begin: after a size of change and a member.
fn position(form: &Form) -> Result<Option<PreviewPosition>, Failure> {
    let Some(text) = form.filled("after") else { return Ok(None) };
    let parts = text.split_once(':');
    let place =
        parts.and_then(|(size, member)| Some((size.parse().ok()?, member.parse().ok()?)));
    place.map(Some).ok_or_else(|| Failure::missing("page"))
}

fn source(form: &Form) -> BlueprintSource {
    if form.text("blueprint") == OWN {
        return BlueprintSource { id: None, text: Some(form.lines("text")) };
    }
    BlueprintSource { id: Some(form.text("blueprint").to_owned()), text: None }
}

async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    reply::page(&AccessModelPage::load(&mut ctx, frame, &Form::default()).await?)
}

/// Checks the text of one's own, after the correction that was chosen, and compares nothing.
async fn check(mut submission: Submission) -> Shown {
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame, submission.form);
    let mut page = AccessModelPage::load(&mut ctx, frame, &form).await?;
    let corrected = form.filled("correct").and_then(|number| number.parse().ok());
    if let Some(text) = corrected.and_then(|number| correct(&page.checked.text, number)) {
        page.checked = Checked::of(page.frame.text, text);
    }
    page.is_own = true;
    page.cards.iter_mut().for_each(|card| card.is_chosen = false);
    reply::page(&page)
}

async fn compare(mut submission: Submission) -> Shown {
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame, submission.form);
    let compared = ctx.blueprint().compare(&source(&form), position(&form)?, LISTED).await;
    let mut page = AccessModelPage::load(&mut ctx, frame, &form).await?;
    match compared {
        Ok(found) => {
            page.comparison = Some(Comparison::of(&ctx, &page.frame, found));
            reply::page(&page)
        }
        Err(error) => {
            let problem = Problem::from(error);
            // What is wrong with the text is shown at its lines.
            if !page.is_own || page.checked.faults.is_empty() {
                page.faults = Faults::of_form(&page.frame, &problem, &[])?;
            }
            reply::refused(problem.status, &page)
        }
    }
}

async fn replace(mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    match put(&mut submission, &form).await {
        Ok(name) => {
            let frame = &submission.frame;
            let message = text!(frame.text, "model-replaced", model = name);
            reply::done(&format!("{}/settings/access-model", frame.base), &message)
        }
        Err(problem) => {
            let faults = Faults::of_form(&submission.frame, &problem, &[])?;
            let mut ctx = submission.read().await?;
            let page = AccessModelPage::load(&mut ctx, submission.frame, &form).await?;
            reply::refused(problem.status, &AccessModelPage { faults, ..page })
        }
    }
}

async fn put(submission: &mut Submission, form: &Form) -> Result<String, Problem> {
    let (source, comparison) = (source(form), form.text("comparison"));
    // Compiling keeps no one from writing.
    let mut ctx = submission.read().await?;
    ctx.blueprint().prepare(&source, comparison).await?;
    drop(ctx);
    let mut ctx = submission.write().await?;
    let replaced = ctx.blueprint().replace(&source, comparison).await?;
    Ok(replaced.name)
}
