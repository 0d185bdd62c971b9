//! Modules: record types and modules that can be switched on and off, with the effect before it is saved.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::UpdateModules;
use hallpass_app::setting::tag;
use hallpass_domain::setting::Area;
use hallpass_engine::ResourceKind;
use hallpass_web::error::Problem;
use serde_json::{Map, Value};

use super::values::{self, Sent, Values};
use crate::effect::Effect;
use crate::failure::Failure;
use crate::faults::Faults;
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
    // A form that was made before another change is refused by its version, whatever it names.
    let is_current = form.text("version") == tag(&stored);
    let changes: Map<String, Value> = stored
        .iter()
        .map(|(key, is_on)| (key.clone(), is_on, Value::Bool(form.is_checked(key))))
        .filter(|(_, was, is)| !is_current || *was != is)
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
    let faults = match problem {
        Some(problem) if problem.status == 412 => {
            Faults::whole(submission.frame.t("stale-form"))
        }
        Some(problem) => Faults::of_form(&submission.frame, problem, &[])?,
        None => Faults::default(),
    };
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame, submission.form);
    let page = ModulesPage::load(&mut ctx, frame, Some(Sent { form: &form, refusal: problem }))
        .await?;
    let status = problem.map_or(200, |problem| problem.status);
    reply::refused(status, &ModulesPage { effect, faults, ..page })
}
