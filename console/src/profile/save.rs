//! Saving a profile: create, update, and the preview of an update.

use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::naming::ProfileRef;
use hallpass_app::profile::ProfileChange;
use hallpass_web::error::Problem;

use super::page::{self, ProfilePage};
use crate::draft::Draft;
use crate::effect::{Effect, names};
use crate::failure::Failure;
use crate::faults::Faults;
use crate::reply::{self, Shown};
use crate::submission::Submission;

fn change(draft: &Draft) -> ProfileChange {
    let changed = draft.changed();
    ProfileChange {
        name: Some(draft.name.clone()),
        description: Some(draft.description.clone()),
        grants: (!changed.is_empty()).then_some(changed),
    }
}

pub(crate) async fn create(mut submission: Submission) -> Shown {
    let draft = Draft::default().with(&submission.form);
    let mut ctx = submission.write().await?;
    let created = ctx.profiles().create(&change(&draft)).await;
    drop(ctx);
    match created {
        Ok(created) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/profiles/{}", frame.base, created.profile.id);
            let name = created.profile.name.as_str();
            reply::done(&path, &text!(frame.text, "profile-created", name = name))
        }
        Err(error) => refused(&mut submission, None, error.into()).await,
    }
}

pub(crate) async fn save(
    Path((_, profile)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut ctx = submission.write().await?;
    let draft = draft(&mut ctx, &profile, &submission).await?;
    let reference = ProfileRef::from(profile.as_str());
    let saved = ctx.profiles().update(reference, &change(&draft)).await;
    drop(ctx);
    match saved {
        Ok(saved) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/profiles/{}", frame.base, saved.profile.id);
            let name = saved.profile.name.as_str();
            reply::done(&path, &text!(frame.text, "role-saved", name = name))
        }
        Err(error) => refused(&mut submission, Some(&profile), error.into()).await,
    }
}

pub(crate) async fn preview(
    Path((_, profile)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut rehearsal = submission.rehearse().await?;
    let draft = draft(&mut rehearsal.ctx, &profile, &submission).await?;
    let reference = ProfileRef::from(profile.as_str());
    let ran = rehearsal.ctx.profiles().update(reference, &change(&draft)).await.map(drop);
    match Effect::of(&mut submission, ran, rehearsal).await {
        Ok(effect) => {
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame.clone(), &submission.form);
            let mut page = ProfilePage::load(&mut ctx, frame, Some(&profile), form).await?;
            page.effect = Some(effect);
            page.draft.keep_base(form);
            reply::page(&page)
        }
        Err(problem) => {
            let mut page = again(&mut submission, Some(&profile), &problem).await?;
            page.draft.keep_base(&submission.form);
            reply::refused(problem.status, &page)
        }
    }
}

async fn draft(
    ctx: &mut WorkspaceContext,
    profile: &str,
    submission: &Submission,
) -> Result<Draft, Failure> {
    let saved = ctx.profiles().load(ProfileRef::from(profile)).await?;
    Ok(page::draft(&saved).with(&submission.form))
}

/// Shows the form again, with what was typed.
async fn refused(
    submission: &mut Submission,
    profile: Option<&str>,
    problem: Problem,
) -> Shown {
    let page = again(submission, profile, &problem).await?;
    reply::refused(problem.status, &page)
}

/// The page with a form that was refused.
async fn again(
    submission: &mut Submission,
    profile: Option<&str>,
    problem: &Problem,
) -> Result<ProfilePage, Failure> {
    if problem.status == 404 {
        return Err(problem.clone().into());
    }
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame.clone(), &submission.form);
    let mut page = ProfilePage::load(&mut ctx, frame, profile, form).await?;
    page.refused = Faults::of(page.frame.text, problem, &["name", "description"]);
    if problem.status == 412 {
        let label = |row: &str, action: &str| {
            let (resource, action) = names(&ctx, row, action);
            format!("{resource}: {action}")
        };
        page.refused = Faults::lines(page.draft.stale(page.frame.text, label));
    } else {
        page.draft.keep_base(form);
    }
    Ok(page)
}
