//! What the steps of a new workspace share: its name, and its founding at the end.

use hallpass_app::workspace::NewWorkspace;
use hallpass_app::{Error, Principal};
use hallpass_web::Web;
use hallpass_web::error::Problem;

use super::sample::{SAMPLE, add_samples};
use crate::failure::Failure;
use crate::form::Form;
use crate::reply::{self, Shown};
use crate::text::Text;

/// The name of a new workspace, which each step takes over from the one before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) slug: String,
}

impl Named {
    pub(super) fn of(form: &Form) -> Named {
        let name = form.text("name").to_owned();
        let slug = form.filled("slug").map_or_else(|| slug_of(&name), str::to_owned);
        Named { name, slug }
    }

    /// A step with this name.
    pub(super) fn at(&self, path: &str) -> String {
        let query = Form::query_of(&[("name", &self.name), ("slug", &self.slug)]);
        format!("{path}?{query}")
    }
}

/// The step of the name, where the name that a later step was opened with is not right, or not free any more.
pub(super) async fn back_to_name(
    web: &Web,
    principal: &Principal,
    form: &Form,
) -> Result<Option<String>, Failure> {
    let named = Named::of(form);
    let checked = web.app.workspaces().check_name(principal, &named.name, &named.slug).await;
    match checked.map_err(Problem::from) {
        Ok(()) => Ok(None),
        Err(problem) if is_about_name(&problem) => Ok(Some(named.at("/workspaces/new"))),
        Err(problem) => Err(problem.into()),
    }
}

/// Whether a problem is about the name.
pub(super) fn is_about_name(problem: &Problem) -> bool {
    let mut errors = problem.errors.iter();
    problem.code == "slug_taken"
        || errors.any(|error| matches!(error.pointer.as_str(), "/name" | "/slug"))
}

/// Whether a form starts the workspace with sample data, which is what is offered.
pub(super) fn starts_with_sample(form: &Form) -> bool {
    form.filled("data").is_none_or(|data| data == SAMPLE)
}

/// Creates the workspace, and goes to the invitation of the first people, or into the workspace.
pub(super) async fn found(
    web: &Web,
    principal: &Principal,
    text: Text,
    (new, form): (&NewWorkspace, &Form),
) -> Result<Shown, Error> {
    let is_first = web.app.workspaces().is_first(principal).await?;
    let workspace = web.app.workspaces().create(principal, new).await?;
    let slug = workspace.slug.to_string();
    if is_first && form.text("data") == SAMPLE {
        add_samples(web, principal, &slug).await?;
    }
    let name = workspace.name.as_str();
    let (path, message) = if is_first {
        ("/settings/team/invite", text!(text, "workspace-created-first", name = name))
    } else {
        ("", text!(text, "workspace-created", name = name))
    };
    Ok(reply::done(&format!("/workspace/{slug}{path}"), &message))
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
