//! API keys, stored by the hash of their secret.

use std::marker::PhantomData;
use std::sync::Arc;

use hallpass_domain::api_key::{ApiKey, FormerSecret, Secret};
use hallpass_domain::id::{ApiKeyId, MemberId, WorkspaceId};
use hallpass_domain::network::Network;
use hallpass_domain::time::Timestamp;
use hallpass_engine::Boundary;

use crate::columns::Columns;
use crate::error::Error;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::tx::Tx;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "api_keys",
    &[
        "id",
        "name",
        "member_id",
        "made_by",
        "created_at",
        "expires_at",
        "scopes",
        "networks",
        "seen_at",
        "address",
        "rotated_at",
        "former_until",
        "former_seen_at",
        "remind_at",
        "version",
    ],
)
.hidden(&["token"]);

/// The API keys of a workspace, in a transaction.
pub struct ApiKeys<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The API keys.
    pub fn api_keys(&mut self) -> ApiKeys<'_> {
        ApiKeys(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The API keys.
    #[must_use]
    pub fn api_keys(self) -> ApiKeys<'t, Read> {
        ApiKeys(self.0, PhantomData)
    }
}

impl Tx {
    /// Lists API keys of all workspaces of which people are to be reminded by a time, the most overdue first;
    /// none of a deleted workspace, which may be restored.
    pub async fn due_api_keys(
        &mut self,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<(WorkspaceId, ApiKeyId)>, Error> {
        let sql = "SELECT k.workspace_id AS workspace_id, k.id AS id FROM api_keys k \
                   JOIN workspaces w ON w.id = k.workspace_id AND w.deleted_at IS NULL \
                   WHERE k.remind_at <= ?1 ORDER BY k.remind_at, k.workspace_id, k.id LIMIT ?2";
        let rows = self.query(sql, &[now.into(), limit.into()]).await?;
        rows.iter()
            .map(|row| Ok((row.id("workspace_id")?.into(), row.id("id")?.into())))
            .collect()
    }
}

impl<A> ApiKeys<'_, A> {
    /// Lists every key, the latest first.
    pub async fn list_all(&mut self) -> Result<Vec<ApiKey>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 ORDER BY id DESC", COLUMNS.select());
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// Finds a key by id.
    pub async fn find(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND id = ?2", COLUMNS.select());
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Finds a key by the hash of its secret, or of the one before the last rotation, whether or not
    /// that still works.
    pub async fn find_by_token(
        &mut self,
        token: &[u8],
    ) -> Result<Option<(ApiKey, Secret)>, Error> {
        let secrets = [("token", Secret::Present), ("former_token", Secret::Former)];
        for (column, secret) in secrets {
            let sql = format!("{} WHERE workspace_id = ?1 AND {column} = ?2", COLUMNS.select());
            if let Some(row) = self.0.find(&sql, &[token.to_vec().into()]).await? {
                return Ok(Some((from_row(&row)?, secret)));
            }
        }
        Ok(None)
    }
}

impl ApiKeys<'_> {
    /// Inserts a key.
    pub async fn insert(&mut self, token: &[u8], key: &ApiKey) -> Result<(), Error> {
        let values = [
            key.id.into(),
            key.name.as_str().into(),
            key.member.into(),
            key.made_by.into(),
            key.created_at.into(),
            key.expires_at.into(),
            key.scopes.as_ref().map(|scopes| lines(scopes.entries())).into(),
            lines(key.networks.iter().map(ToString::to_string)).into(),
            key.seen_at.into(),
            key.address.as_str().into(),
            key.rotated_at.into(),
            key.former.map(|former| former.until).into(),
            key.former.and_then(|former| former.seen_at).into(),
            key.remind_at.into(),
            key.version.into(),
            token.to_vec().into(),
        ];
        self.0.execute(COLUMNS.insert(), &values).await.map(drop)
    }

    /// Updates when and from where a key was last used.
    pub async fn update_use(&mut self, key: &ApiKey, secret: Secret) -> Result<(), Error> {
        let former = match secret {
            Secret::Present => "",
            Secret::Former => ", former_seen_at = ?3",
        };
        let sql = format!(
            "UPDATE api_keys SET seen_at = ?3, address = ?4{former} WHERE workspace_id = ?1 AND id = ?2"
        );
        let values = [key.id.into(), key.seen_at.into(), key.address.as_str().into()];
        self.0.execute(&sql, &values).await.map(drop)
    }

    /// Updates what people change of a key: its name, scopes, networks and expiry. Returns whether its version
    /// was still current.
    pub async fn update(&mut self, key: &ApiKey) -> Result<bool, Error> {
        let sql = "UPDATE api_keys SET name = ?3, expires_at = ?4, scopes = ?5, networks = ?6, \
                   former_until = ?7, remind_at = ?8, version = version + 1 \
                   WHERE workspace_id = ?1 AND id = ?2 AND version = ?9";
        let values = [
            key.id.into(),
            key.name.as_str().into(),
            key.expires_at.into(),
            key.scopes.as_ref().map(|scopes| lines(scopes.entries())).into(),
            lines(key.networks.iter().map(ToString::to_string)).into(),
            key.former.map(|former| former.until).into(),
            key.remind_at.into(),
            key.version.into(),
        ];
        Ok(self.0.execute(sql, &values).await? == 1)
    }

    /// Updates when people are reminded of a key.
    pub async fn update_reminder(&mut self, key: &ApiKey) -> Result<(), Error> {
        let sql = "UPDATE api_keys SET remind_at = ?3 WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[key.id.into(), key.remind_at.into()]).await.map(drop)
    }

    /// Gives a key another secret. The former one stays if the key has one.
    pub async fn rotate(&mut self, token: &[u8], key: &ApiKey) -> Result<(), Error> {
        let former = if key.former.is_some() { "token" } else { "NULL" };
        let sql = format!(
            "UPDATE api_keys SET former_token = {former}, token = ?3, made_by = ?4, rotated_at = ?5, \
             former_until = ?6, former_seen_at = NULL, version = version + 1 \
             WHERE workspace_id = ?1 AND id = ?2"
        );
        let values = [
            key.id.into(),
            token.to_vec().into(),
            key.made_by.into(),
            key.rotated_at.into(),
            key.former.map(|former| former.until).into(),
        ];
        self.0.execute(&sql, &values).await.map(drop)
    }

    /// Ends the former secret of a key.
    pub async fn end_former(&mut self, id: ApiKeyId) -> Result<(), Error> {
        let sql = "UPDATE api_keys SET former_token = NULL, former_until = NULL, former_seen_at = NULL, \
                   version = version + 1 WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into()]).await.map(drop)
    }

    /// Deletes a key; returns whether it existed.
    pub async fn delete(&mut self, id: ApiKeyId) -> Result<bool, Error> {
        let sql = "DELETE FROM api_keys WHERE workspace_id = ?1 AND id = ?2";
        Ok(self.0.execute(sql, &[id.into()]).await? > 0)
    }

    /// Deletes the keys that act for a member or were made by them for another person. Those that they made
    /// for a service account stay.
    pub async fn delete_by_member(&mut self, member: MemberId) -> Result<(), Error> {
        let sql = "DELETE FROM api_keys WHERE workspace_id = ?1 AND (member_id = ?2 \
                   OR (made_by = ?2 AND member_id NOT IN \
                   (SELECT id FROM members WHERE workspace_id = ?1 AND account_id = id)))";
        self.0.execute(sql, &[member.into()]).await.map(drop)
    }
}

fn from_row(row: &Row) -> Result<ApiKey, Error> {
    Ok(ApiKey {
        id: row.id("id")?.into(),
        name: row.text("name")?.to_owned(),
        member: row.id("member_id")?.into(),
        made_by: row.id("made_by")?.into(),
        created_at: row.time("created_at")?,
        expires_at: row.optional("expires_at", Row::time)?,
        scopes: row.optional("scopes", |row, column| row.parsed(column, boundary))?,
        networks: row.parsed("networks", networks)?,
        seen_at: row.optional("seen_at", Row::time)?,
        address: row.text("address")?.to_owned(),
        rotated_at: row.optional("rotated_at", Row::time)?,
        former: match row.optional("former_until", Row::time)? {
            Some(until) => {
                let seen_at = row.optional("former_seen_at", Row::time)?;
                Some(FormerSecret { until, seen_at })
            }
            None => None,
        },
        remind_at: row.optional("remind_at", Row::time)?,
        version: row.int("version")?,
    })
}

/// A list as it is stored: one entry on each line.
fn lines(entries: impl Iterator<Item = String>) -> String {
    entries.collect::<Vec<_>>().join("\n")
}

fn boundary(text: &str) -> Option<Arc<Boundary>> {
    Boundary::parse(text.lines()).ok().map(Arc::new)
}

fn networks(text: &str) -> Option<Vec<Network>> {
    text.lines().map(|line| line.parse().ok()).collect()
}
