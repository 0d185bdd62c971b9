//! Accounts as they are kept.

pub mod link;

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, WorkspaceId};
use hallpass_domain::name::Name;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::query::json;
use crate::tx::Tx;
use crate::value::Row;

const COLUMNS: &str = "id, email, first_name, last_name, password, locale, picture, notifications, \
                       confirmed_at, created_at, version";

/// What must hold of an account `a` that acts.
pub(crate) const MAY_SIGN_IN: &str = "a.deleted_at IS NULL AND (\
    EXISTS (SELECT 1 FROM account_workspaces p WHERE p.account_id = a.id AND p.is_open) \
    OR NOT EXISTS (SELECT 1 FROM account_workspaces p WHERE p.account_id = a.id))";

/// The accounts, in a transaction.
pub struct Accounts<'t>(&'t mut Tx);

impl Tx {
    /// The accounts.
    pub fn accounts(&mut self) -> Accounts<'_> {
        Accounts(self)
    }
}

/// A workspace in which an account is.
pub struct AccountWorkspace {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// When the account was last there.
    pub visited_at: Option<Timestamp>,
}

impl Accounts<'_> {
    /// The account of an id, unless it was deleted.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], here and below.
    pub async fn find(&mut self, id: AccountId) -> Result<Option<Account>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM accounts WHERE id = ?1 AND deleted_at IS NULL");
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// As [`Accounts::find`], and until the transaction ends nobody deletes it. Whoever makes an
    /// account a member holds it, after the workspace if there is one to hold.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find_for_update(&mut self, id: AccountId) -> Result<Option<Account>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM accounts WHERE id = ?1 AND deleted_at IS NULL{}",
            self.0.dialect().for_update()
        );
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// The account of an address, unless it was deleted.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find_by_email(&mut self, email: &Email) -> Result<Option<Account>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM accounts WHERE email_key = ?1 AND deleted_at IS NULL"
        );
        self.0.find(&sql, &[email.key().into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Adds an account.
    ///
    /// # Errors
    ///
    /// `Conflict` when its address is taken.
    pub async fn insert(&mut self, account: &Account) -> Result<(), Error> {
        let sql = "INSERT INTO accounts (id, email, email_key, first_name, last_name, password, \
                   locale, picture, notifications, confirmed_at, created_at, version) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let values = [
            account.id.into(),
            account.email.as_str().into(),
            account.email.key().into(),
            account.first_name.as_str().into(),
            account.last_name.as_str().into(),
            account.password.clone().into(),
            account.locale.as_str().into(),
            account.picture.clone().into(),
            json(&account.notifications),
            account.confirmed_at.into(),
            account.created_at.into(),
            account.version.into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Keeps an account as it is now; says whether it still was as old as it says.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn update(&mut self, account: &Account) -> Result<bool, Error> {
        let sql = "UPDATE accounts SET first_name = ?2, last_name = ?3, password = ?4, locale = ?5, \
                   picture = ?6, notifications = ?7, confirmed_at = ?8, version = version + 1 \
                   WHERE id = ?1 AND version = ?9 AND deleted_at IS NULL";
        let values = [
            account.id.into(),
            account.first_name.as_str().into(),
            account.last_name.as_str().into(),
            account.password.clone().into(),
            account.locale.as_str().into(),
            account.picture.clone().into(),
            json(&account.notifications),
            account.confirmed_at.into(),
            account.version.into(),
        ];
        Ok(self.0.execute(sql, &values).await? == 1)
    }

    /// Marks an account as deleted: nobody signs in with it, and its address is free. It waits for
    /// whoever holds the account.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete(&mut self, id: AccountId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE accounts SET deleted_at = ?2, password = NULL, picture = NULL WHERE id = ?1";
        self.0.execute(sql, &[id.into(), now.into()]).await.map(drop)
    }

    /// The workspaces in which an account is, in the order of their ids; deleted ones are not.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list_workspaces(
        &mut self,
        id: AccountId,
    ) -> Result<Vec<AccountWorkspace>, Error> {
        let sql = "SELECT p.workspace_id, p.visited_at FROM account_workspaces p \
                   JOIN workspaces w ON w.id = p.workspace_id \
                   WHERE p.account_id = ?1 AND w.deleted_at IS NULL ORDER BY p.workspace_id";
        let rows = self.0.query(sql, &[id.into()]).await?;
        let place = |row: &Row| {
            Ok(AccountWorkspace {
                workspace: row.id(0)?.into(),
                visited_at: row.optional(1, Row::time)?,
            })
        };
        rows.iter().map(place).collect()
    }

    /// Notes that an account is in a workspace.
    ///
    /// # Errors
    ///
    /// As above.
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

    /// Notes that being in a workspace lets an account sign in no more, until it enters again.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn deactivate_workspace(
        &mut self,
        id: AccountId,
        workspace: WorkspaceId,
    ) -> Result<(), Error> {
        let sql = "UPDATE account_workspaces SET is_open = FALSE \
                   WHERE account_id = ?1 AND workspace_id = ?2";
        self.0.execute(sql, &[id.into(), workspace.into()]).await.map(drop)
    }

    /// Whether an account may sign in: unless it is in workspaces, and each is closed to it. One that
    /// is deleted and can be restored counts like any other.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn may_sign_in(&mut self, id: AccountId) -> Result<bool, Error> {
        let sql = format!("SELECT 1 FROM accounts a WHERE a.id = ?1 AND {MAY_SIGN_IN}");
        Ok(self.0.find(&sql, &[id.into()]).await?.is_some())
    }

    /// Notes that an account is in a workspace no more.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn remove_workspace(
        &mut self,
        id: AccountId,
        workspace: WorkspaceId,
    ) -> Result<(), Error> {
        let sql = "DELETE FROM account_workspaces WHERE account_id = ?1 AND workspace_id = ?2";
        self.0.execute(sql, &[id.into(), workspace.into()]).await.map(drop)
    }

    /// Notes when an account was last in a workspace.
    ///
    /// # Errors
    ///
    /// As above.
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

fn from_row(row: &Row) -> Result<Account, Error> {
    Ok(Account {
        id: row.id(0)?.into(),
        email: row.parsed(1, |text| Email::parse(text).ok())?,
        first_name: row.parsed(2, |text| Name::parse(text).ok())?,
        last_name: row.text(3)?.to_owned(),
        password: row.optional(4, Row::text)?.map(str::to_owned),
        locale: row.text(5)?.to_owned(),
        picture: row.optional(6, Row::text)?.map(str::to_owned),
        notifications: row.json(7)?,
        confirmed_at: row.optional(8, Row::time)?,
        created_at: row.time(9)?,
        version: row.int(10)?,
    })
}
