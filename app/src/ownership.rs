//! Ownership: hand over the top role.

use std::sync::Arc;

use hallpass_domain::id::MemberId;
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::member::{Member, MemberAccessChange, Status};
use hallpass_domain::model::{ChangeKind, guard};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Blueprint, Change, Role};

use crate::boxed;
use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::TransferOwnership;
use crate::member::audit_view;

/// The ownership of a workspace.
pub struct Ownership<'c>(pub(crate) &'c mut WorkspaceContext);

impl Ownership<'_> {
    /// Transfers ownership in one step: the recipient gets the top role, and the acting member the one
    /// below (AMB-HARMONIA-3, AMB-CRM-10).
    #[boxed]
    pub async fn transfer(&mut self, to: MemberId) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(TransferOwnership).await?;
        let from = ctx.member_id().ok_or_else(no_workspace)?;
        let grantor = ctx.members().load_with(&pass, from).await?;
        let recipient = ctx.members().load_with(&pass, to).await?;
        check_recipient(&grantor, &recipient)?;
        let blueprint = Arc::clone(ctx.model().blueprint());
        let top = blueprint.top_role().map(|role| role.key.clone()).unwrap_or_default();
        if grantor.access.role != top {
            let role = ctx.snapshot().role_name(&top);
            return Err(Refusal::MayNotGive { role }.into());
        }
        let below = role_below_top(&blueprint.roles).unwrap_or(&top);
        let gives = with_role(&grantor, &blueprint, below)?;
        let takes = with_role(&recipient, &blueprint, &top)?;
        let changes =
            [Change::PutMember(gives.to_engine()), Change::PutMember(takes.to_engine())];
        ctx.apply(ChangeKind::TransferOwnership, &changes)?;
        let names = (grantor.name(), recipient.name());
        for (before, after) in [(&grantor, gives), (&recipient, takes)] {
            let after = after.changed_by(before, Some(from), ctx.now);
            if !ctx.tx(&pass)?.members().update(&after).await? {
                return Err(Refusal::Stale.into());
            }
            let (was, is) = (audit_view(before), audit_view(&after));
            ctx.record_audit(&pass, "ownership.transfer", after.id, &was, &is).await?;
            let workspace = ctx.snapshot().workspace.name.to_string();
            let notification = (after.id, "ownership_transferred");
            let (from, to_name) = names.clone();
            ctx.notify(&pass, notification, after.id.to_string(), |_| {
                MailTemplate::OwnershipTransferred { workspace, from, to_name }
            })
            .await?;
        }
        ctx.commit(&pass).await.map(drop)
    }
}

fn check_recipient(grantor: &Member, recipient: &Member) -> Result<(), Refusal> {
    if grantor.id == recipient.id {
        return Err(Refusal::field("/to", "yourself", "choose another member"));
    }
    check_active(recipient)
}

/// Checks that something can be handed over to a member.
pub(crate) fn check_active(recipient: &Member) -> Result<(), Refusal> {
    if recipient.status == Status::Active {
        return Ok(());
    }
    Err(Refusal::field("/to", "inactive", "the member is inactive; reactivate them first"))
}

/// Returns a member with another role.
pub(crate) fn with_role(
    member: &Member,
    blueprint: &Blueprint,
    role: &str,
) -> Result<Member, Refusal> {
    let change =
        MemberAccessChange { role: Some(role.to_owned()), ..MemberAccessChange::default() };
    let mut access = member.access.change(blueprint, &change)?;
    if !guard::has_levels(blueprint, role) {
        access.levels.clear();
    }
    Ok(Member { access, ..member.clone() })
}

/// Returns the highest role below the top role.
fn role_below_top(roles: &[Role]) -> Option<&str> {
    let others = roles.iter().filter(|role| !role.is_top);
    others.max_by_key(|role| role.rank).map(|role| role.key.as_str())
}
