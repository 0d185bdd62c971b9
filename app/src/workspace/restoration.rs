//! Restorations: a deleted workspace comes back while its grace lasts, without those who deleted
//! their accounts meanwhile.

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::id::WorkspaceId;
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::workspace::Workspace;
use hallpass_engine::Change;
use serde_json::json;

use super::WorkspaceCreator;
use crate::app::App;
use crate::context::{Actor, WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::DeleteWorkspace;
use crate::gate::{Pass, Permission};
use crate::member::audit_view;
use crate::operation::Operator;
use crate::ownership::with_role;
use crate::principal::Principal;

impl App {
    /// Takes the deletion of a workspace back, for whoever held its top role, while its grace lasts.
    ///
    /// # Errors
    ///
    /// `Missing` when there is no such deleted workspace, or the caller could not have deleted it.
    pub async fn restore_workspace(
        &self,
        principal: &Principal,
        named: &str,
    ) -> Result<Workspace, Error> {
        let mut tx = self.db().write().await?;
        let id = match named.parse::<WorkspaceId>() {
            Ok(id) => id,
            Err(_) => tx.workspaces().find_id_by_slug(named).await?.ok_or_else(no_workspace)?,
        };
        if !tx.workspaces().restore(id).await? {
            return Err(no_workspace());
        }
        let mut inside = tx.into_workspace(id.0).await?.ok_or_else(no_workspace)?;
        let membership = inside.members().find_membership(principal.person()?).await?;
        let membership = membership.filter(|found| found.status == Status::Active);
        let membership = membership.ok_or_else(no_workspace)?;
        let actor = Actor::Member { id: membership.id, name: membership.name };
        let ctx = self.open_context(inside, actor, principal.request.clone()).await?;
        ctx.restore(None).await
    }

    /// Takes the deletion of a workspace back as an operator. Somebody with an account can get its
    /// top role: that is needed where nobody who held it has an account any more.
    ///
    /// # Errors
    ///
    /// `Missing` when there is no such deleted workspace, or no account of the address; `Fields`
    /// when nobody is left who holds the top role, and nobody is named.
    pub async fn restore_workspace_for(
        &self,
        operator: &Operator,
        named: &str,
        heir: Option<&Email>,
    ) -> Result<Workspace, Error> {
        let id = self.workspace_named(named).await?;
        let mut tx = self.db().write().await?;
        if !tx.workspaces().restore(id).await? {
            return Err(no_workspace());
        }
        let inside = tx.into_workspace(id.0).await?.ok_or_else(no_workspace)?;
        let name = operator.name().to_owned();
        let ctx = self.open_context(inside, Actor::Operator, name).await?;
        let restored = ctx.restore(heir).await;
        if let Err(Error::Refused(Refusal::LastTopRole { role, .. })) = restored {
            let detail = format!(
                "nobody who was {role} has an account any more: name the address of an account \
                 that becomes it"
            );
            return Err(Refusal::field("/owner", "missing", detail).into());
        }
        restored
    }
}

impl WorkspaceContext {
    async fn restore(mut self, heir: Option<&Email>) -> Result<Workspace, Error> {
        let pass = self.check(DeleteWorkspace).await?;
        let heir = match heir {
            Some(email) => {
                let global = self.tx(&pass)?.global();
                let known = global.accounts().find_by_email(email).await?;
                let missing = || Error::Missing { noun: "account" };
                // Held, so that they do not delete it meanwhile.
                let held =
                    global.accounts().find_for_update(known.ok_or_else(missing)?.id).await?;
                Some(held.ok_or_else(missing)?)
            }
            None => None,
        };
        self.settle(&pass, heir.as_ref()).await?;
        let id = self.workspace_id();
        self.record_audit(&pass, "workspace.restore", id, &(), &()).await?;
        let workspace = self.snapshot().workspace.clone();
        self.commit(&pass).await?;
        Ok(workspace)
    }

    /// Ends the memberships of those who deleted their accounts while nobody could enter, and gives
    /// the top role to an heir: in one step, so that somebody holds it before and after.
    async fn settle(
        &mut self,
        pass: &Pass<impl Permission>,
        heir: Option<&Account>,
    ) -> Result<(), Error> {
        let mut gone = Vec::new();
        for id in self.tx(pass)?.members().list_orphaned_for_update().await? {
            gone.push(self.present_member(pass, id).await?);
        }
        let heir = match heir {
            Some(account) => Some(self.with_access(pass, account).await?),
            None => None,
        };
        let removed = gone.iter().map(|one| Change::RemoveMember(one.id.to_string()));
        let with_access = heir.iter().map(|(_, after)| Change::PutMember(after.to_engine()));
        let changes: Vec<Change> = removed.chain(with_access).collect();
        if changes.is_empty() {
            return Ok(());
        }
        self.apply_for(Grantor::Operator, ChangeKind::Restore, &changes)?;
        for member in &gone {
            self.take_out(pass, member).await?;
            let after = json!({"status": "removed"});
            self.record_audit(pass, "account.delete", member.id, &audit_view(member), &after)
                .await?;
        }
        let Some((before, after)) = heir else { return Ok(()) };
        let Some(before) = before else {
            self.tx(pass)?.members().insert(&after).await?;
            return self
                .record_audit(pass, "member.create", after.id, &(), &audit_view(&after))
                .await;
        };
        let after = after.changed_by(&before, None, self.now);
        if !self.tx(pass)?.members().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        self.record_audit(
            pass,
            "member.update",
            after.id,
            &audit_view(&before),
            &audit_view(&after),
        )
        .await
    }

    /// An account with the top role: as the member who they are already, or as a new one.
    async fn with_access(
        &mut self,
        pass: &Pass<impl Permission>,
        account: &Account,
    ) -> Result<(Option<Member>, Member), Error> {
        let workspace = self.workspace_id();
        self.tx(pass)?.global().accounts().add_workspace(account.id, workspace).await?;
        let before = self.tx(pass)?.members().find_by_account(account.id).await?;
        let blueprint = std::sync::Arc::clone(self.model().blueprint());
        let mut fresh = self.app.founder(account, &blueprint, WorkspaceCreator::Operator);
        // Bills go to whoever got them; where nobody does any more, somebody stands in.
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
}
