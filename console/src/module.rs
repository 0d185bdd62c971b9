//! A module without records of its own: what it is, and what the reader's level lets them do with it.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::RecordPermission;
use hallpass_engine::{Resource, ResourceKind};
use hallpass_web::routes::Routes;

use crate::failure::Failure;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/workspace/{ws}/modules/{module}", show)
}

/// A module.
#[derive(Template)]
#[template(path = "module/page.html")]
pub(crate) struct ModulePage {
    frame: Frame,
    name: String,
    icon: &'static str,
    intro: String,
    /// The rungs of its ladder; empty when it has none.
    rungs: Vec<Rung>,
    actions: Vec<Granted>,
    why: String,
}

/// A rung of the ladder.
#[derive(Clone, Debug)]
struct Rung {
    name: String,
    actions: String,
    is_held: bool,
    /// Whether it is the highest that the reader holds.
    is_highest: bool,
}

/// An action, and whether the reader may do it.
#[derive(Clone, Debug)]
struct Granted {
    name: String,
    is_allowed: bool,
    why: String,
}

impl ModulePage {
    #[cfg(test)]
    pub(crate) fn sample() -> ModulePage {
        ModulePage {
            frame: Frame::sample(),
            name: "Ask AI".to_owned(),
            icon: "sparkles",
            intro: "Your level is <script>.".to_owned(),
            rungs: vec![Rung {
                name: "Use".to_owned(),
                actions: "use".to_owned(),
                is_held: true,
                is_highest: true,
            }],
            actions: vec![Granted {
                name: "<script>".to_owned(),
                is_allowed: false,
                why: "#".to_owned(),
            }],
            why: "#".to_owned(),
        }
    }

    fn of(ctx: &WorkspaceContext, frame: Frame, module: &Resource) -> ModulePage {
        let may = |key: &str| ctx.opens(&RecordPermission::new(&module.key, key));
        let why = |key: &str| {
            format!("{}/settings/explain?resource={}&action={key}", frame.base, module.key)
        };
        let actions = module.actions.iter().map(|action| Granted {
            name: action.name.clone(),
            is_allowed: may(&action.key),
            why: why(&action.key),
        });
        let mut rungs: Vec<Rung> = module
            .ladder
            .iter()
            .map(|level| {
                let added = level.actions.iter().filter_map(|place| module.actions.get(*place));
                let names: Vec<String> =
                    added.clone().map(|action| action.name.to_lowercase()).collect();
                Rung {
                    name: level.name.clone(),
                    actions: names.join(", "),
                    is_held: added.clone().all(|action| may(&action.key)),
                    is_highest: false,
                }
            })
            .collect();
        if let Some(highest) = rungs.iter_mut().rev().find(|rung| rung.is_held) {
            highest.is_highest = true;
        }
        let level = rungs.iter().find(|rung| rung.is_highest).map(|rung| rung.name.clone());
        let intro = match level {
            Some(level) => text!(frame.text, "module-level", level = level),
            None => frame.t("module-no-ladder"),
        };
        let read = module.key_of(module.read).unwrap_or_default();
        ModulePage {
            name: module.name.clone(),
            icon: crate::rail::icon(&module.key, module.kind),
            intro,
            rungs,
            actions: actions.collect(),
            why: why(read),
            frame,
        }
    }
}

async fn show(Path((_, key)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { ctx, frame, .. } = viewer;
    let module = ctx.policy().resources().iter().find(|known| known.key == key).cloned();
    let module = module.ok_or_else(|| Failure::missing("module"))?;
    match module.kind {
        ResourceKind::Records => {
            return reply::go(&format!("{}/records/{key}", frame.base));
        }
        ResourceKind::Settings => return Err(Failure::missing("module")),
        ResourceKind::Modules => {}
    }
    let own = ctx.member_id();
    let shown = own.map(|id| ctx.snapshot().navigation(id)).unwrap_or_default();
    if own.is_some() && !shown.contains(&key) {
        let action = module.key_of(module.read).unwrap_or_default();
        let denial = ctx.denial(&RecordPermission::new(&key, action));
        return Err(denial.map_or_else(|| Failure::missing("module"), Failure::denied));
    }
    reply::page(&ModulePage::of(&ctx, frame, &module))
}
