//! Deletion of one's own account: every membership ends, and no workspace is deleted.

use hallpass_domain::account::Account;
use hallpass_domain::member::Status;
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Change;

use super::{Accounts, joined_another, workspace_gone};
use crate::boxed;
use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::permission::Credential;
use crate::gate::{Pass, WritePermission};
use crate::principal::Principal;

/// The word that deletes an account (HARMONY-57).
pub const DELETE: &str = "DELETE";

impl Accounts<'_> {
    /// Deletes the principal's account and ends its memberships. Workspaces stay, with the records that
    /// the account's members own (HARMONY-51, HARMONY-52, HARMONY-58).
    ///
    /// # Errors
    ///
    /// `LastTopRole` with every workspace in which the account is the only active holder of the top
    /// role (HARMONY-53, HARMONY-54); `Stale` when it joins another workspace at the same time.
    #[boxed]
    pub async fn delete(&self, principal: &Principal, confirm: &str) -> Result<(), Error> {
        if confirm != DELETE {
            return Err(Refusal::NotConfirmed { word: DELETE.to_owned() }.into());
        }
        principal.check_recent(self.0.now())?;
        self.0.compile_places(principal.person()?).await?;
        let mut tx = self.0.db().write().await?;
        let account =
            tx.accounts().find(principal.person()?).await?.ok_or(Error::NotSignedIn)?;
        principal.precondition().check(&account.version.to_string())?;
        let (mut last_in, mut role) = (Vec::new(), String::new());
        let mut snapshots = Vec::new();
        let places = tx.accounts().list_workspaces(account.id).await?;
        for place in &places {
            let inside =
                tx.into_workspace(place.workspace.0).await?.ok_or_else(workspace_gone)?;
            let actor = Actor::Outside("the owner of an account");
            let mut ctx = self.0.open_context(inside, actor, principal.request.clone()).await?;
            let pass = ctx.admit(Credential::Account)?;
            match end_membership(&mut ctx, &pass, &account).await {
                Ok(()) => {}
                Err(Error::Refused(Refusal::LastTopRole { role: name, workspaces })) => {
                    role = name;
                    last_in.extend(workspaces);
                }
                Err(error) => return Err(error),
            }
            let (next, snapshot) = ctx.into_tx(&pass).await?;
            tx = next;
            snapshots.extend(snapshot);
        }
        if !last_in.is_empty() {
            return Err(Refusal::LastTopRole { role, workspaces: last_in }.into());
        }
        tx.address_changes().delete(account.id).await?;
        tx.accounts().delete(account.id, self.0.now()).await?;
        // A membership that began after the places were read would be left without an account.
        if joined_another(&mut tx, account.id, &places).await? {
            return Err(Refusal::Stale.into());
        }
        tx.sessions().delete_all(account.id, None).await?;
        tx.factors().delete_all(account.id).await?;
        tx.commit().await?;
        for snapshot in snapshots {
            self.0.snapshots().insert(&snapshot);
        }
        Ok(())
    }
}

/// Ends the membership of an account that is being deleted.
async fn end_membership(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    account: &Account,
) -> Result<(), Error> {
    let member = ctx.read(pass)?.members().find_by_account(account.id).await?;
    let Some(member) = member.filter(|member| member.status != Status::Removed) else {
        return Ok(());
    };
    ctx.actor = Actor::Member { id: member.id, name: member.name() };
    let removed = Change::RemoveMember(member.id.to_string());
    ctx.apply_for(Grantor::Member(member.id), ChangeKind::DeleteAccount, &[removed])?;
    ctx.save_removal(pass, &member, "account.delete").await
}
