//! What the caller may do with an invitation, for pages that offer it.

use hallpass_domain::invitation::{Invitation, InvitationState};

use super::Invitations;
use super::outdated::names_missing;
use super::revocation::{check_revoke, revoking};
use crate::gate::permission::{Invite, TransferBilling, UpdateTeams};
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
