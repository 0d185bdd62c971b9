//! Signing in by a passkey, which counts as both factors: its device verifies the person.

use hallpass_domain::account::Account;
use hallpass_domain::passkey::CEREMONY;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::authentication::{Authentications, Method};
use hallpass_store::Tx;
use serde_json::Value;

use super::{Ceremony, Passkeys};
use crate::boxed;
use crate::error::Error;
use crate::origin::Origin;
use crate::passkey::relying_party::credential_id;
use crate::principal::Principal;
use crate::secret::Token;
use crate::session::{Attempt, Sessions};

impl Passkeys<'_> {
    /// Makes the options with which a browser offers the passkeys that it has. `NoPasskeys`.
    #[boxed]
    pub async fn begin_sign_in(&self) -> Result<Ceremony, Error> {
        let party = self.0.relying_party()?;
        let (options, state) = party.begin_sign_in()?;
        let mut tx = self.0.db().write().await?;
        let token = Token::new(self.0.random());
        let until = self.0.now() + CEREMONY;
        tx.passkey_ceremonies().insert(&token.hash(), None, &state, until).await?;
        tx.commit().await?;
        Ok(Ceremony { token, options })
    }

    /// Signs in by the answer of a passkey, in a new session.
    ///
    /// # Errors
    ///
    /// `Fields` for what is no answer; `BadPasskey` does not say what is wrong; `TooMany` after several failures.
    #[boxed]
    pub async fn sign_in(
        &self,
        ceremony: &Token,
        credential: &Value,
        origin: &Origin,
    ) -> Result<(Account, Token), Error> {
        let (mut tx, account, attempt) = self.verify(ceremony, credential, origin).await?;
        let proven = Authentications::of(Method::Passkey, self.0.now());
        let counted = (Some(&attempt), origin);
        let token = self.0.sessions().complete(&mut tx, &account, proven, counted).await?;
        tx.commit().await?;
        Ok((account, token))
    }

    /// Authenticates the person of a session again, by a passkey of the session's account. Returns the
    /// new token of the session.
    ///
    /// # Errors
    ///
    /// Those of [`sign_in`](Passkeys::sign_in); `BadPasskey` for that of another account.
    #[boxed]
    pub async fn reauthenticate(
        &self,
        principal: &Principal,
        ceremony: &Token,
        credential: &Value,
        origin: &Origin,
    ) -> Result<(Account, Token), Error> {
        let own = principal.person()?;
        let (mut tx, account, attempt) = self.verify(ceremony, credential, origin).await?;
        if account.id != own {
            return Err(Refusal::BadPasskey.into());
        }
        Sessions::settle(&mut tx, &account, &attempt, origin).await?;
        let token = self.0.sessions().elevate(&mut tx, principal, Method::Passkey).await?;
        tx.commit().await?;
        Ok((account, token))
    }

    /// Verifies the answer of a passkey; returns its account, and the attempt as it was counted.
    async fn verify(
        &self,
        ceremony: &Token,
        credential: &Value,
        origin: &Origin,
    ) -> Result<(Tx, Account, Attempt), Error> {
        let bad = || Error::Refused(Refusal::BadPasskey);
        let party = self.0.relying_party()?;
        let id = credential_id(credential).ok_or_else(no_answer)?;
        let state = self.take_ceremony(ceremony).await?.ok_or_else(bad)?;
        let account = self.find_account(&id).await?.ok_or_else(bad)?;
        let attempt = self.0.sessions().begin_attempt(&account.email, origin).await?;
        let mut tx = self.0.db().write().await?;
        let passkey = tx.passkeys().find_for_update(&id).await?.ok_or_else(bad)?;
        if passkey.account != account.id {
            return Err(bad());
        }
        let user = account.id.0;
        let verified = party.finish_sign_in(&state, credential, user, &passkey.credential);
        let verified = verified.ok_or_else(bad)?;
        tx.passkeys().update_use(passkey.id, &verified.credential, self.0.now()).await?;
        Ok((tx, account, attempt))
    }

    /// Whether an answer is of a passkey that an account has.
    #[boxed]
    pub async fn is_known(&self, credential: &Value) -> Result<bool, Error> {
        let Some(id) = credential_id(credential) else { return Ok(false) };
        Ok(self.find_account(&id).await?.is_some())
    }

    /// Takes the ceremony of a sign-in, so that its challenge counts once, whatever the answer is.
    async fn take_ceremony(&self, ceremony: &Token) -> Result<Option<String>, Error> {
        let mut tx = self.0.db().write().await?;
        let now = self.0.now();
        let taken = tx.passkey_ceremonies().consume(&ceremony.hash(), now).await?;
        tx.commit().await?;
        // That of a registration is of an account.
        Ok(taken.filter(|(account, _)| account.is_none()).map(|(_, state)| state))
    }

    async fn find_account(&self, credential_id: &[u8]) -> Result<Option<Account>, Error> {
        let mut tx = self.0.db().read().await?;
        let found = tx.passkeys().find(credential_id).await?;
        let Some(passkey) = found else { return Ok(None) };
        Ok(tx.accounts().find(passkey.account).await?)
    }
}

fn no_answer() -> Error {
    let detail = "expected what `PublicKeyCredential.toJSON` returns";
    Refusal::field("/credential", "bad_passkey", detail).into()
}
