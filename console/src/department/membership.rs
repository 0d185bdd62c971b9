//! The members of a department: who is moved there, and how far each person sees (CRM-170).

use axum::extract::Path;
use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::DepartmentRef;
use hallpass_domain::id::MemberId;
use hallpass_engine::Visibility;
use hallpass_web::error::Problem;

use super::page::DepartmentPage;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::reach::Reach;
use crate::reply::{self, Shown};
use crate::submission::Submission;

pub(crate) async fn add(
    Path((_, department)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let member = submission.form.text("member").to_owned();
    let access = AccessChange {
        department: Some(Some(DepartmentRef::from(department.as_str()))),
        ..AccessChange::default()
    };
    save(&mut submission, &department, &member, access, |submission, name| {
        text!(submission.frame.text, "department-joined", name = name)
    })
    .await
}

pub(crate) async fn change(
    Path((_, department, member)): Path<(String, String, String)>,
    mut submission: Submission,
) -> Shown {
    let form = &submission.form;
    if form.is_checked("remove") {
        let access = AccessChange { department: Some(None), ..AccessChange::default() };
        return save(&mut submission, &department, &member, access, |submission, name| {
            text!(submission.frame.text, "department-left", name = name)
        })
        .await;
    }
    let visibility = Visibility::parse(form.text("visibility"));
    let visibility = visibility.ok_or_else(|| {
        Problem::field("/visibility", "unknown", "choose own, department or all")
    })?;
    let access = AccessChange { visibility: Some(visibility), ..AccessChange::default() };
    save(&mut submission, &department, &member, access, move |submission, name| {
        let text = submission.frame.text;
        let word = Reach::of(text, visibility.scope().word()).word;
        text!(text, "department-visibility-saved", name = name, level = word)
    })
    .await
}

/// Changes a member, and goes on to the page of the department.
async fn save(
    submission: &mut Submission,
    department: &str,
    member: &str,
    access: AccessChange,
    message: impl Fn(&Submission, &str) -> String,
) -> Shown {
    let member: MemberId = member.parse().map_err(|_| Failure::missing("member"))?;
    let mut ctx = submission.write().await?;
    let change = MemberChange::from(access);
    let changed = ctx.members().update(member, &change).await;
    drop(ctx);
    match changed {
        Ok(member) => {
            let path = format!("{}/settings/departments/{department}", submission.frame.base);
            reply::done(&path, &message(submission, &member.name()))
        }
        Err(error) => {
            let problem = Problem::from(error);
            let mut ctx = submission.read().await?;
            let frame = submission.frame.clone();
            let form = Form::default();
            let mut page =
                DepartmentPage::load(&mut ctx, frame, Some(department), &form).await?;
            page.refused = Faults::of(page.frame.text, &problem, &[]);
            if problem.status == 412 {
                page.refused = Faults::whole(page.frame.t("stale-choice"));
            }
            reply::refused(problem.status, &page)
        }
    }
}
