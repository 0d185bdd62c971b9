//! Passkeys: register, list, rename, delete.

pub mod relying_party;
pub mod sign_in;

use hallpass_domain::id::PasskeyId;
use hallpass_domain::mail_template::FactorChange;
use hallpass_domain::name::Name;
use hallpass_domain::passkey::{CEREMONY, MOST, Passkey};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::authentication::Method;
use serde_json::Value;

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::factor::Added;
use crate::principal::Principal;
use crate::secret::Token;

/// What a device is asked, and the token with which its answer is sent.
pub struct Ceremony {
    /// The token; it counts once.
    pub token: Token,
    /// The options, as `PublicKeyCredential` parses them from JSON.
    pub options: Value,
}

/// The passkeys of accounts.
pub struct Passkeys<'a>(pub(crate) &'a App);

impl Passkeys<'_> {
    /// Lists the passkeys of the principal's account, the oldest first.
    #[boxed]
    pub async fn list(&self, principal: &Principal) -> Result<Vec<Passkey>, Error> {
        Ok(self.0.db().read().await?.passkeys().list(principal.holder()?).await?)
    }

    /// Returns which passkeys of the principal's account count, for browsers to forget the others. None
    /// where there are no passkeys.
    #[boxed]
    pub async fn accepted(&self, principal: &Principal) -> Result<Option<Value>, Error> {
        let Ok(party) = self.0.relying_party() else { return Ok(None) };
        let known = self.list(principal).await?;
        let ids = known.iter().map(|passkey| passkey.credential_id.as_slice());
        Ok(Some(party.accepted(principal.person()?.0, ids)))
    }

    /// Makes the options with which a browser makes a passkey.
    ///
    /// # Errors
    ///
    /// `NoPasskeys`; `Fields` where the account has too many; `AddressNotConfirmed`; `StepUp`.
    #[boxed]
    pub async fn begin_registration(&self, principal: &Principal) -> Result<Ceremony, Error> {
        let party = self.0.relying_party()?;
        let mut tx = self.0.db().write().await?;
        let account = self.0.factors().enter(&mut tx, principal).await?;
        let known = tx.passkeys().list(account.id).await?;
        if known.len() >= MOST {
            let detail = format!("an account has at most {MOST} passkeys; delete one first");
            return Err(Refusal::field("", "too_many", detail).into());
        }
        let known = known.into_iter().map(|passkey| passkey.credential_id).collect();
        let (options, state) = party.begin_registration(&account, known)?;
        let token = Token::new(self.0.random());
        let until = self.0.now() + CEREMONY;
        tx.passkey_ceremonies().insert(&token.hash(), Some(account.id), &state, until).await?;
        principal.commit(tx).await?;
        Ok(Ceremony { token, options })
    }

    /// Registers the passkey that a browser has made. From then on no password alone signs in. The
    /// session goes on with another token.
    ///
    /// # Errors
    ///
    /// `Fields` for a ceremony that is unknown, over or of another account, and for a passkey that does
    /// not answer it; `StepUp`.
    #[boxed]
    pub async fn register(
        &self,
        principal: &Principal,
        ceremony: &Token,
        credential: &Value,
        name: &str,
    ) -> Result<(Passkey, Added), Error> {
        let party = self.0.relying_party()?;
        let name = Name::parse(name)
            .map_err(|why| Refusal::field("/name", "bad_name", why.to_string()))?;
        let (mut tx, now) = (self.0.db().write().await?, self.0.now());
        let account = self.0.factors().enter(&mut tx, principal).await?;
        let taken = tx.passkey_ceremonies().consume(&ceremony.hash(), now).await?;
        let state = taken.filter(|(owner, _)| *owner == Some(account.id));
        let (_, state) = state.ok_or_else(bad_ceremony)?;
        let verified = party.finish_registration(&state, credential).ok_or_else(no_answer)?;
        let passkey = Passkey {
            id: self.0.id(),
            account: account.id,
            credential_id: verified.id,
            name,
            credential: verified.credential,
            created_at: now,
            used_at: None,
        };
        let inserted = tx.passkeys().insert(&passkey).await;
        inserted.map_err(|error| Error::on_conflict(error, no_answer()))?;
        let recovery_codes = self.0.recovery_codes().first(&mut tx, account.id).await?;
        let change = (FactorChange::PasskeyAdded, Some(passkey.name.as_str()));
        self.0.factors().changed(&mut tx, principal, &account, change).await?;
        let session = self.0.sessions().elevate(&mut tx, principal, Method::Passkey).await?;
        principal.commit(tx).await?;
        Ok((passkey, Added { session, recovery_codes }))
    }

    /// Renames a passkey of the principal's account.
    #[boxed]
    pub async fn rename(
        &self,
        principal: &Principal,
        id: PasskeyId,
        name: &str,
    ) -> Result<Passkey, Error> {
        let name = Name::parse(name)
            .map_err(|why| Refusal::field("/name", "bad_name", why.to_string()))?;
        let account = principal.holder()?;
        let mut tx = self.0.db().write().await?;
        if !tx.passkeys().rename(account, id, &name).await? {
            return Err(no_passkey());
        }
        let known = tx.passkeys().list(account).await?;
        principal.commit(tx).await?;
        known.into_iter().find(|passkey| passkey.id == id).ok_or_else(no_passkey)
    }

    /// Deletes a passkey of the principal's account. `StepUp`.
    #[boxed]
    pub async fn delete(&self, principal: &Principal, id: PasskeyId) -> Result<(), Error> {
        let mut tx = self.0.db().write().await?;
        let account = self.0.factors().enter(&mut tx, principal).await?;
        let known = tx.passkeys().list(account.id).await?;
        let passkey = known.iter().find(|passkey| passkey.id == id).ok_or_else(no_passkey)?;
        tx.passkeys().delete(account.id, id).await?;
        let change = (FactorChange::PasskeyRemoved, Some(passkey.name.as_str()));
        self.0.factors().changed(&mut tx, principal, &account, change).await?;
        principal.commit(tx).await
    }
}

fn no_passkey() -> Error {
    Error::Missing { noun: "passkey" }
}

fn bad_ceremony() -> Error {
    let detail = "the ceremony is unknown, used or over; request options again";
    Refusal::field("/ceremony", "bad_ceremony", detail).into()
}

fn no_answer() -> Refusal {
    let detail =
        "the passkey does not answer the options of this ceremony, or is registered already";
    Refusal::field("/credential", "bad_passkey", detail)
}
