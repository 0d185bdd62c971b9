//! Modules: record types and modules that can be switched on and off, with the effect before it is saved.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::UpdateModules;
use hallpass_domain::setting::Area;
use hallpass_engine::ResourceKind;
use hallpass_web::error::Problem;
use serde_json::{Map, Value};

use super::values::{self, Sent, Values};
use crate::effect::Effect;
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::CHECKED;
use crate::frame::Frame;
use crate::rail;
use crate::refusal::of_permission;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The page of the modules.
#[derive(Template)]
#[template(path = "setting/modules.html")]
pub(crate) struct ModulesPage {
    frame: Frame,
    may_update: bool,
    /// Why the reader may not change it.
    blocked: Option<String>,
    version: String,
    made_from: String,
    modules: Vec<Module>,
    effect: Option<Effect>,
    faults: Faults,
}

/// A record type or module.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    key: String,
    name: String,
    description: String,
    icon: &'static str,
    is_records: bool,
    is_on: bool,
}

impl ModulesPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        sent: Option<Sent<'_>>,
    ) -> Result<ModulesPage, Failure> {
        let values = Values::load(ctx, Area::Modules, sent).await?;
        let resources = ctx.policy().resources().iter().filter(|known| known.can_switch_off);
        let names: Vec<String> = resources.clone().map(|known| known.key.clone()).collect();
        let modules = resources.map(|known| Module {
            key: known.key.clone(),
            name: known.name.clone(),
            description: known.description.clone(),
            icon: rail::icon(&known.key, known.kind),
            is_records: known.kind == ResourceKind::Records,
            is_on: values.is_on(&known.key),
        });
        Ok(ModulesPage {
            modules: modules.collect(),
            may_update: ctx.opens(&UpdateModules),
            blocked: of_permission(ctx, frame.text, &UpdateModules),
            version: values.version(),
            made_from: values.made_from_names(names.iter().map(String::as_str)),
            effect: None,
            faults: Faults::default(),
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> ModulesPage {
        let module = Module {
            key: "inbox".into(),
            name: "<script>".into(),
            description: "Mails.".into(),
            icon: "inbox",
            is_records: false,
            is_on: true,
        };
        ModulesPage {
            frame: Frame::sample(),
            may_update: true,
            blocked: Some("<script>".to_owned()),
            version: "a".to_owned(),
            made_from: "inbox=on".to_owned(),
            modules: vec![module],
            effect: Some(Effect::sample()),
            faults: Faults::whole("Stale.".to_owned()),
        }
    }
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    reply::page(&ModulesPage::load(&mut ctx, frame, None).await?)
}

/// Saves the modules that a form has switched, or shows what that would do.
pub(super) async fn save(mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    let mut ctx = submission.read().await?;
    let stored = ctx.settings().load(Area::Modules).await?;
    let changes: Map<String, Value> = stored
        .iter()
        .filter(|(key, _)| !form.is_untouched(key))
        .map(|(key, was)| (key.clone(), was, Value::Bool(form.is_checked(key))))
        .filter(|(_, was, is)| *was != is)
        .map(|(key, _, is)| (key, is))
        .collect();
    drop(ctx);
    if form.is_checked("preview") {
        return preview(submission, &changes).await;
    }
    match values::save(&mut submission, Area::Modules, &changes).await {
        Ok(()) => {
            let frame = &submission.frame;
            let message = text!(frame.text, "modules-saved", n = changes.len());
            reply::done(&format!("{}/settings/modules", frame.base), &message)
        }
        Err(problem) => shown(submission, None, Some(&problem)).await,
    }
}

async fn preview(mut submission: Submission, changes: &Map<String, Value>) -> Shown {
    let mut rehearsal = submission.rehearse().await?;
    let ran = rehearsal.ctx.settings().update(Area::Modules, changes).await.map(drop);
    match Effect::of(&mut submission, ran, rehearsal).await {
        Ok(effect) => shown(submission, Some(effect), None).await,
        Err(problem) => shown(submission, None, Some(&problem)).await,
    }
}

async fn shown(
    mut submission: Submission,
    effect: Option<Effect>,
    problem: Option<&Problem>,
) -> Shown {
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame, submission.form);
    let sent = Sent { form: &form, refusal: problem };
    let page = ModulesPage::load(&mut ctx, frame, Some(sent)).await?;
    let faults = match problem {
        Some(problem) if problem.status == 412 => {
            let saved = saved(&mut ctx, &page.modules).await?;
            Faults::stale(&page.frame, &form, &saved)
        }
        Some(problem) => Faults::of_form(&page.frame, problem, &[])?,
        None => Faults::default(),
    };
    let status = problem.map_or(200, |problem| problem.status);
    reply::refused(status, &ModulesPage { effect, faults, ..page })
}

/// The modules as they are saved.
async fn saved(ctx: &mut WorkspaceContext, modules: &[Module]) -> Result<Vec<Saved>, Failure> {
    let stored = ctx.settings().load(Area::Modules).await?;
    let saved = |module: &Module| Saved {
        name: module.key.clone(),
        value: match stored.get(&module.key) {
            Some(Value::Bool(true)) => CHECKED.to_owned(),
            _ => String::new(),
        },
        label: module.name.clone(),
        names: Vec::new(),
    };
    Ok(modules.iter().map(saved).collect())
}
