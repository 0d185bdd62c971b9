//! API keys, stored by the hash of their secret.

use std::marker::PhantomData;

use hallpass_domain::api_key::ApiKey;
use hallpass_domain::id::{ApiKeyId, MemberId};
use hallpass_domain::time::Timestamp;

use crate::columns::Columns;
use crate::error::Error;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "api_keys",
    &["id", "name", "member_id", "made_by", "created_at", "expires_at", "seen_at"],
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

    /// Finds a key by the hash of its secret.
    pub async fn find_by_token(&mut self, token: &[u8]) -> Result<Option<ApiKey>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND token = ?2", COLUMNS.select());
        self.0.find(&sql, &[token.to_vec().into()]).await?.map(|row| from_row(&row)).transpose()
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
            key.seen_at.into(),
            token.to_vec().into(),
        ];
        self.0.execute(COLUMNS.insert(), &values).await.map(drop)
    }

    /// Records when a key was last used.
    pub async fn update_seen_at(&mut self, id: ApiKeyId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE api_keys SET seen_at = ?3 WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into(), now.into()]).await.map(drop)
    }

    /// Deletes a key; returns whether it existed.
    pub async fn delete(&mut self, id: ApiKeyId) -> Result<bool, Error> {
        let sql = "DELETE FROM api_keys WHERE workspace_id = ?1 AND id = ?2";
        Ok(self.0.execute(sql, &[id.into()]).await? > 0)
    }

    /// Deletes the keys that act for a member or were made by them.
    pub async fn delete_by_member(&mut self, member: MemberId) -> Result<(), Error> {
        let sql =
            "DELETE FROM api_keys WHERE workspace_id = ?1 AND (member_id = ?2 OR made_by = ?2)";
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
        seen_at: row.optional("seen_at", Row::time)?,
    })
}
