//! Confirmation of an address by the person who has its mailbox.
//!
//! **Invariant:** an account may have been created by another person than the one who has the mailbox.
//! So what relies on an address needs it confirmed, and confirming ends what was there before: every
//! other session and link, and, unless a session of the account confirms, the password.
//!
//! **Invariant:** an address has at most one account that has confirmed it, and any number that have not.
//! Once it is confirmed, the others end, and their workspaces are those of the account that has it; a
//! disabled one stays as it is, so that its workspaces are not taken out of it.

use hallpass_domain::account::Account;
use hallpass_domain::id::{AccountId, SessionId};
use hallpass_domain::refusal::Refusal;
use hallpass_store::Tx;
use hallpass_store::account::link::LinkKind;

use super::Accounts;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::{Pass, Permission};
use crate::origin::Origin;
use crate::principal::Principal;
use crate::secret::Token;

impl Accounts<'_> {
    /// Mails another link to confirm an address, if it has an account that has not confirmed it. The
    /// response does not reveal whether it has.
    #[boxed]
    pub async fn request_confirmation(
        &self,
        email: &str,
        origin: &Origin,
    ) -> Result<(), Error> {
        self.request_link(LinkKind::Confirm, email, origin).await
    }

    /// Loads the account whose address a link would confirm, and changes nothing. `DeadLink`.
    #[boxed]
    pub async fn find_by_confirmation(&self, link: &Token) -> Result<Account, Error> {
        self.find_by_link(LinkKind::Confirm, link).await
    }

    /// Confirms an address by a link that was mailed to it. A session of the account confirms it as it
    /// is. Without one the link may be the first that its recipient knows of the account, so they
    /// choose a password, and every session ends.
    ///
    /// # Errors
    ///
    /// `DeadLink`; `Fields` when a password is missing or not accepted: the link remains valid.
    #[boxed]
    pub async fn confirm_address(
        &self,
        principal: Option<&Principal>,
        link: &Token,
        password: Option<&str>,
    ) -> Result<(), Error> {
        let account = self.find_by_confirmation(link).await?;
        let session = principal.and_then(|principal| own_session(principal, account.id));
        let account = match (password, session) {
            // Hashed before the transaction, which holds locks.
            (Some(password), _) if account.confirmed_at.is_none() => {
                self.with_password(account, password, "/password", None).await?
            }
            (Some(_), _) | (None, Some(_)) => account,
            (None, None) if account.confirmed_at.is_some() => account,
            (None, None) => {
                let detail = "choose a password, or confirm with a session of the account";
                return Err(Refusal::field("/password", "missing", detail).into());
            }
        };
        let mut tx = self.0.db().write().await?;
        tx.accounts().lock_address(&account.email).await?;
        let taken = tx.links().consume(LinkKind::Confirm, &link.hash(), self.0.now()).await?;
        if taken != Some(account.id) {
            return Err(Refusal::DeadLink.into());
        }
        if account.confirmed_at.is_none() {
            self.confirm(&mut tx, account, session).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Stores that the address of an account is confirmed, and ends its sessions, with one exception,
    /// its links, and the other accounts that claim the address. `AddressTaken` when another account has
    /// confirmed it.
    pub(crate) async fn confirm(
        &self,
        tx: &mut Tx,
        account: Account,
        except: Option<SessionId>,
    ) -> Result<Account, Error> {
        tx.accounts().lock_address(&account.email).await?;
        check_free(tx, &account).await?;
        let is_news = account.confirmed_at.is_none();
        let account = Account { confirmed_at: Some(self.0.now()), ..account };
        let updated = tx.accounts().update(&account).await;
        if !updated.map_err(|error| Error::on_conflict(error, Refusal::AddressTaken))? {
            return Err(Refusal::Stale.into());
        }
        if is_news {
            self.end_claims(tx, &account).await?;
        }
        tx.sessions().delete_all(account.id, except).await?;
        tx.pending_sign_ins().delete_all(account.id).await?;
        tx.trusted_devices().delete_all(account.id).await?;
        for kind in [LinkKind::Confirm, LinkKind::Reset] {
            tx.links().delete(kind, account.id).await?;
        }
        tx.address_changes().delete(account.id).await?;
        if except.is_none() {
            tx.devices().delete_all(account.id).await?;
        }
        Ok(Account { version: account.version + 1, ..account })
    }
}

impl Accounts<'_> {
    /// Inserts an account whose address is confirmed, and ends the others that claim it. `AddressTaken`
    /// when another account has confirmed it.
    pub(crate) async fn insert_confirmed(
        &self,
        tx: &mut Tx,
        account: &Account,
    ) -> Result<(), Error> {
        tx.accounts().lock_address(&account.email).await?;
        check_free(tx, account).await?;
        let inserted = tx.accounts().insert(account).await;
        inserted.map_err(|error| Error::on_conflict(error, Refusal::AddressTaken))?;
        self.end_claims(tx, account).await
    }

    /// Ends the accounts that claim an address which an account has confirmed. Their workspaces become
    /// those of the account, as the workspaces of an account do that the holder of a mailbox takes over.
    pub(super) async fn end_claims(&self, tx: &mut Tx, account: &Account) -> Result<(), Error> {
        for claim in tx.accounts().list_unconfirmed(&account.email).await? {
            tx.accounts().move_places(claim, account.id).await?;
            tx.sessions().delete_all(claim, None).await?;
            for kind in [LinkKind::Confirm, LinkKind::Reset] {
                tx.links().delete(kind, claim).await?;
            }
            tx.address_changes().delete(claim).await?;
            tx.accounts().delete(claim, self.0.now()).await?;
        }
        Ok(())
    }
}

/// Checks that no other account has confirmed the address of an account.
pub(super) async fn check_free(tx: &mut Tx, account: &Account) -> Result<(), Error> {
    let holder = tx.accounts().find_confirmed(&account.email).await?;
    match holder.filter(|holder| holder.id != account.id) {
        Some(_) => Err(Refusal::AddressTaken.into()),
        None => Ok(()),
    }
}

/// The session of a principal, if it is one of an account.
pub(super) fn own_session(principal: &Principal, account: AccountId) -> Option<SessionId> {
    principal.session().ok().filter(|_| principal.account() == account)
}

/// Checks that the address of an account is confirmed, before it is relied on.
pub(crate) fn check_confirmed(account: &Account) -> Result<(), Refusal> {
    if account.confirmed_at.is_some() {
        return Ok(());
    }
    Err(Refusal::AddressNotConfirmed { email: account.email.as_str().to_owned() })
}

/// Checks that the actor has confirmed their address, before others get a part in the workspace by
/// them. The operator has none.
pub(crate) async fn check_actor_confirmed(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
) -> Result<(), Error> {
    let Some(id) = ctx.member_id() else { return Ok(()) };
    let member = ctx.read(pass)?.members().find(id).await?.ok_or(Error::NotSignedIn)?;
    // Who has made a service account has confirmed theirs.
    let Some(account) = member.account else { return Ok(()) };
    let account = ctx.read(pass)?.global().accounts().find(account).await?;
    Ok(check_confirmed(&account.ok_or(Error::NotSignedIn)?)?)
}
