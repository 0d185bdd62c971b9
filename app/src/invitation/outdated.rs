//! Pending invitations that can no longer be accepted.

use hallpass_domain::id::{MemberId, TeamId};
use hallpass_domain::invitation::{Invitation, InvitationState, Outdated};
use hallpass_domain::member::{MemberAccess, MemberAccessChange};
use hallpass_domain::model::{ChangeKind, Grantor, Model};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Change;
use uuid::Uuid;

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
pub(crate) fn outdated(ctx: &WorkspaceContext, invitation: &Invitation) -> Option<Outdated> {
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
        Some(id) if may_invite(ctx, id, &invitation.access.teams) => Grantor::Member(id),
        Some(_) => return Some(Outdated::Grantor),
    };
    let grantable = check_grantable(ctx, grantor, &invitation.access);
    grantable.is_err().then_some(Outdated::Grantor)
}

/// Whether a member may, as their access is now, invite people into some teams.
pub(crate) fn may_invite(ctx: &WorkspaceContext, member: MemberId, teams: &[TeamId]) -> bool {
    ctx.may(member, "members", "create")
        && (teams.is_empty() || ctx.may(member, "teams", "update"))
}

/// Why an open invitation could not be accepted under another access model.
#[derive(Clone, Debug)]
pub enum InvitationMisfit {
    /// It gives a level on a resource, by key, that is something of another kind there.
    Level(String),
    /// It gives a role, by name, that does not exist there.
    Role(String),
    /// It names a page, by key, that does not exist there.
    Page(String),
    /// A rule would refuse it.
    Refused(Refusal),
}

impl InvitationMisfit {
    /// The reason in a sentence.
    pub(crate) fn sentence(&self) -> String {
        let why = match self {
            InvitationMisfit::Level(key) => format!(
                "gives a level on `{key}`, which is something of another kind in the access model"
            ),
            InvitationMisfit::Role(role) => {
                format!("gives the role {role}, which the access model does not have")
            }
            InvitationMisfit::Page(page) => {
                format!("names the page `{page}`, which the access model does not have")
            }
            InvitationMisfit::Refused(why) => format!("could not be accepted: {why}"),
        };
        format!("an open invitation {why}; revoke it first")
    }
}

/// What an open invitation gives or names that another access model does not have, or has as something
/// of another kind under the same key.
pub(crate) fn misfit(
    ctx: &WorkspaceContext,
    (model, changed): (&Model, &[String]),
    invitation: &Invitation,
) -> Option<InvitationMisfit> {
    let access = &invitation.access;
    if let Some((key, _)) = access.levels.iter().find(|(key, _)| changed.contains(key)) {
        return Some(InvitationMisfit::Level(key.clone()));
    }
    if !model.has_role(&access.role) {
        return Some(InvitationMisfit::Role(ctx.snapshot().role_name(&access.role)));
    }
    if let Some(page) = invitation.landing.as_deref()
        && !model.policy().resources().iter().any(|known| known.key == page)
    {
        return Some(InvitationMisfit::Page(page.to_owned()));
    }
    accept_in(model, access).err().map(InvitationMisfit::Refused)
}

/// Makes a member with some access in a model, on behalf of the operator.
fn accept_in(model: &Model, access: &MemberAccess) -> Result<(), Refusal> {
    let blueprint = model.blueprint();
    let given = MemberAccessChange {
        levels: (!access.levels.is_empty()).then(|| access.levels.clone()),
        visibility: blueprint.visibility.is_some().then_some(access.visibility),
        department: access.department.map(Some),
        teams: (!access.teams.is_empty()).then(|| access.teams.clone()),
        billing_contact: access.is_billing_contact.then_some(true),
        ..MemberAccessChange::default()
    };
    let access = MemberAccess::new(blueprint, &access.role).change(blueprint, &given)?;
    // The flag moves from its holder.
    let access = MemberAccess { is_billing_contact: false, ..access };
    let change = Change::PutMember(access.to_engine(MemberId(Uuid::max()), true));
    model.change(Grantor::Operator, ChangeKind::Join, &[change]).map(drop)
}
