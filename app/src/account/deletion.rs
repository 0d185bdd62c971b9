//! Deleting one's own account: it takes every membership with it, and no workspace.

use hallpass_domain::account::Account;
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Change;
use serde_json::json;

use super::{came_in_elsewhere, gone_meanwhile};
use crate::app::App;
use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::permission::Credential;
use crate::gate::{Pass, Permission};
use crate::principal::Principal;

/// The word that deletes an account (HARMONY-57).
pub const DELETE: &str = "DELETE";

impl App {
    /// Deletes the caller's own account: it signs in no more, and its memberships end. Workspaces
    /// and what was owned in them stay (HARMONY-51, HARMONY-52, HARMONY-58).
    ///
    /// # Errors
    ///
    /// `NotConfirmed` without the exact word; `LastTopRole` with every workspace whose only active
    /// holder of the top role the caller is (HARMONY-53, HARMONY-54); `Stale` when they came into
    /// another one meanwhile.
    pub async fn delete_account(
        &self,
        principal: &Principal,
        confirm: &str,
    ) -> Result<(), Error> {
        if confirm != DELETE {
            return Err(Refusal::NotConfirmed { word: DELETE.to_owned() }.into());
        }
        let mut tx = self.db().write().await?;
        let account =
            tx.accounts().find(principal.person()?).await?.ok_or(Error::NotSignedIn)?;
        let (mut last_in, mut role) = (Vec::new(), String::new());
        let mut kept = Vec::new();
        let places = tx.accounts().list_workspaces(account.id).await?;
        for place in &places {
            let inside =
                tx.into_workspace(place.workspace.0).await?.ok_or_else(gone_meanwhile)?;
            let actor = Actor::Outside("somebody who deletes their account");
            let mut ctx = self.open_context(inside, actor, principal.request.clone()).await?;
            let pass = ctx.admit(Credential::Account)?;
            match ctx.end_membership(&pass, &account).await {
                Ok(()) => {}
                Err(Error::Refused(Refusal::LastTopRole { role: name, workspaces })) => {
                    role = name;
                    last_in.extend(workspaces);
                }
                Err(error) => return Err(error),
            }
            let (next, snapshot) = ctx.into_tx(&pass).await?;
            tx = next;
            kept.extend(snapshot);
        }
        if !last_in.is_empty() {
            return Err(Refusal::LastTopRole { role, workspaces: last_in }.into());
        }
        tx.accounts().delete(account.id, self.now()).await?;
        // Whoever came in somewhere meanwhile would be a member there whom nobody is.
        if came_in_elsewhere(&mut tx, account.id, &places).await? {
            return Err(Refusal::Stale.into());
        }
        tx.sessions().delete_all(account.id, None).await?;
        tx.commit().await?;
        for (workspace, snapshot) in kept {
            self.snapshots().keep(workspace, &snapshot);
        }
        Ok(())
    }
}

impl WorkspaceContext {
    /// Ends the membership of an account that is being deleted.
    async fn end_membership(
        &mut self,
        pass: &Pass<impl Permission>,
        account: &Account,
    ) -> Result<(), Error> {
        let Some(member) = self.tx(pass)?.members().find_by_account(account.id).await? else {
            return Ok(());
        };
        if member.status == Status::Removed {
            return Ok(());
        }
        self.actor = Actor::Member { id: member.id, name: member.name() };
        let gone = Change::RemoveMember(member.id.to_string());
        self.apply_for(Grantor::Member(member.id), ChangeKind::DeleteAccount, &[gone])?;
        self.take_out(pass, &member).await?;
        let before = json!({"status": member.status.word(), "role": member.access.role});
        self.record_audit(
            pass,
            "account.delete",
            member.id,
            &before,
            &json!({"status": "removed"}),
        )
        .await
    }

    /// Writes down that a member is gone, and that nobody is assigned to them any more.
    pub(crate) async fn take_out(
        &mut self,
        pass: &Pass<impl Permission>,
        member: &Member,
    ) -> Result<(), Error> {
        let gone = Member {
            status: Status::Removed,
            access: MemberAccess {
                is_billing_contact: false,
                teams: Vec::new(),
                department: None,
                manager: None,
                ..member.access.clone()
            },
            ..member.clone()
        };
        if !self.tx(pass)?.members().update(&gone).await? {
            return Err(Refusal::Stale.into());
        }
        self.tx(pass)?.members().clear_manager(member.id).await?;
        self.tx(pass)?.api_keys().delete_by_member(member.id).await?;
        let workspace = self.workspace_id();
        Ok(self
            .tx(pass)?
            .global()
            .accounts()
            .remove_workspace(member.account, workspace)
            .await?)
    }
}
