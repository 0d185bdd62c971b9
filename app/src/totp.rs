//! Authenticator apps: add one with its first code, remove it, accept its codes.

use hallpass_domain::account::Account;
use hallpass_domain::id::AccountId;
use hallpass_domain::mail_template::FactorChange;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::authentication::Method;
use hallpass_domain::totp::{SECRET_LENGTH, TotpSecret};
use hallpass_store::Tx;
use hallpass_store::secret::TOTP_SECRETS;

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::factor::Added;
use crate::principal::Principal;

/// An app that waits for its first code.
pub struct Enrollment {
    /// The secret, as people type it.
    pub secret: String,
    /// The address that an app reads from a picture.
    pub uri: String,
}

impl Enrollment {
    fn of(secret: &TotpSecret, account: &Account) -> Enrollment {
        Enrollment { secret: secret.base32(), uri: secret.uri(&account.email) }
    }
}

/// The authenticator apps of accounts.
pub struct Totps<'a>(pub(crate) &'a App);

impl Totps<'_> {
    /// Makes a secret for an app, which counts once it is confirmed by a code. An earlier secret that
    /// was not confirmed is forgotten.
    ///
    /// # Errors
    ///
    /// `Already` where the account has an app; `AddressNotConfirmed`; `StepUp`.
    #[boxed]
    pub async fn enroll(&self, principal: &Principal) -> Result<Enrollment, Error> {
        let mut tx = self.0.db().write().await?;
        let account = self.0.factors().enter(&mut tx, principal).await?;
        let mut bytes = vec![0; SECRET_LENGTH];
        self.0.random().fill(&mut bytes);
        let secret = TotpSecret::new(bytes);
        let sealed =
            self.0.seal((TOTP_SECRETS.purpose, account.id.0.as_bytes()), secret.as_bytes())?;
        if !tx.totps().enroll(account.id, &sealed, self.0.now()).await? {
            return Err(Refusal::Already { status: "set up" }.into());
        }
        principal.commit(tx).await?;
        Ok(Enrollment::of(&secret, &account))
    }

    /// Loads the app that waits for its first code, to show it again. `Missing` without one.
    #[boxed]
    pub async fn load_enrollment(&self, principal: &Principal) -> Result<Enrollment, Error> {
        let mut tx = self.0.db().write().await?;
        let account = self.0.factors().enter(&mut tx, principal).await?;
        let stored = tx.totps().find(account.id).await?;
        let stored =
            stored.filter(|stored| stored.confirmed_at.is_none()).ok_or_else(no_app)?;
        Ok(Enrollment::of(&self.open(account.id, stored.secret.expose())?, &account))
    }

    /// Confirms the app by its first code. From then on no password alone signs in. The session goes on
    /// with another token.
    ///
    /// # Errors
    ///
    /// `Missing` where none waits; `Fields` for a wrong code; `StepUp`.
    #[boxed]
    pub async fn confirm(&self, principal: &Principal, code: &str) -> Result<Added, Error> {
        let mut tx = self.0.db().write().await?;
        let account = self.0.factors().enter(&mut tx, principal).await?;
        let stored = tx.totps().find(account.id).await?;
        if stored.is_none_or(|stored| stored.confirmed_at.is_some()) {
            return Err(no_app());
        }
        let code: String = code.chars().filter(|c| *c != ' ').collect();
        if !self.accept(&mut tx, account.id, &code).await? {
            let detail = "the code is wrong or too old; type the one that the app shows now";
            return Err(Refusal::field("/code", "wrong_code", detail).into());
        }
        let now = self.0.now();
        tx.totps().confirm(account.id, now).await?;
        let recovery_codes = self.0.recovery_codes().first(&mut tx, account.id).await?;
        let change = (FactorChange::TotpAdded, None);
        self.0.factors().changed(&mut tx, principal, &account, change).await?;
        let session = self.0.sessions().elevate(&mut tx, principal, Method::Totp).await?;
        principal.commit(tx).await?;
        Ok(Added { session, recovery_codes })
    }

    /// Removes the app. `Missing` without one; `StepUp`.
    #[boxed]
    pub async fn remove(&self, principal: &Principal) -> Result<(), Error> {
        let mut tx = self.0.db().write().await?;
        let account = self.0.factors().enter(&mut tx, principal).await?;
        if !tx.totps().delete(account.id).await? {
            return Err(no_app());
        }
        let change = (FactorChange::TotpRemoved, None);
        self.0.factors().changed(&mut tx, principal, &account, change).await?;
        principal.commit(tx).await
    }

    /// Accepts a code of an account's app, confirmed or not, for the one time that it counts.
    pub(crate) async fn accept(
        &self,
        tx: &mut Tx,
        account: AccountId,
        code: &str,
    ) -> Result<bool, Error> {
        let Some(stored) = tx.totps().find(account).await? else { return Ok(false) };
        let secret = self.open(account, stored.secret.expose())?;
        match secret.accepted_step(code, stored.last_step, self.0.now()) {
            Some(step) => Ok(tx.totps().accept(account, step).await?),
            None => Ok(false),
        }
    }

    fn open(&self, account: AccountId, sealed: &[u8]) -> Result<TotpSecret, Error> {
        let opened = self.0.unseal((TOTP_SECRETS.purpose, account.0.as_bytes()), sealed)?;
        Ok(TotpSecret::new(opened))
    }
}

fn no_app() -> Error {
    Error::Missing { noun: "authenticator app" }
}
