//! Sign-ins that wait for their second factor, stored by the hash of their token.

use hallpass_domain::id::AccountId;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::tx::Tx;

/// The sign-ins that wait for their second factor, in a transaction.
pub struct PendingSignIns<'t>(&'t mut Tx);

impl Tx {
    /// The sign-ins that wait for their second factor.
    pub fn pending_sign_ins(&mut self) -> PendingSignIns<'_> {
        PendingSignIns(self)
    }
}

impl PendingSignIns<'_> {
    /// Inserts a sign-in.
    pub async fn insert(
        &mut self,
        token: &[u8],
        account: AccountId,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO pending_sign_ins (token, account_id, expires_at) \
                   VALUES (?1, ?2, ?3)";
        let values = [token.to_vec().into(), account.into(), expires_at.into()];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Finds the account of a sign-in that has not expired.
    pub async fn find(
        &mut self,
        token: &[u8],
        now: Timestamp,
    ) -> Result<Option<AccountId>, Error> {
        let sql =
            "SELECT account_id FROM pending_sign_ins WHERE token = ?1 AND expires_at > ?2";
        let row = self.0.find(sql, &[token.to_vec().into(), now.into()]).await?;
        row.map(|row| row.id("account_id").map(AccountId)).transpose()
    }

    /// Deletes a sign-in that has not expired, and returns its account.
    pub async fn consume(
        &mut self,
        token: &[u8],
        now: Timestamp,
    ) -> Result<Option<AccountId>, Error> {
        let sql = "DELETE FROM pending_sign_ins WHERE token = ?1 AND expires_at > ?2 \
                   RETURNING account_id";
        let row = self.0.find(sql, &[token.to_vec().into(), now.into()]).await?;
        row.map(|row| row.id("account_id").map(AccountId)).transpose()
    }

    /// Deletes every sign-in of an account.
    pub async fn delete_all(&mut self, account: AccountId) -> Result<(), Error> {
        let sql = "DELETE FROM pending_sign_ins WHERE account_id = ?1";
        self.0.execute(sql, &[account.into()]).await.map(drop)
    }

    /// Deletes the sign-ins that have expired.
    pub async fn delete_expired(&mut self, now: Timestamp) -> Result<u64, Error> {
        let sql = "DELETE FROM pending_sign_ins WHERE expires_at <= ?1";
        self.0.execute(sql, &[now.into()]).await
    }
}
