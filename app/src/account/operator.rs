//! Accounts by the operator: list them, create one, make a link for its password, make it an operator.

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::id::AccountId;
use hallpass_domain::name::Name;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Span;
use hallpass_store::Tx;
use hallpass_store::account::link::LinkKind;
pub use hallpass_store::account::list::{AccountPlace, AccountQuery, AccountSummary};
use serde_json::{Map, json};

use super::Accounts;
use super::confirmation::{check_confirmed, check_free};
use super::disabling::check_not_last;
use super::trace::{Act, no_account};
use crate::boxed;
use crate::error::Error;
use crate::operation::Operator;
use crate::secret::Token;

/// For how many hours a link that the operator passes on is valid.
pub const VALID_HOURS: i64 = 24;

/// How many workspaces of an account are shown.
pub const MOST_PLACES: i64 = 100;

/// Whether an account is an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorStatus {
    /// It may open the operator's console.
    Operator,
    /// It may not.
    Ordinary,
}

impl Accounts<'_> {
    /// Lists a page of accounts by address and age, with whether there are more; with `after`, those that
    /// come after that account.
    #[boxed]
    pub async fn list_as(
        &self,
        _: &Operator,
        query: &AccountQuery,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<(Vec<AccountSummary>, bool), Error> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let mut tx = self.0.db().read().await?;
        let mut found = tx.accounts().list(query, after, most + 1).await?;
        let has_more = found.len() > limit;
        found.truncate(limit);
        Ok((found, has_more))
    }

    /// Finds the account of an address: the confirmed one, or else the latest. `Missing` when there is
    /// none.
    #[boxed]
    pub async fn find_as(&self, _: &Operator, email: &Email) -> Result<Account, Error> {
        let mut tx = self.0.db().read().await?;
        tx.accounts().find_by_email(email).await?.ok_or_else(no_account)
    }

    /// Loads an account with the workspaces that it is in.
    #[boxed]
    pub async fn load_as(
        &self,
        _: &Operator,
        id: AccountId,
    ) -> Result<(Account, Vec<AccountPlace>), Error> {
        let mut tx = self.0.db().read().await?;
        let account = tx.accounts().find(id).await?.ok_or_else(no_account)?;
        let places = tx.accounts().list_places(id, MOST_PLACES).await?;
        Ok((account, places))
    }

    /// Makes an account an operator, or ends that. The address is confirmed before. Returns whether
    /// that is a change. `LastOperator`; `AccountDisabled`.
    #[boxed]
    pub async fn set_operator_as(
        &self,
        operator: &Operator,
        id: AccountId,
        status: OperatorStatus,
    ) -> Result<bool, Error> {
        operator.check_recent()?;
        let mut tx = self.0.db().write().await?;
        let account = tx.accounts().find_for_update(id).await?.ok_or_else(no_account)?;
        let (is_on, action) = match status {
            OperatorStatus::Operator => (true, "account.operator"),
            OperatorStatus::Ordinary => (false, "account.operator_end"),
        };
        if account.is_operator == is_on {
            return Ok(false);
        }
        if is_on {
            check_confirmed(&account)?;
            check_enabled(&account)?;
        } else {
            check_not_last(&mut tx, &account).await?;
        }
        tx.accounts().set_operator(account.id, is_on).await?;
        let detail = json!({"email": account.email.as_str()});
        let operation = self.0.operations().build(operator, action, &account.id, detail);
        tx.operations().insert(&operation).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Creates an account with a confirmed address and without a password, and a link to set one.
    /// `AddressTaken` when the address has an account.
    #[boxed]
    pub async fn create_as(
        &self,
        operator: &Operator,
        email: &Email,
        first_name: &Name,
        last_name: Option<&Name>,
    ) -> Result<(Account, Token), Error> {
        operator.check_recent()?;
        let now = self.0.now();
        let account = Account {
            id: self.0.id(),
            email: email.clone(),
            first_name: first_name.clone(),
            last_name: last_name.map_or_else(String::new, ToString::to_string),
            password: None,
            locale: "en".to_owned(),
            picture: None,
            notifications: Map::new(),
            is_operator: false,
            disabled_at: None,
            confirmed_at: Some(now),
            created_at: now,
            version: 1,
        };
        let mut tx = self.0.db().write().await?;
        self.insert_confirmed(&mut tx, &account).await?;
        let detail = json!({"email": account.email.as_str()});
        let operation =
            self.0.operations().build(operator, "account.create", &account.id, detail);
        tx.operations().insert(&operation).await?;
        let link = self.password_link(&mut tx, account.id).await?;
        tx.commit().await?;
        Ok((account, link))
    }

    /// Makes a link to set another password, for a person who cannot get a mail. Following it confirms
    /// the address and ends every session.
    ///
    /// # Errors
    ///
    /// `Missing` when there is no such account; `AddressTaken` when another one has confirmed its address;
    /// `AccountDisabled`; `StepUp` for an operator who has not signed in recently.
    #[boxed]
    pub async fn create_link_as(
        &self,
        operator: &Operator,
        id: AccountId,
    ) -> Result<Token, Error> {
        operator.check_recent()?;
        let (mut tx, account) = self.begin_as(operator, id, &Act::end("account.link")).await?;
        check_enabled(&account)?;
        check_free(&mut tx, &account).await?;
        let link = self.password_link(&mut tx, account.id).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Inserts a link to set a password.
    async fn password_link(&self, tx: &mut Tx, account: AccountId) -> Result<Token, Error> {
        let link = Token::new(self.0.random());
        let until = self.0.now() + Span::hours(VALID_HOURS);
        tx.links().insert(LinkKind::Reset, account, &link.hash(), until).await?;
        Ok(link)
    }
}

/// Checks that an account is not disabled, before it gets a way in.
fn check_enabled(account: &Account) -> Result<(), Refusal> {
    match account.disabled_at {
        Some(_) => Err(Refusal::AccountDisabled),
        None => Ok(()),
    }
}
