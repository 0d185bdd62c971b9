//! Trusted devices, stored by the hash of their token.

use hallpass_domain::device::Device;
use hallpass_domain::id::{AccountId, DeviceId};
use hallpass_domain::time::Timestamp;

use crate::columns::Columns;
use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;

static COLUMNS: Columns = Columns::global(
    "trusted_devices",
    &["id", "account_id", "client", "created_at", "seen_at"],
)
.hidden(&["token"]);

/// The trusted devices, in a transaction.
pub struct TrustedDevices<'t>(&'t mut Tx);

impl Tx {
    /// The trusted devices.
    pub fn trusted_devices(&mut self) -> TrustedDevices<'_> {
        TrustedDevices(self)
    }
}

impl TrustedDevices<'_> {
    /// Finds a device of an account by the hash of its token.
    pub async fn find(
        &mut self,
        account: AccountId,
        token: &[u8],
    ) -> Result<Option<Device>, Error> {
        let sql = format!("{} WHERE token = ?2 AND account_id = ?1", COLUMNS.select());
        let row = self.0.find(&sql, &[account.into(), token.to_vec().into()]).await?;
        row.map(|row| from_row(&row)).transpose()
    }

    /// Lists the devices of an account, the latest first.
    pub async fn list(&mut self, account: AccountId) -> Result<Vec<Device>, Error> {
        let sql = format!("{} WHERE account_id = ?1 ORDER BY id DESC", COLUMNS.select());
        self.0.query(&sql, &[account.into()]).await?.iter().map(from_row).collect()
    }

    /// Inserts a device.
    pub async fn insert(&mut self, token: &[u8], device: &Device) -> Result<(), Error> {
        let values = [
            device.id.into(),
            device.account.into(),
            device.client.as_str().into(),
            device.created_at.into(),
            device.seen_at.into(),
            token.to_vec().into(),
        ];
        self.0.execute(COLUMNS.insert(), &values).await.map(drop)
    }

    /// Records when a device last signed in.
    pub async fn update_seen_at(&mut self, token: &[u8], now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE trusted_devices SET seen_at = ?2 WHERE token = ?1";
        self.0.execute(sql, &[token.to_vec().into(), now.into()]).await.map(drop)
    }

    /// Deletes a device of an account. Returns whether it existed.
    pub async fn delete(&mut self, account: AccountId, id: DeviceId) -> Result<bool, Error> {
        let sql = "DELETE FROM trusted_devices WHERE account_id = ?1 AND id = ?2";
        Ok(self.0.execute(sql, &[account.into(), id.into()]).await? > 0)
    }

    /// Deletes every device of an account.
    pub async fn delete_all(&mut self, account: AccountId) -> Result<(), Error> {
        let sql = "DELETE FROM trusted_devices WHERE account_id = ?1";
        self.0.execute(sql, &[account.into()]).await.map(drop)
    }

    /// Deletes the devices that were remembered before a time.
    pub async fn delete_before(&mut self, time: Timestamp) -> Result<u64, Error> {
        self.0
            .execute("DELETE FROM trusted_devices WHERE created_at <= ?1", &[time.into()])
            .await
    }
}

fn from_row(row: &Row) -> Result<Device, Error> {
    Ok(Device {
        id: row.id("id")?.into(),
        account: row.id("account_id")?.into(),
        client: row.text("client")?.to_owned(),
        created_at: row.time("created_at")?,
        seen_at: row.time("seen_at")?,
    })
}
