//! Saving a department: its name, place and manager, with a preview.

use axum::extract::Path;
use hallpass_app::naming::DepartmentRef;
use hallpass_web::error::Problem;

use super::page::DepartmentPage;
use super::values::change;
use crate::effect::Effect;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::reply::{self, Shown};
use crate::submission::Submission;

/// The fields that show their own mistakes.
pub(super) const FIELDS: [&str; 3] = ["name", "parent", "manager"];

pub(crate) async fn save(
    Path((_, department)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let change = change(&submission.form)?;
    let reference = DepartmentRef::from(department.as_str());
    let mut ctx = submission.write().await?;
    let saved = ctx.departments().update(reference, &change).await;
    drop(ctx);
    match saved {
        Ok(saved) => {
            let (frame, saved) = (&submission.frame, &saved.department);
            let path = format!("{}/settings/departments/{}", frame.base, saved.id);
            reply::done(&path, &text!(frame.text, "role-saved", name = saved.name.as_str()))
        }
        Err(error) => refused(&mut submission, &department, &error.into()).await,
    }
}

pub(crate) async fn preview(
    Path((_, department)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let change = change(&submission.form)?;
    let reference = DepartmentRef::from(department.as_str());
    let mut rehearsal = submission.rehearse().await?;
    let ran = rehearsal.ctx.departments().update(reference, &change).await.map(drop);
    match Effect::of(&mut submission, ran, rehearsal).await {
        Ok(effect) => {
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame.clone(), &submission.form);
            let mut page =
                DepartmentPage::load(&mut ctx, frame, Some(&department), form).await?;
            page.effect = Some(effect);
            if let Some(about) = &mut page.about {
                about.keep_base(form);
            }
            reply::page(&page)
        }
        Err(problem) => {
            let mut page = again(&mut submission, &department, &problem).await?;
            if let Some(about) = &mut page.about {
                about.keep_base(&submission.form);
            }
            reply::refused(problem.status, &page)
        }
    }
}

/// Shows the form again, with what was typed.
pub(super) async fn refused(
    submission: &mut Submission,
    department: &str,
    problem: &Problem,
) -> Shown {
    let page = again(submission, department, problem).await?;
    reply::refused(problem.status, &page)
}

/// The page with a form that was refused.
async fn again(
    submission: &mut Submission,
    department: &str,
    problem: &Problem,
) -> Result<DepartmentPage, Failure> {
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame.clone(), &submission.form);
    let mut page = DepartmentPage::load(&mut ctx, frame, Some(department), form).await?;
    page.refused = match &mut page.about {
        Some(about) if problem.status == 412 => {
            Faults::stale(&page.frame, form, &about.saved(&page.frame))
        }
        Some(about) => {
            about.keep_base(form);
            Faults::of(submission.frame.text, problem, &FIELDS)
        }
        None => Faults::of(submission.frame.text, problem, &FIELDS),
    };
    if let Some(about) = &mut page.about {
        about.parent.error = page.refused.at("parent");
        about.manager.error = page.refused.at("manager");
    }
    Ok(page)
}
