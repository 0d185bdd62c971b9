//! What the operator does to an account, in the log of operations and in the audit log of its workspaces.
//!
//! **Invariant:** each act that changes how an account signs in is an operation, and an entry in the audit log
//! of each workspace that the account is a member of.

use hallpass_domain::account::Account;
use hallpass_domain::id::AccountId;
use hallpass_domain::member::Status;
use hallpass_domain::refusal::Refusal;
use hallpass_store::Tx;
use serde_json::{Value, json};

use super::{Accounts, joined_another, workspace_gone};
use crate::context::Actor;
use crate::error::Error;
use crate::gate::permission::UpdateMembers;
use crate::operation::Operator;

/// An act on an account, with how it was before and is after.
pub(super) struct Act {
    pub(super) action: &'static str,
    pub(super) before: Value,
    pub(super) after: Value,
}

impl Act {
    /// An act that ends something.
    pub(super) fn end(action: &'static str) -> Act {
        Act { action, before: json!({}), after: json!({}) }
    }

    /// An act that sets a fact.
    pub(super) fn set(action: &'static str, fact: &str, is_on: bool) -> Act {
        Act { action, before: json!({ fact: !is_on }), after: json!({ fact: is_on }) }
    }
}

impl Accounts<'_> {
    /// Begins a transaction with the entries of an act on an account, and locks the account. `Missing`
    /// where there is none; `Stale` when it joins a workspace at the same time.
    pub(super) async fn begin_as(
        &self,
        operator: &Operator,
        id: AccountId,
        act: &Act,
    ) -> Result<(Tx, Account), Error> {
        self.0.compile_places(id).await?;
        let mut tx = self.0.db().write().await?;
        // Locks are taken in one order everywhere: workspaces before the account.
        let places = tx.accounts().list_workspaces(id).await?;
        for place in &places {
            let inside =
                tx.into_workspace(place.workspace.0).await?.ok_or_else(workspace_gone)?;
            let name = operator.name().to_owned();
            let mut ctx = self.0.open_context(inside, Actor::Operator, name).await?;
            let pass = ctx.check(UpdateMembers).await?;
            let member = ctx.read(&pass)?.members().find_by_account(id).await?;
            if let Some(member) = member.filter(|member| member.status != Status::Removed) {
                let Act { action, before, after } = act;
                ctx.record_audit(&pass, action, member.id, before, after).await?;
            }
            tx = ctx.into_tx(&pass).await?.0;
        }
        let account = tx.accounts().find_for_update(id).await?.ok_or_else(no_account)?;
        if joined_another(&mut tx, id, &places).await? {
            return Err(Refusal::Stale.into());
        }
        let detail = json!({"email": account.email.as_str()});
        let operation = self.0.operations().build(operator, act.action, &id, detail);
        tx.operations().insert(&operation).await?;
        Ok((tx, account))
    }
}

pub(super) fn no_account() -> Error {
    Error::Missing { noun: "account" }
}
