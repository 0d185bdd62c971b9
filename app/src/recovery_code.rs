//! Recovery codes: make ten of them, and accept each once.

use hallpass_domain::id::AccountId;
use hallpass_domain::mail_template::FactorChange;
use hallpass_domain::recovery_code::{COUNT, LENGTH, RecoveryCode};
use hallpass_domain::refusal::Refusal;
use hallpass_store::Tx;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::principal::Principal;

/// The recovery codes of accounts.
pub struct RecoveryCodes<'a>(pub(crate) &'a App);

impl RecoveryCodes<'_> {
    /// Makes ten codes in place of those that the account has, and returns them this once.
    ///
    /// # Errors
    ///
    /// `NoSecondFactor` where there is nothing to recover; `StepUp`.
    #[boxed]
    pub async fn replace(&self, principal: &Principal) -> Result<Vec<RecoveryCode>, Error> {
        let mut tx = self.0.db().write().await?;
        let factors = self.0.factors();
        let account = factors.enter(&mut tx, principal).await?;
        if !tx.factors().load(account.id).await?.is_enabled() {
            return Err(Refusal::NoSecondFactor.into());
        }
        let codes = self.make(&mut tx, account.id).await?;
        factors.notify(&mut tx, &account, FactorChange::CodesReplaced, None).await?;
        principal.commit(tx).await?;
        Ok(codes)
    }

    /// Makes the codes of an account whose first factor was added; nothing where it has codes.
    pub(crate) async fn first(
        &self,
        tx: &mut Tx,
        account: AccountId,
    ) -> Result<Vec<RecoveryCode>, Error> {
        if tx.factors().load(account).await?.recovery_codes > 0 {
            return Ok(Vec::new());
        }
        self.make(tx, account).await
    }

    /// Accepts a code for the one time that it counts.
    pub(crate) async fn accept(
        &self,
        tx: &mut Tx,
        account: AccountId,
        code: &RecoveryCode,
    ) -> Result<bool, Error> {
        Ok(tx.recovery_codes().consume(account, &hash(account, code)).await?)
    }

    async fn make(&self, tx: &mut Tx, account: AccountId) -> Result<Vec<RecoveryCode>, Error> {
        let codes: Vec<_> = std::iter::repeat_with(|| {
            let mut bytes = [0; LENGTH];
            self.0.random().fill(&mut bytes);
            RecoveryCode::from_bytes(bytes)
        })
        .take(COUNT)
        .collect();
        let hashes: Vec<_> = codes.iter().map(|code| hash(account, code)).collect();
        tx.recovery_codes().replace(account, &hashes).await?;
        Ok(codes)
    }
}

/// The hash that is stored. Its 80 random bits cannot be found by trying, so it need not be slow; the
/// account is in it, so that no table of hashes is of use against two of them.
fn hash(account: AccountId, code: &RecoveryCode) -> Vec<u8> {
    Sha256::new()
        .chain_update(account.0.as_bytes())
        .chain_update(code.as_str())
        .finalize()
        .to_vec()
}
