//! Secrets of authenticator apps, one for each account, sealed.

use hallpass_domain::id::AccountId;
use hallpass_domain::secret::Secret;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;

/// The authenticator app of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTotp {
    /// The sealed secret.
    pub secret: Secret<Vec<u8>>,
    /// The step of the last accepted code.
    pub last_step: Option<i64>,
    /// Since when codes of the app are accepted at a sign-in.
    pub confirmed_at: Option<Timestamp>,
}

/// The authenticator apps, in a transaction.
pub struct Totps<'t>(&'t mut Tx);

impl Tx {
    /// The authenticator apps.
    pub fn totps(&mut self) -> Totps<'_> {
        Totps(self)
    }
}

impl Totps<'_> {
    /// Finds the app of an account, confirmed or not.
    pub async fn find(&mut self, account: AccountId) -> Result<Option<StoredTotp>, Error> {
        let sql = "SELECT account_id, secret, last_step, confirmed_at FROM totps \
                   WHERE account_id = ?1";
        self.0.find(sql, &[account.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Inserts an app that is not confirmed, in place of another such one. Returns whether there was
    /// no confirmed one.
    pub async fn enroll(
        &mut self,
        account: AccountId,
        secret: &[u8],
        now: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "INSERT INTO totps (account_id, secret, created_at) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (account_id) DO UPDATE SET secret = ?2, created_at = ?3, \
                   last_step = NULL WHERE totps.confirmed_at IS NULL";
        Ok(self.0.execute(sql, &[account.into(), secret.to_vec().into(), now.into()]).await?
            > 0)
    }

    /// Records the step of an accepted code. Returns whether it was later than the last one: of two
    /// requests with the same code one is told so.
    pub async fn accept(&mut self, account: AccountId, step: i64) -> Result<bool, Error> {
        let sql = "UPDATE totps SET last_step = ?2 \
                   WHERE account_id = ?1 AND (last_step IS NULL OR last_step < ?2)";
        Ok(self.0.execute(sql, &[account.into(), step.into()]).await? > 0)
    }

    /// Confirms the app of an account. Returns whether it was not confirmed before.
    pub async fn confirm(&mut self, account: AccountId, now: Timestamp) -> Result<bool, Error> {
        let sql = "UPDATE totps SET confirmed_at = ?2 \
                   WHERE account_id = ?1 AND confirmed_at IS NULL";
        Ok(self.0.execute(sql, &[account.into(), now.into()]).await? > 0)
    }

    /// Deletes the app of an account. Returns whether it was confirmed.
    pub async fn delete(&mut self, account: AccountId) -> Result<bool, Error> {
        let sql = "DELETE FROM totps WHERE account_id = ?1 RETURNING account_id, confirmed_at";
        let row = self.0.find(sql, &[account.into()]).await?;
        Ok(row.is_some_and(|row| !row.is_null("confirmed_at")))
    }
}

fn from_row(row: &Row) -> Result<StoredTotp, Error> {
    Ok(StoredTotp {
        secret: Secret::new(row.bytes("secret")?.to_vec()),
        last_step: row.optional("last_step", Row::int)?,
        confirmed_at: row.optional("confirmed_at", Row::time)?,
    })
}
