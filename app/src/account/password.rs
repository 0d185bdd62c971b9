//! Passwords: changing one's own, and setting a new one by a link.

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::password::Password;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Span;
use hallpass_store::Tx;
use hallpass_store::account::link::LinkKind;

use crate::app::App;
use crate::error::Error;
use crate::principal::Principal;
use crate::secret::Token;

/// How long the link to set a new password is good.
const RESET: Span = Span::hours(1);

/// How many such links are sent to an address before they rest for as long as one is good.
const MOST_RESETS: i64 = 5;

impl App {
    /// Changes the caller's own password; every other session ends.
    ///
    /// # Errors
    ///
    /// `WrongPassword` when the present one is another, `Fields` when the new one may not be.
    pub async fn change_password(
        &self,
        principal: &Principal,
        present: &str,
        new: &str,
    ) -> Result<(), Error> {
        let account = self.account(principal).await?;
        let present = Password::typed(present);
        if !self.hasher().verify(&present, account.password.as_deref()).await? {
            return Err(Refusal::WrongPassword.into());
        }
        let account = self.with_password(account, new, "/new").await?;
        let mut tx = self.db().write().await?;
        if !tx.accounts().update(&account).await? {
            return Err(Refusal::Stale.into());
        }
        tx.sessions().delete_all(account.id, Some(principal.session()?)).await?;
        tx.links().delete(LinkKind::Reset, account.id).await?;
        self.tell_password_changed(&mut tx, &account).await?;
        Ok(tx.commit().await?)
    }

    /// Sends a link to set a new password, if there is such an account; the answer never tells.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn ask_for_reset(&self, email: &str) -> Result<(), Error> {
        let Ok(email) = Email::parse(email) else { return Ok(()) };
        let mut tx = self.db().write().await?;
        // Written down whether there is an account or not, so that neither the time that it takes
        // tells, nor anybody's mailbox is filled.
        let subject = format!("reset {}", email.key());
        let asked = tx.attempts().failures(&subject).await?;
        let is_rested = self.now() - asked.last_at >= RESET;
        if is_rested {
            tx.attempts().reset(&subject).await?;
        }
        tx.attempts().record_failure(&subject, self.now()).await?;
        let found = tx.accounts().find_by_email(&email).await?;
        let found = found.filter(|_| is_rested || asked.count < MOST_RESETS);
        let Some(account) = found else { return Ok(tx.commit().await?) };
        let link = Token::new(self.random());
        tx.links()
            .replace(LinkKind::Reset, account.id, &link.hash(), self.now() + RESET)
            .await?;
        let mail_template = MailTemplate::PasswordReset {
            first_name: account.first_name.to_string(),
            token: link.expose().to_owned(),
        };
        self.post(&mut tx, &account.email, mail_template, None).await?;
        Ok(tx.commit().await?)
    }

    /// Sets a new password by a link; every session ends.
    ///
    /// # Errors
    ///
    /// `DeadLink`, and `Fields` when the password may not be; then the link stays good.
    pub async fn reset_password(&self, link: &Token, new: &str) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        let taken = tx.links().consume(LinkKind::Reset, &link.hash(), self.now()).await?;
        let id = taken.ok_or(Error::Refused(Refusal::DeadLink))?;
        let account = tx.accounts().find(id).await?.ok_or(Error::Refused(Refusal::DeadLink))?;
        let mut account = self.with_password(account, new, "/password").await?;
        account.confirmed_at = account.confirmed_at.or(Some(self.now()));
        if !tx.accounts().update(&account).await? {
            return Err(Refusal::Stale.into());
        }
        tx.sessions().delete_all(id, None).await?;
        self.tell_password_changed(&mut tx, &account).await?;
        Ok(tx.commit().await?)
    }

    async fn with_password(
        &self,
        account: Account,
        new: &str,
        pointer: &str,
    ) -> Result<Account, Error> {
        let about =
            [account.email.as_str(), account.first_name.as_str(), account.last_name.as_str()];
        let password = Password::choose(new, &about)
            .map_err(|why| Refusal::field(pointer, "bad_password", why.to_string()))?;
        let hash = self.hasher().hash(&password, self.random()).await?;
        Ok(Account { password: Some(hash), ..account })
    }

    async fn tell_password_changed(&self, tx: &mut Tx, account: &Account) -> Result<(), Error> {
        let mail_template =
            MailTemplate::PasswordChanged { first_name: account.first_name.to_string() };
        self.post(tx, &account.email, mail_template, None).await
    }
}
