//! Restoration of deleted workspaces, without the members who have deleted their accounts since.

use std::sync::Arc;

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use hallpass_domain::workspace::{GRACE, Workspace};
use hallpass_engine::Change;
use tracing::error;

use super::{Workspaces, new_top_member};
use crate::account::confirmation::check_confirmed;
use crate::app::App;
use crate::boxed;
use crate::context::{Actor, WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::DeleteWorkspace;
use crate::gate::{Pass, WritePermission};
use crate::member::audit_view;
use crate::operation::Operator;
use crate::ownership::with_role;
use crate::principal::Principal;

impl Workspaces<'_> {
    /// Restores a deleted workspace, for a member who may delete it. `Missing` when there is no such
    /// deleted workspace, or the principal is no active member of it.
    #[boxed]
    pub async fn restore(
        &self,
        principal: &Principal,
        workspace: &str,
    ) -> Result<Workspace, Error> {
        let id = self.0.workspace_id(workspace).await?;
        let mut tx = self.0.db().write().await?;
        if !tx.workspaces().restore(id).await? {
            return Err(no_workspace());
        }
        let mut inside = tx.into_workspace(id.0).await?.ok_or_else(no_workspace)?;
        let membership = inside.members().find_membership(principal.holder()?).await?;
        let membership = membership.filter(|found| found.status == Status::Active);
        let membership = membership.ok_or_else(no_workspace)?;
        let actor = Actor::Member { id: membership.id, name: membership.name };
        let ctx = self.0.open_context(inside, actor, principal.request.clone()).await?;
        let restored = restore(&mut ctx.of_request(principal), None).await?;
        principal.after_commit(Box::pin(process_held(self.0.clone()))).await;
        Ok(restored)
    }

    /// Lists the deleted workspaces that the principal may restore, each with when it will be purged.
    #[boxed]
    pub async fn list_restorable(
        &self,
        principal: &Principal,
    ) -> Result<Vec<(Workspace, Timestamp)>, Error> {
        let account = principal.holder()?;
        let deleted =
            self.0.db().read().await?.accounts().list_deleted_workspaces(account).await?;
        let mut restorable = Vec::new();
        for id in deleted {
            let tx = self.0.db().read().await?.into_deleted_workspace(id.0).await?;
            let Some(mut tx) = tx else { continue };
            let membership = tx.members().find_membership(account).await?;
            let membership = membership.filter(|found| found.status == Status::Active);
            let Some(membership) = membership else { continue };
            let actor = Actor::Member { id: membership.id, name: membership.name };
            let ctx = self.0.open_context(tx, actor, principal.request.clone()).await?;
            let workspace = ctx.snapshot().workspace.clone();
            let may_restore = ctx.self_serve().delete && ctx.opens(&DeleteWorkspace);
            if let Some(at) = workspace.deleted_at.filter(|_| may_restore) {
                restorable.push((workspace, at + GRACE));
            }
        }
        Ok(restorable)
    }

    /// Restores a deleted workspace as an operator. An account can be named that gets the top role, if
    /// its address is confirmed, which is needed when every member who held it has deleted their account.
    #[boxed]
    pub async fn restore_as(
        &self,
        operator: &Operator,
        workspace: &str,
        owner: Option<&Email>,
    ) -> Result<Workspace, Error> {
        operator.check_recent()?;
        let id = self.0.workspace_id(workspace).await?;
        let mut tx = self.0.db().write().await?;
        if !tx.workspaces().restore(id).await? {
            return Err(no_workspace());
        }
        let inside = tx.into_workspace(id.0).await?.ok_or_else(no_workspace)?;
        let name = operator.name().to_owned();
        let mut ctx = self.0.open_context(inside, Actor::Operator, name).await?;
        let restored = restore(&mut ctx, owner).await;
        if let Err(Error::Refused(Refusal::LastTopRole { role, .. })) = restored {
            let detail = format!(
                "every {role} has deleted their account; name the email address of an account to \
                 give it that role"
            );
            return Err(Refusal::field("/owner", "missing", detail).into());
        }
        let restored = restored?;
        Box::pin(process_held(self.0.clone())).await;
        Ok(restored)
    }
}

/// Processes the events of Stripe that were held. If that fails, the hourly job does it.
async fn process_held(app: App) {
    if let Err(error) = app.billing().process_held().await {
        error!(error.why = %error, "cannot process Stripe events: {error}");
    }
}

async fn restore(
    ctx: &mut WorkspaceContext,
    owner: Option<&Email>,
) -> Result<Workspace, Error> {
    let pass = ctx.check(DeleteWorkspace).await?;
    let owner = match owner {
        Some(email) => {
            let mut accounts = ctx.tx(&pass)?.global().accounts();
            let found = accounts.find_by_email(email).await?;
            let missing = || Error::Missing { noun: "account" };
            // Locked, so that it cannot be deleted before the commit.
            let locked = accounts.find_for_update(found.ok_or_else(missing)?.id).await?;
            let locked = locked.ok_or_else(missing)?;
            check_confirmed(&locked)?;
            Some(locked)
        }
        None => None,
    };
    update_members(ctx, &pass, owner.as_ref()).await?;
    let id = ctx.workspace_id();
    ctx.record_audit(&pass, "workspace.restore", id, &(), &()).await?;
    ctx.commit(&pass).await?;
    Ok(ctx.snapshot().workspace.clone())
}

/// Removes the members whose accounts were deleted while the workspace could not be entered, and gives
/// the new owner the top role: in one step, so that the guards find a holder of the top role.
async fn update_members(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    owner: Option<&Account>,
) -> Result<(), Error> {
    let mut gone = Vec::new();
    for id in ctx.tx(pass)?.members().list_orphaned_for_update().await? {
        gone.push(ctx.members().load_with(pass, id).await?);
    }
    let owner = match owner {
        Some(account) => Some(new_owner(ctx, pass, account).await?),
        None => None,
    };
    let removed = gone.iter().map(|member| Change::RemoveMember(member.id.to_string()));
    let added = owner.iter().map(|(_, after)| Change::PutMember(after.to_engine()));
    let changes: Vec<Change> = removed.chain(added).collect();
    if changes.is_empty() {
        return Ok(());
    }
    ctx.apply_for(Grantor::Operator, ChangeKind::Restore, &changes)?;
    for member in &gone {
        ctx.save_removal(pass, member, "account.delete").await?;
    }
    let Some((before, after)) = owner else { return Ok(()) };
    let Some(before) = before else {
        ctx.tx(pass)?.members().insert(&after).await?;
        let view = audit_view(&after);
        return ctx.record_audit(pass, "member.create", after.id, &(), &view).await;
    };
    let after = after.changed_by(&before, None, ctx.now);
    if !ctx.tx(pass)?.members().update(&after).await? {
        return Err(Refusal::Stale.into());
    }
    let (was, is) = (audit_view(&before), audit_view(&after));
    ctx.record_audit(pass, "member.update", after.id, &was, &is).await
}

/// Returns the member of an account, if there is one, and the same member with the top role.
async fn new_owner(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    account: &Account,
) -> Result<(Option<Member>, Member), Error> {
    let workspace = ctx.workspace_id();
    ctx.tx(pass)?.global().accounts().add_workspace(account.id, workspace).await?;
    let before = ctx.read(pass)?.members().find_by_account(account.id).await?;
    let blueprint = Arc::clone(ctx.model().blueprint());
    let mut fresh = new_top_member(&ctx.app, account, &blueprint);
    // The present billing contact keeps the flag; without one, alerts go to the holders of a role.
    fresh.access.is_billing_contact = false;
    let after = match &before {
        None => fresh,
        Some(known) if known.status == Status::Removed => {
            Member { id: known.id, version: known.version, ..fresh }
        }
        Some(known) => {
            let member = with_role(known, &blueprint, &fresh.access.role)?;
            Member { status: Status::Active, ..member }
        }
    };
    Ok((before, after))
}
