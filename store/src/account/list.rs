//! Accounts as the operator lists them, and the workspaces that one is in.

use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, WorkspaceId};
use hallpass_domain::member::Status;
use hallpass_domain::name::Name;
use hallpass_domain::text::contains_pattern;
use hallpass_domain::time::Timestamp;

use super::Accounts;
use crate::error::Error;
use crate::query::Conditions;
use crate::row::Row;
use crate::value::Value;

/// An account in the operator's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSummary {
    /// The id.
    pub id: AccountId,
    /// The address.
    pub email: Email,
    /// First name.
    pub first_name: Name,
    /// Last name; empty when there is none.
    pub last_name: String,
    /// Whether it is an operator.
    pub is_operator: bool,
    /// Whether it is disabled.
    pub is_disabled: bool,
    /// Whether it has a password.
    pub has_password: bool,
    /// When the address was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When the account was created.
    pub created_at: Timestamp,
    /// How many workspaces it is in, without deleted ones.
    pub workspaces: i64,
}

/// Which accounts are listed.
#[derive(Clone, Debug, Default)]
pub struct AccountQuery {
    /// Only those with this text in their address.
    pub text: Option<String>,
    /// Only operators.
    pub is_operator: bool,
    /// Only disabled ones.
    pub is_disabled: bool,
}

/// A workspace that an account is in, as the operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountPlace {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Whether it is deleted.
    pub is_deleted: bool,
    /// The status of the member.
    pub status: Option<Status>,
}

impl<A> Accounts<'_, A> {
    /// Lists a page of accounts by address and age; with `after`, those that come after that account.
    pub async fn list(
        &mut self,
        query: &AccountQuery,
        after: Option<AccountId>,
        limit: i64,
    ) -> Result<Vec<AccountSummary>, Error> {
        let mut conditions = Conditions::from(2);
        if let Some(after) = after {
            let place = "(a.email_key, a.id) > (SELECT b.email_key, b.id FROM accounts b WHERE b.id = ?)";
            conditions.and(place, [after.into()]);
        }
        if let Some(text) = &query.text {
            let pattern = Value::from(contains_pattern(text));
            conditions.and("a.email_key LIKE ? ESCAPE '\\'", [pattern]);
        }
        if query.is_operator {
            conditions.and("a.is_operator", []);
        }
        if query.is_disabled {
            conditions.and("a.disabled_at IS NOT NULL", []);
        }
        let sql = format!(
            "SELECT a.id AS id, a.email AS email, a.first_name AS first_name, \
             a.last_name AS last_name, a.is_operator AS is_operator, \
             a.disabled_at AS disabled_at, \
             a.password IS NOT NULL AS has_password, a.confirmed_at AS confirmed_at, \
             a.created_at AS created_at, \
             (SELECT count(*) FROM account_workspaces p JOIN workspaces w \
             ON w.id = p.workspace_id WHERE p.account_id = a.id AND w.deleted_at IS NULL) \
             AS workspaces FROM accounts a \
             WHERE a.deleted_at IS NULL{} ORDER BY a.email_key, a.id LIMIT ?1",
            conditions.text()
        );
        let mut values = vec![limit.into()];
        values.extend_from_slice(conditions.values());
        self.0.query(&sql, &values).await?.iter().map(summary).collect()
    }

    /// Lists the workspaces of an account by slug, with deleted ones, at most so many.
    pub async fn list_places(
        &mut self,
        id: AccountId,
        limit: i64,
    ) -> Result<Vec<AccountPlace>, Error> {
        let sql = "SELECT w.id AS id, w.slug AS slug, w.name AS name, \
                   w.deleted_at AS deleted_at, m.status AS status \
                   FROM account_workspaces p JOIN workspaces w ON w.id = p.workspace_id \
                   LEFT JOIN members m ON m.workspace_id = w.id AND m.account_id = p.account_id \
                   WHERE p.account_id = ?1 ORDER BY w.slug LIMIT ?2";
        let rows = self.0.query(sql, &[id.into(), limit.into()]).await?;
        let place = |row: &Row| {
            Ok(AccountPlace {
                workspace: row.id("id")?.into(),
                slug: row.text("slug")?.to_owned(),
                name: row.text("name")?.to_owned(),
                is_deleted: !row.is_null("deleted_at"),
                status: if row.is_null("status") {
                    None
                } else {
                    Some(row.parsed("status", Status::parse)?)
                },
            })
        };
        rows.iter().map(place).collect()
    }

    /// Counts the accounts that are not deleted.
    pub async fn count(&mut self) -> Result<i64, Error> {
        let sql = "SELECT count(*) AS n FROM accounts WHERE deleted_at IS NULL";
        self.0.query_one(sql, &[]).await?.int("n")
    }
}

fn summary(row: &Row) -> Result<AccountSummary, Error> {
    Ok(AccountSummary {
        id: row.id("id")?.into(),
        email: row.parsed("email", Email::stored)?,
        first_name: row.parsed("first_name", Name::stored)?,
        last_name: row.text("last_name")?.to_owned(),
        is_operator: row.bool("is_operator")?,
        is_disabled: !row.is_null("disabled_at"),
        has_password: row.bool("has_password")?,
        confirmed_at: row.optional("confirmed_at", Row::time)?,
        created_at: row.time("created_at")?,
        workspaces: row.int("workspaces")?,
    })
}
