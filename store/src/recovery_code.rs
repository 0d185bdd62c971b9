//! Recovery codes, stored by their hash until they are used.

use hallpass_domain::id::AccountId;

use crate::error::Error;
use crate::tx::Tx;

/// The recovery codes, in a transaction.
pub struct RecoveryCodes<'t>(&'t mut Tx);

impl Tx {
    /// The recovery codes.
    pub fn recovery_codes(&mut self) -> RecoveryCodes<'_> {
        RecoveryCodes(self)
    }
}

impl RecoveryCodes<'_> {
    /// Replaces the codes of an account, given by their hashes.
    pub async fn replace(
        &mut self,
        account: AccountId,
        codes: &[Vec<u8>],
    ) -> Result<(), Error> {
        let sql = "DELETE FROM recovery_codes WHERE account_id = ?1";
        self.0.execute(sql, &[account.into()]).await?;
        for code in codes {
            let sql = "INSERT INTO recovery_codes (account_id, code) VALUES (?1, ?2)";
            self.0.execute(sql, &[account.into(), code.clone().into()]).await?;
        }
        Ok(())
    }

    /// Deletes a code, given by its hash. Returns whether it was there: of two requests with the same
    /// code one is told so.
    pub async fn consume(&mut self, account: AccountId, code: &[u8]) -> Result<bool, Error> {
        let sql = "DELETE FROM recovery_codes WHERE account_id = ?1 AND code = ?2";
        Ok(self.0.execute(sql, &[account.into(), code.to_vec().into()]).await? > 0)
    }
}
