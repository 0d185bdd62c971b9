//! Operations: what operators do to workspaces and accounts from outside.
//!
//! **Invariant:** every operator's action on a workspace or an account stores an operation in the same
//! transaction; operations outlast what they are about.

use hallpass_domain::account::Account;
use hallpass_domain::id::OperationId;
use hallpass_domain::operation::Operation;
use hallpass_domain::session::policy::Missing;
use serde_json::Value;

use crate::app::App;
use crate::boxed;
use crate::error::Error;

/// A person who runs the server: by a command on the machine, or by the session of an account that
/// [`crate::operator`] admits. Use cases that look across workspaces take one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    name: String,
    /// Whether they have just proved who they are: on the machine always, by a session for a while.
    is_recent: bool,
}

impl Default for Operator {
    fn default() -> Operator {
        Operator { name: "operator".to_owned(), is_recent: true }
    }
}

impl Operator {
    /// Creates an operator with the name that operations show.
    #[must_use]
    pub fn new(name: &str) -> Operator {
        let name: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
        if name.is_empty() { Operator::default() } else { Operator { name, is_recent: true } }
    }

    /// The operator of an account, whose session the gate has admitted.
    pub(crate) fn of_account(account: &Account, is_recent: bool) -> Operator {
        let name = format!("{} ({})", account.name(), account.email.as_str());
        Operator { name, is_recent }
    }

    /// Checks that the operator has just proved who they are, before a dangerous act.
    ///
    /// # Errors
    ///
    /// `StepUp`.
    pub(crate) fn check_recent(&self) -> Result<(), Error> {
        if self.is_recent { Ok(()) } else { Err(Error::StepUp(vec![Missing::RecentSignIn])) }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// What operators did.
pub struct Operations<'a>(pub(crate) &'a App);

impl Operations<'_> {
    /// Lists a page of operations, the latest first, with whether there are more; with `action`, those
    /// of one kind.
    #[boxed]
    pub async fn list(
        &self,
        _: &Operator,
        action: Option<&str>,
        below: Option<OperationId>,
        limit: usize,
    ) -> Result<(Vec<Operation>, bool), Error> {
        let mut tx = self.0.db().read().await?;
        let found = tx.operations().list(action, below, limit).await?;
        Ok((found.items, found.has_more))
    }

    /// Lists the kinds of operations that there are, by name.
    #[boxed]
    pub async fn list_actions(&self, _: &Operator) -> Result<Vec<String>, Error> {
        Ok(self.0.db().read().await?.operations().list_actions().await?)
    }

    /// Builds an operation that is not stored yet: store it in the transaction of what it is about.
    #[must_use]
    pub fn build(
        &self,
        operator: &Operator,
        action: &str,
        subject: &impl ToString,
        detail: Value,
    ) -> Operation {
        Operation {
            id: self.0.id(),
            at: self.0.now(),
            actor: operator.name().to_owned(),
            action: action.to_owned(),
            subject: subject.to_string(),
            detail,
        }
    }
}
