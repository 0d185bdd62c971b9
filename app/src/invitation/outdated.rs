//! Pending invitations that can no longer be accepted.

use hallpass_domain::invitation::{Invitation, InvitationState, Outdated};
use hallpass_domain::model::Grantor;

use crate::context::WorkspaceContext;
use crate::member::access::{check_grantable, check_landing};

/// Returns whether the role, the department, a team or the page of an invitation is gone.
pub(super) fn names_missing(ctx: &WorkspaceContext, invitation: &Invitation) -> bool {
    let (model, access) = (ctx.model(), &invitation.access);
    !model.has_role(&access.role)
        || access.department.is_some_and(|id| model.department(id).is_none())
        || access.teams.iter().any(|id| model.team(*id).is_none())
        || check_landing(ctx, invitation.landing.as_deref()).is_err()
}

/// Returns why a pending invitation can no longer be accepted.
pub(super) fn outdated(ctx: &WorkspaceContext, invitation: &Invitation) -> Option<Outdated> {
    if invitation.state != InvitationState::Pending || invitation.is_expired(ctx.now) {
        return None;
    }
    if names_missing(ctx, invitation) {
        return Some(Outdated::Contents);
    }
    if !ctx.admits(&invitation.email) {
        return Some(Outdated::Address);
    }
    let grantor = match invitation.invited_by {
        None => Grantor::Operator,
        Some(id) if ctx.may(id, "members", "create") => Grantor::Member(id),
        Some(_) => return Some(Outdated::Grantor),
    };
    let grantable = check_grantable(ctx, grantor, &invitation.access);
    grantable.is_err().then_some(Outdated::Grantor)
}
