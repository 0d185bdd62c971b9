//! Who may revoke an invitation.

use hallpass_domain::invitation::Invitation;
use hallpass_domain::model::guard::check_revoke_invitation;
use hallpass_domain::refusal::Refusal;

use crate::context::WorkspaceContext;
use crate::gate::WritePermission;
use crate::gate::permission::{AnyWriteOf, Invite, RemoveMembers};
use crate::member::access::check_grantable;

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
