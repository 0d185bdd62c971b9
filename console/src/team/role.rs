//! The role of a member, which the row of the list changes at once (HARMONIA-59, HARMONIA-60).

use axum::extract::Path;
use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::RoleRef;
use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_web::error::Problem;

use super::list::{self, TeamPage, member_id};
use super::over::{Over, Picker};
use super::picker;
use crate::failure::Failure;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

pub(crate) async fn change(
    Path((_, member)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let member = member_id(&member)?;
    match save(&mut submission, member).await {
        Ok((name, role)) => {
            let message =
                text!(submission.frame.text, "team-role-saved", name = name, role = role);
            reply::done(&list::back(&submission), &message)
        }
        Err(problem) => list::refuse(submission, problem).await,
    }
}

async fn save(
    submission: &mut Submission,
    member: MemberId,
) -> Result<(String, String), Problem> {
    let role = Some(RoleRef::from(submission.form.text("role")));
    let access = AccessChange { role, ..AccessChange::default() };
    let change = MemberChange::from(access);
    let mut ctx = submission.write().await?;
    let member = ctx.members().update(member, &change).await?;
    let role = ctx.snapshot().role_name(&member.access.role);
    Ok((member.name(), role))
}

/// Chooses a second holder of the top role.
pub(crate) async fn choose_top(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let top = ctx.model().blueprint().top_role().cloned();
    let top = top.ok_or_else(|| Failure::missing("page"))?;
    let path = format!("{}/settings/team", frame.base);
    let held = |member: &Member| member.access.role == top.key;
    let href = |id: MemberId| format!("{path}/{id}/access?role={}", top.key);
    let (found, has_more) =
        picker::find((&mut ctx, &frame), query.text("q"), held, href).await?;
    let over = Over::Picker(Picker {
        title: text!(frame.text, "team-choose-top", role = &top.name),
        intro: frame.word("top_role_advice"),
        action: format!("{path}/choose-top-role"),
        search: query.text("q").to_owned(),
        found,
        has_more,
        back: path,
    });
    reply::page(&TeamPage::behind(&mut ctx, frame, over).await?)
}
