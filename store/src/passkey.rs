//! Passkeys of accounts.

pub mod ceremony;

use hallpass_domain::id::{AccountId, PasskeyId};
use hallpass_domain::name::Name;
use hallpass_domain::passkey::Passkey;
use hallpass_domain::time::Timestamp;

use crate::columns::Columns;
use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;

static COLUMNS: Columns = Columns::global(
    "passkeys",
    &["id", "account_id", "credential_id", "name", "credential", "created_at", "used_at"],
);

/// The passkeys, in a transaction.
pub struct Passkeys<'t>(&'t mut Tx);

impl Tx {
    /// The passkeys.
    pub fn passkeys(&mut self) -> Passkeys<'_> {
        Passkeys(self)
    }
}

impl Passkeys<'_> {
    /// Lists the passkeys of an account, the oldest first.
    pub async fn list(&mut self, account: AccountId) -> Result<Vec<Passkey>, Error> {
        let sql = format!("{} WHERE account_id = ?1 ORDER BY id", COLUMNS.select());
        self.0.query(&sql, &[account.into()]).await?.iter().map(from_row).collect()
    }

    /// Finds a passkey by the id that its device gave it.
    pub async fn find(&mut self, credential_id: &[u8]) -> Result<Option<Passkey>, Error> {
        let sql = format!("{} WHERE credential_id = ?1", COLUMNS.select());
        let row = self.0.find(&sql, &[credential_id.to_vec().into()]).await?;
        row.map(|row| from_row(&row)).transpose()
    }

    /// Finds a passkey by the id that its device gave it, and locks it, so that of two answers with one
    /// counter the second sees the first.
    pub async fn find_for_update(
        &mut self,
        credential_id: &[u8],
    ) -> Result<Option<Passkey>, Error> {
        let sql = format!(
            "{} WHERE credential_id = ?1{}",
            COLUMNS.select(),
            self.0.dialect().for_update()
        );
        let row = self.0.find(&sql, &[credential_id.to_vec().into()]).await?;
        row.map(|row| from_row(&row)).transpose()
    }

    /// Inserts a passkey.
    ///
    /// # Errors
    ///
    /// `Conflict` when an account has it already.
    pub async fn insert(&mut self, passkey: &Passkey) -> Result<(), Error> {
        let values = [
            passkey.id.into(),
            passkey.account.into(),
            passkey.credential_id.clone().into(),
            passkey.name.as_str().into(),
            passkey.credential.as_str().into(),
            passkey.created_at.into(),
            passkey.used_at.into(),
        ];
        self.0.execute(COLUMNS.insert(), &values).await.map(drop)
    }

    /// Records a use, with the counter and the flags after it.
    pub async fn update_use(
        &mut self,
        id: PasskeyId,
        credential: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "UPDATE passkeys SET credential = ?2, used_at = ?3 WHERE id = ?1";
        self.0.execute(sql, &[id.into(), credential.into(), now.into()]).await.map(drop)
    }

    /// Renames a passkey of an account. Returns whether it existed.
    pub async fn rename(
        &mut self,
        account: AccountId,
        id: PasskeyId,
        name: &Name,
    ) -> Result<bool, Error> {
        let sql = "UPDATE passkeys SET name = ?3 WHERE account_id = ?1 AND id = ?2";
        let values = [account.into(), id.into(), name.as_str().into()];
        Ok(self.0.execute(sql, &values).await? > 0)
    }

    /// Deletes a passkey of an account. Returns whether it existed.
    pub async fn delete(&mut self, account: AccountId, id: PasskeyId) -> Result<bool, Error> {
        let sql = "DELETE FROM passkeys WHERE account_id = ?1 AND id = ?2";
        Ok(self.0.execute(sql, &[account.into(), id.into()]).await? > 0)
    }
}

fn from_row(row: &Row) -> Result<Passkey, Error> {
    Ok(Passkey {
        id: row.id("id")?.into(),
        account: row.id("account_id")?.into(),
        credential_id: row.bytes("credential_id")?.to_vec(),
        name: row.parsed("name", |text| Name::parse(text).ok())?,
        credential: row.text("credential")?.to_owned(),
        created_at: row.time("created_at")?,
        used_at: row.optional("used_at", Row::time)?,
    })
}
