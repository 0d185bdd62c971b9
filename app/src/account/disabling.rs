//! Accounts that the operator disables: they sign in by no way until they are enabled again.

use hallpass_domain::account::Account;
use hallpass_domain::id::AccountId;
use hallpass_domain::refusal::Refusal;
use hallpass_store::Tx;
use hallpass_store::account::link::LinkKind;

use super::Accounts;
use super::trace::Act;
use crate::boxed;
use crate::error::Error;
use crate::operation::Operator;

/// The fact in the audit log.
const DISABLED: &str = "disabled";

impl Accounts<'_> {
    /// Disables an account: it signs in by no way, its sessions, links and trusted devices end, and its
    /// API keys are refused. Its memberships and records stay. Returns whether that is a change.
    ///
    /// # Errors
    ///
    /// `LastOperator`; `StepUp` for an operator who has not signed in recently.
    #[boxed]
    pub async fn disable_as(&self, operator: &Operator, id: AccountId) -> Result<bool, Error> {
        operator.check_recent()?;
        let act = Act::set("account.disable", DISABLED, true);
        let (mut tx, account) = self.begin_as(operator, id, &act).await?;
        if account.disabled_at.is_some() {
            return Ok(false);
        }
        check_not_last(&mut tx, &account).await?;
        tx.accounts().set_disabled(id, Some(self.0.now())).await?;
        tx.sessions().delete_all(id, None).await?;
        tx.pending_sign_ins().delete_all(id).await?;
        tx.trusted_devices().delete_all(id).await?;
        for kind in [LinkKind::Confirm, LinkKind::Reset] {
            tx.links().delete(kind, id).await?;
        }
        tx.address_changes().delete(id).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Enables an account again: it signs in as before. Returns whether that is a change.
    #[boxed]
    pub async fn enable_as(&self, operator: &Operator, id: AccountId) -> Result<bool, Error> {
        operator.check_recent()?;
        let act = Act::set("account.enable", DISABLED, false);
        let (mut tx, account) = self.begin_as(operator, id, &act).await?;
        if account.disabled_at.is_none() {
            return Ok(false);
        }
        // One that began while the account was being disabled.
        tx.sessions().delete_all(id, None).await?;
        tx.accounts().set_disabled(id, None).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Checks that another operator can sign in, before one no longer can.
pub(super) async fn check_not_last(tx: &mut Tx, account: &Account) -> Result<(), Error> {
    if !account.is_operator {
        return Ok(());
    }
    let operators = tx.accounts().list_operators_for_update().await?;
    if operators.iter().any(|other| *other != account.id) {
        return Ok(());
    }
    Err(Refusal::LastOperator.into())
}
