//! The change of an account's address, to which both mailboxes agree by links.
//!
//! **Invariant:** nothing in the response to a request tells whether the new address has an account.

use hallpass_domain::account::Account;
use hallpass_domain::address_change::{AddressChange, Mailbox, VALID};
use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, SessionId};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::member::{Member, Status};
use hallpass_domain::refusal::Refusal;
use hallpass_store::Tx;
use hallpass_store::account::link::LinkKind;

use super::confirmation::{check_free, own_session};
use super::{Accounts, joined_another, workspace_gone};
use crate::boxed;
use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::permission::Credential;
use crate::gate::{Pass, WritePermission};
use crate::member::audit_view;
use crate::origin::Origin;
use crate::principal::Principal;
use crate::secret::Token;

/// What is counted when an account asks for another address, beside the requests for links.
const ADDRESS_CHANGE: &str = "address change";

/// A change of address, as the holder of one of its links sees it.
#[derive(Clone, Debug)]
pub struct PendingAddress {
    /// The account, with its present address.
    pub account: Account,
    /// The change.
    pub change: AddressChange,
    /// The mailbox that the link was sent to.
    pub mailbox: Mailbox,
}

/// What an agreement has led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// The address is changed.
    Changed,
    /// The other mailbox has not agreed yet.
    Waits,
}

impl Accounts<'_> {
    /// Asks both mailboxes to agree to another address. The response is the same whether or not the new
    /// address has an account; if it has, its mailbox gets a mail that says so instead of a link.
    ///
    /// # Errors
    ///
    /// `Fields` for what is no address, the present one, or one that a workspace of the account does not
    /// admit; `StepUp` when the sign-in is not recent.
    #[boxed]
    pub async fn request_address_change(
        &self,
        principal: &Principal,
        email: &str,
        origin: &Origin,
    ) -> Result<(), Error> {
        principal.check_recent(self.0.now())?;
        let account = self.load(principal).await?;
        let email = Email::parse(email)
            .map_err(|why| Refusal::field("/email", "bad_email", why.to_string()))?;
        if email.as_str() == account.email.as_str() {
            let detail = "this is the address of the account already";
            return Err(Refusal::field("/email", "same_address", detail).into());
        }
        self.check_admitted(principal, &account, &email).await?;
        let change = AddressChange::new(account.id, email, account.confirmed_at.is_some());
        let mut tx = self.0.db().write().await?;
        if self.count_request(&mut tx, ADDRESS_CHANGE, &change.email, origin).await? {
            self.ask_mailboxes(&mut tx, &account, &change).await?;
        }
        principal.commit(tx).await
    }

    /// Stores a change and mails its links.
    async fn ask_mailboxes(
        &self,
        tx: &mut Tx,
        account: &Account,
        change: &AddressChange,
    ) -> Result<(), Error> {
        let [present, new] = [0, 1].map(|_| Token::new(self.0.random()));
        let until = self.0.now() + VALID;
        tx.address_changes().replace(change, &present.hash(), &new.hash(), until).await?;
        let holder = tx.accounts().find_confirmed(&change.email).await?;
        let holder = holder.filter(|holder| holder.id != account.id);
        let (to, mail_template) = match &holder {
            Some(holder) => {
                let first_name = holder.first_name.to_string();
                (&holder.email, MailTemplate::AccountExists { first_name })
            }
            None => {
                let first_name = account.first_name.to_string();
                let token = new.expose().to_owned();
                (&change.email, MailTemplate::NewAddress { first_name, token })
            }
        };
        self.0.mails().queue(tx, to, mail_template, None).await?;
        if change.is_allowed {
            return Ok(());
        }
        let mail_template = MailTemplate::AddressChange {
            first_name: account.first_name.to_string(),
            email: change.email.as_str().to_owned(),
            token: present.expose().to_owned(),
        };
        self.0.mails().queue(tx, &account.email, mail_template, None).await
    }

    /// Checks that the workspaces of an account admit another address.
    async fn check_admitted(
        &self,
        principal: &Principal,
        account: &Account,
        email: &Email,
    ) -> Result<(), Error> {
        // One connection at a time: that of the list is released before the workspaces are entered.
        let places = self.0.db().read().await?.accounts().list_workspaces(account.id).await?;
        for place in places {
            let Some(inside) = self.0.db().read_in(place.workspace.0).await? else { continue };
            let actor = Actor::Outside("the owner of an account");
            let mut ctx = self.0.open_context(inside, actor, principal.request.clone()).await?;
            let pass = ctx.admit(Credential::Account)?;
            let member = ctx.read(&pass)?.members().find_by_account(account.id).await?;
            if member.is_some_and(|member| member.status != Status::Removed) {
                check_admits(&ctx, email)?;
            }
        }
        Ok(())
    }

    /// Loads the change of a link, and changes nothing. `DeadLink`.
    #[boxed]
    pub async fn find_address_change(&self, link: &Token) -> Result<PendingAddress, Error> {
        let dead = || Error::Refused(Refusal::DeadLink);
        let mut tx = self.0.db().read().await?;
        let found = tx.address_changes().find(&link.hash(), self.0.now()).await?;
        let (change, mailbox) = found.ok_or_else(dead)?;
        let account = tx.accounts().find(change.account).await?.ok_or_else(dead)?;
        Ok(PendingAddress { account, change, mailbox })
    }

    /// Agrees to a change by a link. Once both mailboxes have agreed, the address is changed, in the
    /// account and in its memberships; every session ends but the one that agrees, and every link.
    ///
    /// # Errors
    ///
    /// `DeadLink`; `AddressTaken` when another account has confirmed the new address since; `Fields` when
    /// a workspace of the account does not admit it; `Stale`.
    #[boxed]
    pub async fn agree_to_address(
        &self,
        principal: Option<&Principal>,
        link: &Token,
        request: &str,
    ) -> Result<Agreement, Error> {
        let pending = self.find_address_change(link).await?;
        let mut tx = self.0.db().write().await?;
        tx.address_changes().agree(&link.hash()).await?;
        let found = tx.address_changes().find(&link.hash(), self.0.now()).await?;
        tx.commit().await?;
        let (change, _) = found.ok_or(Error::Refused(Refusal::DeadLink))?;
        if !change.is_agreed() {
            return Ok(Agreement::Waits);
        }
        let session = principal.and_then(|principal| own_session(principal, change.account));
        self.change_address(&pending.account, &change, session, request).await?;
        Ok(Agreement::Changed)
    }

    /// Ends a change by a link. The present mailbox ends every session too: another person has had one.
    /// `DeadLink`.
    #[boxed]
    pub async fn refuse_address(&self, link: &Token) -> Result<PendingAddress, Error> {
        let pending = self.find_address_change(link).await?;
        let mut tx = self.0.db().write().await?;
        tx.address_changes().delete(pending.account.id).await?;
        if pending.mailbox == Mailbox::Present {
            tx.sessions().delete_all(pending.account.id, None).await?;
        }
        tx.commit().await?;
        Ok(pending)
    }

    /// Changes the address of an account.
    async fn change_address(
        &self,
        account: &Account,
        agreed: &AddressChange,
        except: Option<SessionId>,
        request: &str,
    ) -> Result<(), Error> {
        self.0.compile_places(account.id).await?;
        let mut tx = self.0.db().write().await?;
        let mut snapshots = Vec::new();
        // Locks are taken in one order everywhere: workspaces before the account.
        let places = tx.accounts().list_workspaces(account.id).await?;
        for place in &places {
            let inside =
                tx.into_workspace(place.workspace.0).await?.ok_or_else(workspace_gone)?;
            let actor = Actor::Outside("the owner of an account");
            let mut ctx = self.0.open_context(inside, actor, request.to_owned()).await?;
            let pass = ctx.admit(Credential::Account)?;
            change_in(&mut ctx, &pass, account.id, &agreed.email).await?;
            let (next, snapshot) = ctx.into_tx(&pass).await?;
            tx = next;
            snapshots.extend(snapshot);
        }
        let change = tx.address_changes().consume(account.id, self.0.now()).await?;
        if change.as_ref() != Some(agreed) {
            return Err(Refusal::DeadLink.into());
        }
        let after = Account { email: agreed.email.clone(), ..account.clone() };
        tx.accounts().lock_address(&after.email).await?;
        check_free(&mut tx, &after).await?;
        let after = Account { confirmed_at: Some(self.0.now()), ..after };
        let changed = tx.accounts().change_address(&after).await;
        let is_current =
            changed.map_err(|error| Error::on_conflict(error, Refusal::AddressTaken))?;
        if !is_current || joined_another(&mut tx, account.id, &places).await? {
            return Err(Refusal::Stale.into());
        }
        self.end_claims(&mut tx, &after).await?;
        tx.sessions().delete_all(account.id, except).await?;
        for kind in [LinkKind::Confirm, LinkKind::Reset] {
            tx.links().delete(kind, account.id).await?;
        }
        if account.confirmed_at.is_some() {
            let (first_name, email) = (account.first_name.to_string(), after.email.to_string());
            let mail_template = MailTemplate::AddressChanged { first_name, email };
            self.0.mails().queue(&mut tx, &account.email, mail_template, None).await?;
        }
        tx.commit().await?;
        for snapshot in snapshots {
            self.0.snapshots().insert(&snapshot);
        }
        Ok(())
    }
}

/// Gives the member of an account another address.
async fn change_in(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    account: AccountId,
    email: &Email,
) -> Result<(), Error> {
    let Some(before) = ctx.read(pass)?.members().find_by_account(account).await? else {
        return Ok(());
    };
    let after = Member { email: email.as_str().to_owned(), ..before.clone() };
    if before.status == Status::Removed {
        return Ok(ctx.tx(pass)?.members().update_email(&after).await?);
    }
    check_admits(ctx, email)?;
    ctx.actor = Actor::Member { id: before.id, name: before.name() };
    ctx.tx(pass)?.members().update_email(&after).await?;
    let (was, is) = (audit_view(&before), audit_view(&after));
    ctx.record_audit(pass, "member.update", before.id, &was, &is).await
}

/// Checks that a workspace admits the new address of a member.
fn check_admits(ctx: &WorkspaceContext, email: &Email) -> Result<(), Refusal> {
    if ctx.admits(email) {
        return Ok(());
    }
    let (workspace, domain) = (&ctx.snapshot().workspace.name, email.domain());
    let detail = format!("{workspace} does not admit addresses of `{domain}`");
    Err(Refusal::field("/email", "domain_not_allowed", detail))
}
