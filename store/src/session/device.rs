//! Devices on which accounts have signed in, by the hash of the token in their cookie.

use hallpass_domain::email::Email;
use hallpass_domain::id::AccountId;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::tx::Tx;

/// The devices, in a transaction.
pub struct Devices<'t>(&'t mut Tx);

impl Tx {
    /// The devices.
    pub fn devices(&mut self) -> Devices<'_> {
        Devices(self)
    }
}

impl Devices<'_> {
    /// Records that an account signs in on a device.
    pub async fn record(
        &mut self,
        account: AccountId,
        token: &[u8],
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO devices (account_id, token, seen_at) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (account_id, token) DO UPDATE SET seen_at = ?3";
        self.0
            .execute(sql, &[account.into(), token.to_vec().into(), now.into()])
            .await
            .map(drop)
    }

    /// Finds the account with an address that has signed in on a device: the one that has confirmed the
    /// address, or else the latest.
    pub async fn find_account(
        &mut self,
        email: &Email,
        token: &[u8],
    ) -> Result<Option<AccountId>, Error> {
        let sql = "SELECT a.id AS id FROM accounts a \
                   JOIN devices d ON d.account_id = a.id AND d.token = ?2 \
                   WHERE a.email_key = ?1 AND a.deleted_at IS NULL \
                   ORDER BY a.confirmed_at IS NULL, a.id DESC LIMIT 1";
        let row = self.0.find(sql, &[email.key().into(), token.to_vec().into()]).await?;
        row.map(|row| row.id("id").map(AccountId)).transpose()
    }

    /// Deletes the devices of an account.
    pub async fn delete_all(&mut self, account: AccountId) -> Result<(), Error> {
        let sql = "DELETE FROM devices WHERE account_id = ?1";
        self.0.execute(sql, &[account.into()]).await.map(drop)
    }

    /// Deletes the devices that were last used before a time.
    pub async fn delete_before(&mut self, time: Timestamp) -> Result<u64, Error> {
        self.0.execute("DELETE FROM devices WHERE seen_at < ?1", &[time.into()]).await
    }
}
