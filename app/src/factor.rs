//! Second factors of an account: which ones it has, and what follows from a change of them.
//!
//! **Invariant:** every change of a factor needs a recent sign-in, ends the other sessions of the
//! account, and is mailed to its person.

use hallpass_domain::account::Account;
use hallpass_domain::factor::Factors;
use hallpass_domain::id::AccountId;
use hallpass_domain::mail_template::{FactorChange, MailTemplate};
use hallpass_domain::recovery_code::RecoveryCode;
use hallpass_store::Tx;

use crate::account::confirmation::check_confirmed;
use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::principal::Principal;
use crate::secret::Token;

/// A factor that has been added.
pub struct Added {
    /// The token of the session from now on.
    pub session: Token,
    /// The recovery codes, if it is the first factor.
    pub recovery_codes: Vec<RecoveryCode>,
}

/// The second factors of accounts.
pub struct SecondFactors<'a>(pub(crate) &'a App);

impl SecondFactors<'_> {
    /// Loads the factors of the principal's account.
    #[boxed]
    pub async fn load(&self, principal: &Principal) -> Result<Factors, Error> {
        Ok(self.0.db().read().await?.factors().load(principal.person()?).await?)
    }

    /// Loads the factors of an account that has just signed in.
    #[boxed]
    pub async fn of(&self, account: AccountId) -> Result<Factors, Error> {
        Ok(self.0.db().read().await?.factors().load(account).await?)
    }

    /// Loads and locks the principal's account to change its factors. The address must be confirmed: a
    /// factor of a person who does not have the mailbox would keep its owner out.
    pub(crate) async fn enter(
        &self,
        tx: &mut Tx,
        principal: &Principal,
    ) -> Result<Account, Error> {
        principal.check_recent(self.0.now())?;
        let account = tx.accounts().find_for_update(principal.person()?).await?;
        let account = account.ok_or(Error::NotSignedIn)?;
        check_confirmed(&account)?;
        Ok(account)
    }

    /// Ends the other sessions after a factor was added or removed, forgets devices and recovery codes
    /// that have nothing left to replace, and mails the person.
    pub(crate) async fn changed(
        &self,
        tx: &mut Tx,
        principal: &Principal,
        account: &Account,
        (change, name): (FactorChange, Option<&str>),
    ) -> Result<(), Error> {
        tx.sessions().delete_all(account.id, Some(principal.session()?)).await?;
        tx.pending_sign_ins().delete_all(account.id).await?;
        if !tx.factors().load(account.id).await?.is_enabled() {
            tx.factors().delete_all(account.id).await?;
        }
        self.notify(tx, account, change, name).await
    }

    /// Mails the person of an account what happened to a factor.
    pub(crate) async fn notify(
        &self,
        tx: &mut Tx,
        account: &Account,
        change: FactorChange,
        name: Option<&str>,
    ) -> Result<(), Error> {
        let (first_name, name) = (account.first_name.to_string(), name.map(str::to_owned));
        let mail = MailTemplate::FactorChanged { first_name, change, name };
        self.0.mails().queue(tx, &account.email, mail, None).await
    }
}
