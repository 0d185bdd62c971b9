//! Passwords: change one's own, or set a new one by a mailed link.

use hallpass_domain::account::Account;
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::password::{Factors, Password};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::secret::Secret;
use hallpass_store::Tx;
use hallpass_store::account::link::LinkKind;

use super::Accounts;
use super::operator::MOST_PLACES;
use crate::boxed;
use crate::error::Error;
use crate::origin::Origin;
use crate::principal::Principal;
use crate::secret::Token;

impl Accounts<'_> {
    /// Changes the principal's password and ends every other session. `WrongPassword` when the current
    /// one is wrong; `TooMany` after several wrong ones, here or at a sign-in.
    #[boxed]
    pub async fn change_password(
        &self,
        principal: &Principal,
        current: &str,
        new: &str,
        origin: &Origin,
    ) -> Result<(), Error> {
        let verified =
            self.0.sessions().verify_own_password(principal, current, origin).await?;
        let account = verified.ok_or(Error::Refused(Refusal::WrongPassword))?;
        principal.precondition().check(&account.version.to_string())?;
        let account = self.with_password(account, new, "/new", None).await?;
        let mut tx = self.0.db().write().await?;
        if !tx.accounts().update(&account).await? {
            return Err(Refusal::Stale.into());
        }
        tx.sessions().delete_all(account.id, Some(principal.session()?)).await?;
        tx.pending_sign_ins().delete_all(account.id).await?;
        tx.trusted_devices().delete_all(account.id).await?;
        tx.links().delete(LinkKind::Reset, account.id).await?;
        tx.address_changes().delete(account.id).await?;
        self.notify_password_changed(&mut tx, &account).await?;
        Ok(tx.commit().await?)
    }

    /// Mails a link to set a new password, if the address has an account. The response does not reveal
    /// whether it has. Earlier links remain valid, so that a stranger's request does not take one away.
    #[boxed]
    pub async fn request_password_reset(
        &self,
        email: &str,
        origin: &Origin,
    ) -> Result<(), Error> {
        self.request_link(LinkKind::Reset, email, origin).await
    }

    /// Loads the account whose password a link would set, and changes nothing. `DeadLink`.
    #[boxed]
    pub async fn find_by_password_reset(&self, link: &Token) -> Result<Account, Error> {
        self.find_by_link(LinkKind::Reset, link).await
    }

    /// Sets a new password by a link and ends every session. After a password that is refused, the link
    /// remains valid.
    #[boxed]
    pub async fn reset_password(&self, link: &Token, new: &str) -> Result<(), Error> {
        // Hashed before the transaction, which holds locks.
        let account = self.find_by_password_reset(link).await?;
        let account = self.with_password(account, new, "/password", None).await?;
        let mut tx = self.0.db().write().await?;
        tx.accounts().lock_address(&account.email).await?;
        let taken = tx.links().consume(LinkKind::Reset, &link.hash(), self.0.now()).await?;
        if taken != Some(account.id) {
            return Err(Refusal::DeadLink.into());
        }
        let account = self.confirm(&mut tx, account, None).await?;
        self.notify_password_changed(&mut tx, &account).await?;
        Ok(tx.commit().await?)
    }

    /// The account with another password, which is checked; perhaps for another workspace than its own.
    pub(crate) async fn with_password(
        &self,
        account: Account,
        new: &str,
        pointer: &str,
        workspace: Option<&str>,
    ) -> Result<Account, Error> {
        let mut tx = self.0.db().read().await?;
        let places = tx.accounts().list_places(account.id, MOST_PLACES).await?;
        let factors = if tx.factors().load(account.id).await?.is_enabled() {
            Factors::PasswordAndSecond
        } else {
            Factors::Password
        };
        drop(tx);
        let (first, last) = (account.first_name.as_str(), account.last_name.as_str());
        let mut about =
            vec![account.email.as_str(), first, last, workspace.unwrap_or_default()];
        about.extend(places.iter().map(|place| place.name.as_str()));
        let password = Password::choose(new, factors, &about)
            .map_err(|why| Refusal::field(pointer, "bad_password", why.to_string()))?;
        let hash = self.0.hasher().hash(&password, self.0.random()).await?;
        Ok(Account { password: Some(Secret::new(hash)), ..account })
    }

    /// Mails that the password was changed; not to an address that may be that of another person.
    async fn notify_password_changed(
        &self,
        tx: &mut Tx,
        account: &Account,
    ) -> Result<(), Error> {
        if account.confirmed_at.is_none() {
            return Ok(());
        }
        let mail_template =
            MailTemplate::PasswordChanged { first_name: account.first_name.to_string() };
        self.0.mails().queue(tx, &account.email, mail_template, None).await
    }
}
