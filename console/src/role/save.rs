//! Saving a role: create, update, and the preview of an update.

use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::naming::RoleRef;
use hallpass_web::error::Problem;

use super::content;
use super::page::RolePage;
use crate::draft::Draft;
use crate::effect::{Effect, names};
use crate::failure::Failure;
use crate::faults::Faults;
use crate::reply::{self, Shown};
use crate::submission::Submission;

/// The fields that show their own mistakes.
const FIELDS: [&str; 2] = ["name", "description"];

pub(crate) async fn create(mut submission: Submission) -> Shown {
    let draft = Draft::default().with(&submission.form);
    let mut ctx = submission.write().await?;
    let created = ctx.roles().create(&content::change(&draft)).await;
    drop(ctx);
    match created {
        Ok(role) => {
            let frame = &submission.frame;
            let message = text!(frame.text, "role-created", name = &role.name);
            reply::done(&format!("{}/settings/roles/{}", frame.base, role.id), &message)
        }
        Err(error) => refused(&mut submission, None, error.into()).await,
    }
}

pub(crate) async fn save(
    Path((_, role)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut ctx = submission.write().await?;
    let draft = draft(&mut ctx, &role, &submission).await?;
    let saved =
        ctx.roles().update(RoleRef::from(role.as_str()), &content::change(&draft)).await;
    drop(ctx);
    match saved {
        Ok(saved) => {
            let frame = &submission.frame;
            let message = text!(frame.text, "role-saved", name = &saved.name);
            reply::done(&format!("{}/settings/roles/{}", frame.base, saved.id), &message)
        }
        Err(error) => refused(&mut submission, Some(&role), error.into()).await,
    }
}

pub(crate) async fn preview(
    Path((_, role)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut rehearsal = submission.rehearse().await?;
    let draft = draft(&mut rehearsal.ctx, &role, &submission).await?;
    let reference = RoleRef::from(role.as_str());
    let ran = rehearsal.ctx.roles().update(reference, &content::change(&draft)).await.map(drop);
    match Effect::of(&mut submission, ran, rehearsal).await {
        Ok(effect) => {
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame.clone(), &submission.form);
            let mut page = RolePage::load(&mut ctx, frame, Some(&role), form).await?;
            page.effect = Some(effect);
            page.draft.keep_base(form);
            reply::page(&page)
        }
        Err(problem) => {
            let mut page = again(&mut submission, Some(&role), &problem).await?;
            page.draft.keep_base(&submission.form);
            reply::refused(problem.status, &page)
        }
    }
}

async fn draft(
    ctx: &mut WorkspaceContext,
    role: &str,
    submission: &Submission,
) -> Result<Draft, Failure> {
    let saved = ctx.roles().load(RoleRef::from(role)).await?;
    Ok(content::draft(&saved).with(&submission.form))
}

/// Shows the form again, with what was typed.
async fn refused(submission: &mut Submission, role: Option<&str>, problem: Problem) -> Shown {
    let page = again(submission, role, &problem).await?;
    reply::refused(problem.status, &page)
}

/// The page with a form that was refused.
async fn again(
    submission: &mut Submission,
    role: Option<&str>,
    problem: &Problem,
) -> Result<RolePage, Failure> {
    if problem.status == 404 {
        return Err(problem.clone().into());
    }
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame.clone(), &submission.form);
    let mut page = RolePage::load(&mut ctx, frame, role, form).await?;
    page.refused = Faults::of(page.frame.text, problem, &FIELDS);
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
