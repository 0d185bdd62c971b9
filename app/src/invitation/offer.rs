//! What the caller may do with an invitation, for pages that offer it.

use hallpass_domain::invitation::{Invitation, InvitationState};
use hallpass_domain::model::guard::check_revoke_invitation;
use hallpass_domain::refusal::Refusal;

use super::Invitations;
use super::outdated::names_missing;
use crate::context::WorkspaceContext;
use crate::gate::permission::{AnyWriteOf, Invite, RemoveMembers, TransferBilling, UpdateTeams};
use crate::gate::WritePermission;
use crate::member::access::check_grantable;

/// What the caller may do with an invitation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InvitationOffer {
    /// Send it again.
    pub resend: bool,
    /// Revoke it.
    pub revoke: bool,
}

impl Invitations<'_> {
    /// Returns what the caller may do with an invitation.
    #[must_use]
    pub fn offer(&self, invitation: &Invitation) -> InvitationOffer {
        let (ctx, access) = (&*self.0, &invitation.access);
        if invitation.state != InvitationState::Pending
            || (access.is_billing_contact && !ctx.opens(&TransferBilling))
        {
            return InvitationOffer::default();
        }
        let resend = ctx.opens(&Invite)
            && (access.teams.is_empty() || ctx.opens(&UpdateTeams))
            && ctx.admits(&invitation.email)
            && !names_missing(ctx, invitation)
            && check_grantable(ctx, ctx.grantor(), access).is_ok();
        let revoke = ctx.opens(&revoking(ctx)) && check_revoke(ctx, invitation).is_ok();
        InvitationOffer { resend, revoke }
    }
}

/// The permission by which the caller revokes invitations.
pub(super) fn revoking(ctx: &WorkspaceContext) -> AnyWriteOf {
    if ctx.opens(&RemoveMembers) {
        RemoveMembers.as_any_write_of()
    } else {
        Invite.as_any_write_of()
    }
}

/// Checks that the caller may revoke an invitation, by what it gives.
pub(super) fn check_revoke(
    ctx: &WorkspaceContext,
    invitation: &Invitation,
) -> Result<(), Refusal> {
    let access = &invitation.access;
    let sends = check_grantable(ctx, ctx.grantor(), access);
    let revoked = (access.role.as_str(), access.visibility);
    check_revoke_invitation(ctx.model(), ctx.grantor(), revoked, sends)
}
