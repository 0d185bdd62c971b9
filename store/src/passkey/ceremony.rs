//! What devices were asked, until they answer; each question can be answered once.

use hallpass_domain::id::AccountId;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;

/// The ceremonies of passkeys, in a transaction.
pub struct Ceremonies<'t>(&'t mut Tx);

impl Tx {
    /// The ceremonies of passkeys.
    pub fn passkey_ceremonies(&mut self) -> Ceremonies<'_> {
        Ceremonies(self)
    }
}

impl Ceremonies<'_> {
    /// Inserts a ceremony of an account, or of whichever account signs in.
    pub async fn insert(
        &mut self,
        token: &[u8],
        account: Option<AccountId>,
        state: &str,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO passkey_ceremonies (token, account_id, state, expires_at) \
                   VALUES (?1, ?2, ?3, ?4)";
        let values = [token.to_vec().into(), account.into(), state.into(), expires_at.into()];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Deletes a ceremony that has not expired, and returns its account and its state.
    pub async fn consume(
        &mut self,
        token: &[u8],
        now: Timestamp,
    ) -> Result<Option<(Option<AccountId>, String)>, Error> {
        let sql = "DELETE FROM passkey_ceremonies WHERE token = ?1 AND expires_at > ?2 \
                   RETURNING token, account_id, state";
        let Some(row) = self.0.find(sql, &[token.to_vec().into(), now.into()]).await? else {
            return Ok(None);
        };
        let account = row.optional("account_id", Row::id)?;
        Ok(Some((account.map(AccountId), row.text("state")?.to_owned())))
    }

    /// Deletes the ceremonies that have expired.
    pub async fn delete_expired(&mut self, now: Timestamp) -> Result<u64, Error> {
        let sql = "DELETE FROM passkey_ceremonies WHERE expires_at <= ?1";
        self.0.execute(sql, &[now.into()]).await
    }
}
