//! The gate of the operator's console.
//!
//! **Invariant:** only the session of an account that is an operator yields an [`Operator`] here: no API
//! key, no session by single sign-on of a workspace, none that views a workspace as another member, no
//! dry run. For everybody else the console does not exist.

use hallpass_domain::account::Account;

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::operation::Operator;
use crate::principal::Principal;

/// The gate of the operator's console.
pub struct Operators<'a>(pub(crate) &'a App);

impl Operators<'_> {
    /// Admits a principal, and returns the operator with their account. `Missing` for one who is none.
    #[boxed]
    pub async fn admit(&self, principal: &Principal) -> Result<(Operator, Account), Error> {
        let missing = || Error::Missing { noun: "page" };
        let account = principal.holder().map_err(|_| missing())?;
        let session = principal.session().map_err(|_| missing())?;
        let now = self.0.now();
        let is_viewing = principal.view().is_some_and(|view| now < view.until);
        if is_viewing || principal.run().is_dry() {
            return Err(missing());
        }
        let mut tx = self.0.db().read().await?;
        // A form is read between the lookup of the session and this.
        if !tx.sessions().exists(account, session).await? {
            return Err(missing());
        }
        let account = tx.accounts().find(account).await?;
        let account = account.filter(|account| account.is_operator).ok_or_else(missing)?;
        let is_recent = principal.check_recent(now).is_ok();
        Ok((Operator::of_account(&account, is_recent), account))
    }

    /// Whether [`Operators::admit`] admits a principal.
    #[boxed]
    pub async fn may_enter(&self, principal: &Principal) -> Result<bool, Error> {
        match self.admit(principal).await {
            Ok(_) => Ok(true),
            Err(Error::Missing { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
