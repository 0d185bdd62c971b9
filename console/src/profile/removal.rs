//! The deletion of a profile, with the teams that have it.

use axum::extract::Path;
use hallpass_app::naming::ProfileRef;
use hallpass_web::error::Problem;

use super::page::{About, ProfilePage};
use crate::dialog::Dialog;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

fn dialog(frame: &Frame, about: &About) -> Dialog {
    let teams: Vec<&str> = about.teams.iter().map(|(_, name)| name.as_str()).collect();
    let holders = (!teams.is_empty())
        .then(|| text!(frame.text, "profile-delete-teams", teams = teams.join(", ")));
    let effects = [Some(frame.t("profile-delete-effect")), holders];
    Dialog {
        title: text!(frame.text, "role-delete-title", name = &about.name),
        effects: effects.into_iter().flatten().collect(),
        action: format!("{}/delete", about.path),
        verb: frame.t("profile-delete"),
        keep: frame.t("keep-it"),
        back: about.path.clone(),
        word: None,
    }
}

pub(crate) async fn ask(Path((_, profile)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let frame = frame.covered();
    let mut page = ProfilePage::load(&mut ctx, frame, Some(&profile), &Form::default()).await?;
    page.dialog = Some(dialog(&page.frame, &page.about));
    reply::page(&page)
}

pub(crate) async fn delete(
    Path((_, profile)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let reference = ProfileRef::from(profile.as_str());
    let mut ctx = submission.write().await?;
    let name = ctx.profiles().load(reference.clone()).await?.profile.name.to_string();
    let deleted = ctx.profiles().delete(reference).await;
    drop(ctx);
    let Err(error) = deleted else {
        let message = text!(submission.frame.text, "role-deleted", name = name);
        return reply::done(&format!("{}/settings/profiles", submission.frame.base), &message);
    };
    let problem = Problem::from(error);
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let mut page = ProfilePage::load(&mut ctx, frame, Some(&profile), &Form::default()).await?;
    page.refused = Faults::of(page.frame.text, &problem, &[]);
    reply::refused(problem.status, &page)
}
