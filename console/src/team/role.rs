//! The role of a member, which the row of the list changes at once (HARMONIA-59, HARMONIA-60).

use axum::extract::Path;
use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::RoleRef;
use hallpass_domain::id::MemberId;

use crate::failure::Failure;
use crate::reply::{self, Shown};
use crate::submission::Submission;

pub(crate) async fn change(
    Path((_, member)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let member: MemberId = member.parse().map_err(|_| Failure::missing("member"))?;
    let role = RoleRef::from(submission.form.text("role"));
    let access = AccessChange { role: Some(role), ..AccessChange::default() };
    let change = MemberChange { access, landing: None };
    let mut ctx = submission.write().await?;
    let member = ctx.members().update(member, &change).await?;
    let role = ctx.snapshot().role_name(&member.access.role);
    let frame = &submission.frame;
    let message = text!(frame.text, "team-role-saved", name = member.name(), role = role);
    reply::done(&format!("{}/settings/team", frame.base), &message)
}
