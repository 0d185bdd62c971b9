//! Saving a team: its names, profile and sharing, with a preview.

use axum::extract::Path;
use hallpass_app::naming::TeamRef;
use hallpass_web::error::Problem;

use super::page::{TeamPage, change};
use crate::effect::Effect;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::reply::{self, Shown};
use crate::submission::Submission;

/// The fields that show their own mistakes.
pub(super) const FIELDS: [&str; 4] = ["name", "description", "profile", "record_sharing"];

pub(crate) async fn save(
    Path((_, team)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut ctx = submission.write().await?;
    let reference = TeamRef::from(team.as_str());
    let saved = ctx.teams().update(reference, &change(&submission.form)).await;
    drop(ctx);
    match saved {
        Ok(saved) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/teams/{}", frame.base, saved.team.id);
            let name = saved.team.name.as_str();
            reply::done(&path, &text!(frame.text, "role-saved", name = name))
        }
        Err(error) => refused(&mut submission, &team, &error.into()).await,
    }
}

pub(crate) async fn preview(
    Path((_, team)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut rehearsal = submission.rehearse().await?;
    let reference = TeamRef::from(team.as_str());
    let change = change(&submission.form);
    let ran = rehearsal.ctx.teams().update(reference, &change).await.map(drop);
    match Effect::of(&mut submission, ran, rehearsal).await {
        Ok(effect) => {
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame.clone(), &submission.form);
            let mut page = TeamPage::load(&mut ctx, frame, &team, form).await?;
            page.effect = Some(effect);
            page.keep_base(form);
            reply::page(&page)
        }
        Err(problem) => {
            let mut page = again(&mut submission, &team, &problem).await?;
            page.keep_base(&submission.form);
            reply::refused(problem.status, &page)
        }
    }
}

/// Shows the form again, with what was typed.
async fn refused(submission: &mut Submission, team: &str, problem: &Problem) -> Shown {
    let page = again(submission, team, problem).await?;
    reply::refused(problem.status, &page)
}

/// The page with a form that was refused.
async fn again(
    submission: &mut Submission,
    team: &str,
    problem: &Problem,
) -> Result<TeamPage, Failure> {
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame.clone(), &submission.form);
    let mut page = TeamPage::load(&mut ctx, frame, team, form).await?;
    page.refused = if problem.status == 412 {
        Faults::stale(&page.frame, form, &page.saved())
    } else {
        page.keep_base(form);
        Faults::of(submission.frame.text, problem, &FIELDS)
    };
    Ok(page)
}
