//! Accounts, and the workspaces that they belong to.

pub mod link;
pub mod list;
pub mod setup;

use std::collections::HashMap;
use std::marker::PhantomData;

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, WorkspaceId};
use hallpass_domain::name::Name;
use hallpass_domain::secret::Secret;
use hallpass_domain::time::Timestamp;

use crate::columns::Columns;
use crate::error::Error;
use crate::query::json;
use crate::reader::{Read, Reader, Write};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;

static COLUMNS: Columns = Columns::global(
    "accounts",
    &[
        "id",
        "first_name",
        "last_name",
        "password",
        "locale",
        "picture",
        "notifications",
        "confirmed_at",
        "version",
    ],
)
.fixed(&["email", "created_at", "is_operator", "disabled_at"])
.hidden(&["email_key"]);

/// The condition that an account `a` may sign in, which every way in asks: no deleted or disabled one, and
/// no workspace signs an operator out.
pub(crate) const MAY_SIGN_IN: &str = "a.deleted_at IS NULL AND a.disabled_at IS NULL AND (\
    a.is_operator OR EXISTS (SELECT 1 FROM account_workspaces p WHERE p.account_id = a.id AND p.is_open) \
    OR NOT EXISTS (SELECT 1 FROM account_workspaces p WHERE p.account_id = a.id))";

/// The accounts, in a transaction.
pub struct Accounts<'t, A = Write>(&'t mut Tx, PhantomData<A>);

impl Tx {
    /// The accounts.
    pub fn accounts(&mut self) -> Accounts<'_> {
        Accounts(self, PhantomData)
    }
}

/// A workspace that an account belongs to.
pub struct AccountWorkspace {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// When the account last used it.
    pub visited_at: Option<Timestamp>,
}

impl<'t> Reader<'t> {
    /// The accounts.
    #[must_use]
    pub fn accounts(self) -> Accounts<'t, Read> {
        Accounts(self.0, PhantomData)
    }
}

impl<A> Accounts<'_, A> {
    /// Finds an account by id; deleted ones are not found.
    pub async fn find(&mut self, id: AccountId) -> Result<Option<Account>, Error> {
        let sql = format!("{} WHERE id = ?1 AND deleted_at IS NULL", COLUMNS.select());
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Finds the account that has confirmed an address; deleted ones are not found.
    pub async fn find_confirmed(&mut self, email: &Email) -> Result<Option<Account>, Error> {
        self.find_by_address(email, "confirmed_at IS NOT NULL").await
    }

    /// Finds the latest of the accounts with an address that have not confirmed it; deleted ones are not
    /// found. Those without a password, which an import creates, come after those with one: they keep
    /// no one from signing in.
    pub async fn find_unconfirmed(&mut self, email: &Email) -> Result<Option<Account>, Error> {
        let order = "confirmed_at IS NULL ORDER BY (password IS NULL), id DESC LIMIT 1";
        self.find_by_address(email, order).await
    }

    /// Finds the account that has confirmed an address; without one, the latest that has not. An address
    /// that matters is checked to be confirmed after.
    pub async fn find_by_email(&mut self, email: &Email) -> Result<Option<Account>, Error> {
        match self.find_confirmed(email).await? {
            Some(confirmed) => Ok(Some(confirmed)),
            None => self.find_unconfirmed(email).await,
        }
    }

    async fn find_by_address(
        &mut self,
        email: &Email,
        condition: &str,
    ) -> Result<Option<Account>, Error> {
        let columns = COLUMNS.select();
        let sql =
            format!("{columns} WHERE email_key = ?1 AND deleted_at IS NULL AND {condition}");
        self.0.find(&sql, &[email.key().into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// The pictures of some accounts, as far as they are no longer than so many bytes.
    pub async fn pictures(
        &mut self,
        ids: &[AccountId],
        longest: i64,
    ) -> Result<HashMap<AccountId, String>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let dialect = self.0.dialect();
        let sql = format!(
            "SELECT id, picture FROM accounts WHERE id {} AND CAST(length(picture) AS BIGINT) <= ?2",
            dialect.seek_ids("?1")
        );
        let values = [dialect.ids(ids.iter().map(|id| id.0)), longest.into()];
        let rows = self.0.query(&sql, &values).await?;
        rows.iter()
            .map(|row| Ok((row.id("id")?.into(), row.text("picture")?.to_owned())))
            .collect()
    }

    /// Whether there is an account, or has been one.
    pub async fn has_any(&mut self) -> Result<bool, Error> {
        let none: [Value; 0] = [];
        Ok(self.0.find("SELECT 1 AS found FROM accounts LIMIT 1", &none).await?.is_some())
    }

    /// Lists the workspaces of an account by id, without deleted ones.
    pub async fn list_workspaces(
        &mut self,
        id: AccountId,
    ) -> Result<Vec<AccountWorkspace>, Error> {
        let sql = "SELECT p.workspace_id AS workspace_id, p.visited_at AS visited_at \
                   FROM account_workspaces p JOIN workspaces w ON w.id = p.workspace_id \
                   WHERE p.account_id = ?1 AND w.deleted_at IS NULL ORDER BY p.workspace_id";
        let rows = self.0.query(sql, &[id.into()]).await?;
        let workspace = |row: &Row| {
            Ok(AccountWorkspace {
                workspace: row.id("workspace_id")?.into(),
                visited_at: row.optional("visited_at", Row::time)?,
            })
        };
        rows.iter().map(workspace).collect()
    }

    /// Lists the deleted workspaces of an account by id.
    pub async fn list_deleted_workspaces(
        &mut self,
        id: AccountId,
    ) -> Result<Vec<WorkspaceId>, Error> {
        let sql = "SELECT p.workspace_id AS workspace_id \
                   FROM account_workspaces p JOIN workspaces w ON w.id = p.workspace_id \
                   WHERE p.account_id = ?1 AND w.deleted_at IS NOT NULL ORDER BY p.workspace_id";
        let rows = self.0.query(sql, &[id.into()]).await?;
        rows.iter().map(|row| row.id("workspace_id").map(Into::into)).collect()
    }

    /// Whether an account may sign in: it is not disabled, and belongs to no workspace, or is active in
    /// one, or is an operator. A deleted workspace that can be restored counts.
    pub async fn may_sign_in(&mut self, id: AccountId) -> Result<bool, Error> {
        let sql =
            format!("SELECT 1 AS found FROM accounts a WHERE a.id = ?1 AND {MAY_SIGN_IN}");
        Ok(self.0.find(&sql, &[id.into()]).await?.is_some())
    }
}

impl Accounts<'_> {
    /// Finds an account and locks it, so that it is not deleted until the transaction ends. Use it
    /// before an account becomes a member, after locking the workspace if there is one to lock.
    pub async fn find_for_update(&mut self, id: AccountId) -> Result<Option<Account>, Error> {
        let sql = format!(
            "{} WHERE id = ?1 AND deleted_at IS NULL{}",
            COLUMNS.select(),
            self.0.dialect().for_update()
        );
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Locks the accounts with an address, in the order of their ids. Use it before one of them confirms
    /// it, and before what the others would wait for.
    pub async fn lock_address(&mut self, email: &Email) -> Result<(), Error> {
        let sql = format!(
            "SELECT id FROM accounts WHERE email_key = ?1 AND deleted_at IS NULL ORDER BY id{}",
            self.0.dialect().for_update()
        );
        self.0.query(&sql, &[email.key().into()]).await.map(drop)
    }

    /// Inserts an account.
    ///
    /// # Errors
    ///
    /// `Conflict` when its address is confirmed, and another account has confirmed it.
    pub async fn insert(&mut self, account: &Account) -> Result<(), Error> {
        self.0.execute(COLUMNS.insert(), &values(account)).await.map(drop)
    }

    /// Updates an account, except for its address. Returns whether its version was still current.
    ///
    /// # Errors
    ///
    /// `Conflict` when its address is confirmed, and another account has confirmed it.
    pub async fn update(&mut self, account: &Account) -> Result<bool, Error> {
        let sql = format!("{} AND deleted_at IS NULL", COLUMNS.update());
        let values = values(account);
        Ok(self.0.execute(&sql, COLUMNS.updated(&values)).await? == 1)
    }

    /// Updates the address of an account and when it was confirmed. Returns whether its version was still
    /// current.
    ///
    /// # Errors
    ///
    /// `Conflict` when another account has confirmed the address.
    pub async fn change_address(&mut self, account: &Account) -> Result<bool, Error> {
        let sql = "UPDATE accounts SET email = ?2, email_key = ?3, confirmed_at = ?4, \
                   version = version + 1 WHERE id = ?1 AND version = ?5 AND deleted_at IS NULL";
        let values = [
            account.id.into(),
            account.email.as_str().into(),
            account.email.key().into(),
            account.confirmed_at.into(),
            account.version.into(),
        ];
        Ok(self.0.execute(sql, &values).await? == 1)
    }

    /// Stores another hash of the same password, unless the stored one has changed.
    pub async fn replace_hash(
        &mut self,
        id: AccountId,
        before: &str,
        after: &str,
    ) -> Result<(), Error> {
        let sql = "UPDATE accounts SET password = ?3 WHERE id = ?1 AND password = ?2";
        self.0.execute(sql, &[id.into(), before.into(), after.into()]).await.map(drop)
    }

    /// Makes an account an operator, or ends that. [`Accounts::update`] leaves it as it is.
    pub async fn set_operator(&mut self, id: AccountId, is_on: bool) -> Result<(), Error> {
        let sql = "UPDATE accounts SET is_operator = ?2 WHERE id = ?1 AND deleted_at IS NULL";
        self.0.execute(sql, &[id.into(), is_on.into()]).await.map(drop)
    }

    /// Disables an account, or enables it. [`Accounts::update`] leaves it as it is.
    pub async fn set_disabled(
        &mut self,
        id: AccountId,
        at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let sql = "UPDATE accounts SET disabled_at = ?2 WHERE id = ?1 AND deleted_at IS NULL";
        self.0.execute(sql, &[id.into(), at.into()]).await.map(drop)
    }

    /// Lists the operators who may sign in, and locks them, so that of two who end at the same time one
    /// stays.
    pub async fn list_operators_for_update(&mut self) -> Result<Vec<AccountId>, Error> {
        let sql = format!(
            "SELECT a.id AS id FROM accounts a WHERE a.is_operator AND {MAY_SIGN_IN} ORDER BY a.id{}",
            self.0.dialect().for_update()
        );
        let none: [Value; 0] = [];
        let rows = self.0.query(&sql, &none).await?;
        rows.iter().map(|row| row.id("id").map(AccountId)).collect()
    }

    /// Lists the accounts with an address that have not confirmed it and are not disabled, by id.
    pub async fn list_unconfirmed(&mut self, email: &Email) -> Result<Vec<AccountId>, Error> {
        let sql = "SELECT id FROM accounts WHERE email_key = ?1 AND deleted_at IS NULL \
                   AND disabled_at IS NULL AND confirmed_at IS NULL ORDER BY id";
        let rows = self.0.query(sql, &[email.key().into()]).await?;
        rows.iter().map(|row| row.id("id").map(AccountId)).collect()
    }

    /// Gives the memberships of an account to another, except in the workspaces that both are in.
    pub async fn move_places(&mut self, from: AccountId, to: AccountId) -> Result<(), Error> {
        let values = [from.into(), to.into()];
        let moved = "account_id = ?1 AND workspace_id NOT IN \
                     (SELECT p.workspace_id FROM account_workspaces p WHERE p.account_id = ?2)";
        // The members first: the places say which.
        let members = format!(
            "UPDATE members SET account_id = ?2 WHERE {moved} AND workspace_id IN \
             (SELECT p.workspace_id FROM account_workspaces p WHERE p.account_id = ?1)"
        );
        self.0.execute(&members, &values).await?;
        let places = format!("UPDATE account_workspaces SET account_id = ?2 WHERE {moved}");
        self.0.execute(&places, &values).await.map(drop)
    }

    /// Marks an account as deleted: it cannot sign in, and its address is free. Waits for
    /// transactions that have locked the account.
    pub async fn delete(&mut self, id: AccountId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE accounts SET deleted_at = ?2, password = NULL, picture = NULL, \
                   is_operator = FALSE WHERE id = ?1";
        self.0.execute(sql, &[id.into(), now.into()]).await.map(drop)
    }

    /// Adds an account to a workspace, where it may sign in.
    pub async fn add_workspace(
        &mut self,
        id: AccountId,
        workspace: WorkspaceId,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO account_workspaces (account_id, workspace_id, visited_at, is_open) \
                   VALUES (?1, ?2, NULL, TRUE) \
                   ON CONFLICT (account_id, workspace_id) DO UPDATE SET is_open = TRUE";
        self.0.execute(sql, &[id.into(), workspace.into()]).await.map(drop)
    }

    /// Notes that an account may not sign in because of a workspace, until it is added again.
    pub async fn deactivate_workspace(
        &mut self,
        id: AccountId,
        workspace: WorkspaceId,
    ) -> Result<(), Error> {
        let sql = "UPDATE account_workspaces SET is_open = FALSE \
                   WHERE account_id = ?1 AND workspace_id = ?2";
        self.0.execute(sql, &[id.into(), workspace.into()]).await.map(drop)
    }

    /// Removes an account from a workspace.
    pub async fn remove_workspace(
        &mut self,
        id: AccountId,
        workspace: WorkspaceId,
    ) -> Result<(), Error> {
        let sql = "DELETE FROM account_workspaces WHERE account_id = ?1 AND workspace_id = ?2";
        self.0.execute(sql, &[id.into(), workspace.into()]).await.map(drop)
    }

    /// Records when an account last used a workspace.
    pub async fn record_visit(
        &mut self,
        id: AccountId,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "UPDATE account_workspaces SET visited_at = ?3 \
                   WHERE account_id = ?1 AND workspace_id = ?2";
        self.0.execute(sql, &[id.into(), workspace.into(), now.into()]).await.map(drop)
    }
}

fn values(account: &Account) -> [Value; 14] {
    [
        account.id.into(),
        account.first_name.as_str().into(),
        account.last_name.as_str().into(),
        account.password.as_ref().map(|hash| hash.expose().clone()).into(),
        account.locale.as_str().into(),
        account.picture.clone().into(),
        json(&account.notifications),
        account.confirmed_at.into(),
        account.version.into(),
        account.email.as_str().into(),
        account.created_at.into(),
        account.is_operator.into(),
        account.disabled_at.into(),
        account.email.key().into(),
    ]
}

fn from_row(row: &Row) -> Result<Account, Error> {
    Ok(Account {
        id: row.id("id")?.into(),
        email: row.parsed("email", Email::stored)?,
        first_name: row.parsed("first_name", Name::stored)?,
        last_name: row.text("last_name")?.to_owned(),
        password: row.optional("password", Row::text)?.map(|hash| Secret::new(hash.to_owned())),
        locale: row.text("locale")?.to_owned(),
        picture: row.optional("picture", Row::text)?.map(str::to_owned),
        notifications: row.json("notifications")?,
        is_operator: row.bool("is_operator")?,
        disabled_at: row.optional("disabled_at", Row::time)?,
        confirmed_at: row.optional("confirmed_at", Row::time)?,
        created_at: row.time("created_at")?,
        version: row.int("version")?,
    })
}
