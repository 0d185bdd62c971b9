//! Who may own a record: the rules for every way in which a record gets an owner.
//!
//! **Invariant:** creating, handing over, claiming and reassigning many records ask here, so that no
//! way gives a record an owner that another one refuses.

use hallpass_domain::record::Owner;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Filter, Resource, Target};

use super::part::{assigning, creating, reassigning};
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::RecordWritePermission;
use crate::naming::{self, OwnerRef};

/// Checks that a member can become the owner of a record: an active one, or none.
pub(super) fn check_owner(
    ctx: &WorkspaceContext,
    pointer: &str,
    owner: Owner,
) -> Result<(), Refusal> {
    let Owner::Member(id) = owner else { return Ok(()) };
    match ctx.model().member(id) {
        Some(member) if member.is_active => Ok(()),
        Some(_) => {
            let detail = format!("member `{id}` is inactive; choose an active one");
            Err(Refusal::field(pointer, "inactive", detail))
        }
        None => Err(Refusal::field(pointer, "unknown", format!("no member `{id}`"))),
    }
}

/// Asks the gate for a new record of an owner. Where assigning is an action of its own, choosing
/// another owner than oneself takes that action too.
pub(super) async fn check_create(
    ctx: &mut WorkspaceContext,
    resource: &Resource,
    owner: Owner,
) -> Result<Pass<RecordWritePermission>, Error> {
    check_owner(ctx, "/owner", owner)?;
    let creates = RecordWritePermission::new(&resource.key, creating(resource));
    let pass = ctx.check_on(creates, ctx.owner_target(owner), "").await?;
    let own = naming::owner(ctx, OwnerRef::Me);
    if let Some(action) = assigning(resource).filter(|_| owner != own) {
        let assigns = RecordWritePermission::new(&resource.key, action);
        ctx.check_on(assigns, ctx.owner_target(own), "").await?;
    }
    Ok(pass)
}

/// Asks the gate for handing a record of one owner over to another.
pub(super) async fn check_hand_over(
    ctx: &mut WorkspaceContext,
    resource: &Resource,
    (from, to): (Owner, Owner),
    pointer: &str,
    record: &str,
) -> Result<Pass<RecordWritePermission>, Error> {
    let reassigns = RecordWritePermission::new(&resource.key, reassigning(resource));
    let pass = ctx.check_on(reassigns, ctx.owner_target(from), record).await?;
    check_owner(ctx, pointer, to)?;
    if from != to {
        check_receive(ctx, resource, to, record).await?;
    }
    Ok(pass)
}

/// Asks the gate for handing records of a type over to an owner.
pub(super) async fn check_receive(
    ctx: &mut WorkspaceContext,
    resource: &Resource,
    to: Owner,
    record: &str,
) -> Result<(), Error> {
    let receives = RecordWritePermission::new(&resource.key, receiving(ctx, resource));
    ctx.check_on(receives, ctx.owner_target(to), record).await.map(drop)
}

/// Whether the caller may hand records of a type over to an owner.
pub(super) fn may_receive(ctx: &WorkspaceContext, resource: &Resource, to: Owner) -> bool {
    let Some(member) = ctx.member_index() else { return true };
    let cell = ctx.policy().cell(&resource.key, receiving(ctx, resource));
    cell.is_some_and(|cell| ctx.policy().decide(member, cell, ctx.owner_target(to)))
}

/// Returns the action that is decided for the future owner of a record that is handed over. A member who
/// may create records gives them to the owners for whom they may create them: otherwise they would
/// create for themselves first. One who may create none gives them to those whose records they may
/// reassign.
fn receiving<'r>(ctx: &WorkspaceContext, resource: &'r Resource) -> &'r str {
    let creating = creating(resource);
    let creates = ctx.member_index().zip(ctx.policy().cell(&resource.key, creating));
    match creates {
        Some((member, cell)) if ctx.policy().decide(member, cell, Target::Any) => creating,
        Some(_) | None => reassigning(resource),
    }
}

/// Whether a filter admits the records of an owner.
pub(crate) fn is_reached(ctx: &WorkspaceContext, filter: &Filter, owner: Owner) -> bool {
    filter.admits(ctx.owner_target(owner))
}
