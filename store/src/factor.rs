//! Which second factors accounts have, whatever they are.

use std::collections::HashSet;
use std::marker::PhantomData;

use hallpass_domain::factor::Factors;
use hallpass_domain::id::AccountId;

use crate::error::Error;
use crate::reader::{Read, Reader, Write};
use crate::row::Row;
use crate::tx::Tx;

/// The second factors, in a transaction.
pub struct SecondFactors<'t, A = Write>(&'t mut Tx, PhantomData<A>);

impl Tx {
    /// The second factors.
    pub fn factors(&mut self) -> SecondFactors<'_> {
        SecondFactors(self, PhantomData)
    }
}

impl<'t> Reader<'t> {
    /// The second factors.
    #[must_use]
    pub fn factors(self) -> SecondFactors<'t, Read> {
        SecondFactors(self.0, PhantomData)
    }
}

impl<A> SecondFactors<'_, A> {
    /// Loads the factors of an account.
    pub async fn load(&mut self, account: AccountId) -> Result<Factors, Error> {
        let sql = "SELECT (SELECT t.confirmed_at FROM totps t WHERE t.account_id = ?1) AS totp_since, \
                   (SELECT COUNT(*) FROM passkeys p WHERE p.account_id = ?1) AS passkeys, \
                   (SELECT COUNT(*) FROM recovery_codes c WHERE c.account_id = ?1) AS recovery_codes";
        let row = self.0.query_one(sql, &[account.into()]).await?;
        Ok(Factors {
            totp_since: row.optional("totp_since", Row::time)?,
            passkeys: row.int("passkeys")?,
            recovery_codes: row.int("recovery_codes")?,
        })
    }

    /// Returns which of some accounts have a second factor.
    pub async fn enabled(&mut self, of: &[AccountId]) -> Result<HashSet<AccountId>, Error> {
        if of.is_empty() {
            return Ok(HashSet::new());
        }
        let dialect = self.0.dialect();
        let these = dialect.in_ids("?1");
        let sql = format!(
            "SELECT account_id FROM totps WHERE confirmed_at IS NOT NULL AND account_id {these} \
             UNION SELECT account_id FROM passkeys WHERE account_id {these}"
        );
        let rows = self.0.query(&sql, &[dialect.ids(of.iter().map(|id| id.0))]).await?;
        rows.iter().map(|row| row.id("account_id").map(AccountId)).collect()
    }
}

impl SecondFactors<'_> {
    /// Deletes every factor of an account with its recovery codes, its trusted devices and its sign-ins
    /// that wait for a factor.
    pub async fn delete_all(&mut self, account: AccountId) -> Result<(), Error> {
        for sql in [
            "DELETE FROM totps WHERE account_id = ?1",
            "DELETE FROM recovery_codes WHERE account_id = ?1",
            "DELETE FROM passkeys WHERE account_id = ?1",
            "DELETE FROM passkey_ceremonies WHERE account_id = ?1",
            "DELETE FROM trusted_devices WHERE account_id = ?1",
            "DELETE FROM pending_sign_ins WHERE account_id = ?1",
        ] {
            self.0.execute(sql, &[account.into()]).await?;
        }
        Ok(())
    }
}
