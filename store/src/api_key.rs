//! API keys as they are kept: by the hash of their secret, which itself is nowhere.

use hallpass_domain::api_key::ApiKey;
use hallpass_domain::id::{ApiKeyId, MemberId};
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::tx::WorkspaceTx;
use crate::value::Row;

const COLUMNS: &str = "id, name, member_id, made_by, created_at, expires_at, seen_at";

/// The API keys of a workspace, in a transaction.
pub struct ApiKeys<'t>(&'t mut WorkspaceTx);

impl WorkspaceTx {
    /// The API keys.
    pub fn api_keys(&mut self) -> ApiKeys<'_> {
        ApiKeys(self)
    }
}

impl ApiKeys<'_> {
    /// Every key, the latest first.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], here and below.
    pub async fn list_all(&mut self) -> Result<Vec<ApiKey>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM api_keys WHERE workspace_id = ?1 ORDER BY id DESC");
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// The key of an id.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE workspace_id = ?1 AND id = ?2");
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// The key of a secret's hash.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find_by_token(&mut self, token: &[u8]) -> Result<Option<ApiKey>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM api_keys WHERE workspace_id = ?1 AND token = ?2");
        self.0.find(&sql, &[token.to_vec().into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Adds a key.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn insert(&mut self, token: &[u8], key: &ApiKey) -> Result<(), Error> {
        let sql = "INSERT INTO api_keys (workspace_id, id, token, name, member_id, made_by, \
                   created_at, expires_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let values = [
            key.id.into(),
            token.to_vec().into(),
            key.name.as_str().into(),
            key.member.into(),
            key.made_by.into(),
            key.created_at.into(),
            key.expires_at.into(),
            key.seen_at.into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Notes that a key was used.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn update_seen_at(&mut self, id: ApiKeyId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE api_keys SET seen_at = ?3 WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into(), now.into()]).await.map(drop)
    }

    /// Takes a key away; says whether there was one.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete(&mut self, id: ApiKeyId) -> Result<bool, Error> {
        let sql = "DELETE FROM api_keys WHERE workspace_id = ?1 AND id = ?2";
        Ok(self.0.execute(sql, &[id.into()]).await? > 0)
    }

    /// Takes away what acts for a member, and what they made for others.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete_by_member(&mut self, member: MemberId) -> Result<(), Error> {
        let sql =
            "DELETE FROM api_keys WHERE workspace_id = ?1 AND (member_id = ?2 OR made_by = ?2)";
        self.0.execute(sql, &[member.into()]).await.map(drop)
    }
}

fn from_row(row: &Row) -> Result<ApiKey, Error> {
    Ok(ApiKey {
        id: row.id(0)?.into(),
        name: row.text(1)?.to_owned(),
        member: row.id(2)?.into(),
        made_by: row.id(3)?.into(),
        created_at: row.time(4)?,
        expires_at: row.optional(5, Row::time)?,
        seen_at: row.optional(6, Row::time)?,
    })
}
