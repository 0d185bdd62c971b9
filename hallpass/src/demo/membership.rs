//! How memberships of the demo end and change, where the access model allows it.

use hallpass_app::{Error, Principal};
use hallpass_domain::id::MemberId;

use super::people::{INACTIVE, REMOVED};
use super::presence::present;
use super::workspace::DemoWorkspace;

/// Deactivates one member and removes another.
pub(super) async fn offboard(workspace: &DemoWorkspace<'_>) -> Result<(), Error> {
    let member = |index: usize, verb: &str| {
        workspace.members.get(index).filter(|_| workspace.has_membership_verb(verb))
    };
    if let Some(member) = member(INACTIVE, "deactivate") {
        workspace.ctx().await?.members().deactivate(*member).await?;
    }
    if let Some(member) = member(REMOVED, "remove") {
        workspace.ctx().await?.members().remove(*member).await?;
    }
    Ok(())
}

/// Deactivates and reactivates a guest, makes them the owner for a moment, and ends the membership.
pub(super) async fn pass_through(
    workspace: &DemoWorkspace<'_>,
    guest: &Principal,
    member: MemberId,
) -> Result<(), Error> {
    if ["deactivate", "reactivate"].iter().all(|verb| workspace.has_membership_verb(verb)) {
        workspace.ctx().await?.members().deactivate(member).await?;
        workspace.ctx().await?.members().reactivate(member).await?;
    }
    let guest = present(workspace.app, guest).await?;
    let guest_ctx = || workspace.app.enter_to_write(&guest, &workspace.blueprint.id);
    if workspace.has_area_verb("ownership", "transfer")
        && let Some(anna) = workspace.members.first()
    {
        workspace.recent_ctx().await?.ownership().transfer(member).await?;
        guest_ctx().await?.ownership().transfer(*anna).await?;
    }
    if workspace.has_membership_verb("leave") {
        guest_ctx().await?.members().leave().await?;
    } else if workspace.has_membership_verb("remove") {
        workspace.ctx().await?.members().remove(member).await?;
    }
    Ok(())
}
