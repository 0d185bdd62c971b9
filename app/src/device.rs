//! Trusted devices: remember one after a second factor, list, revoke.

use hallpass_domain::device::Device;
use hallpass_domain::id::{AccountId, DeviceId};
use hallpass_store::Tx;

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::origin::Origin;
use crate::principal::Principal;
use crate::secret::Token;
use crate::session::client_name;

/// The trusted devices of accounts.
pub struct Devices<'a>(pub(crate) &'a App);

impl Devices<'_> {
    /// Lists the trusted devices of the principal's account, the latest first.
    #[boxed]
    pub async fn list(&self, principal: &Principal) -> Result<Vec<Device>, Error> {
        let (db, now) = (self.0.db(), self.0.now());
        let mut devices = db.read().await?.trusted_devices().list(principal.holder()?).await?;
        devices.retain(|device| device.is_trusted(now));
        Ok(devices)
    }

    /// Revokes a trusted device of the principal's account: its next sign-in needs the second factor.
    #[boxed]
    pub async fn revoke(&self, principal: &Principal, id: DeviceId) -> Result<(), Error> {
        let mut tx = self.0.db().write().await?;
        if !tx.trusted_devices().delete(principal.holder()?, id).await? {
            return Err(Error::Missing { noun: "device" });
        }
        Ok(tx.commit().await?)
    }

    /// Remembers a device on which the person of an account has just used a second factor.
    pub(crate) async fn remember(
        &self,
        tx: &mut Tx,
        account: AccountId,
        origin: &Origin,
    ) -> Result<Token, Error> {
        let (token, now) = (Token::new(self.0.random()), self.0.now());
        let client = client_name(origin);
        let device = Device { id: self.0.id(), account, client, created_at: now, seen_at: now };
        tx.trusted_devices().insert(&token.hash(), &device).await?;
        Ok(token)
    }

    /// Whether a token is of a trusted device of an account; its use is recorded.
    pub(crate) async fn recognize(
        &self,
        tx: &mut Tx,
        account: AccountId,
        token: &Token,
    ) -> Result<bool, Error> {
        let now = self.0.now();
        let found = tx.trusted_devices().find(account, &token.hash()).await?;
        let is_trusted = found.is_some_and(|device| device.is_trusted(now));
        if is_trusted {
            tx.trusted_devices().update_seen_at(&token.hash(), now).await?;
        }
        Ok(is_trusted)
    }
}
