//! The relying party: this server, as browsers and devices know it (`WebAuthn`, level 3).
//!
//! The one file that knows the library. What it stores of a ceremony and of a passkey is text.

use data_encoding::BASE64URL_NOPAD;
use hallpass_domain::account::Account;
use serde_json::{Value, json};
use tracing::warn;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::error::Error;

/// The name that devices show beside the address.
const NAME: &str = "Hallpass";

/// A server for which browsers make passkeys.
pub struct RelyingParty {
    library: Webauthn,
    /// The host that passkeys are for.
    id: String,
}

/// A passkey whose answer was verified.
pub(crate) struct Verified {
    /// The id that its device gave it.
    pub(crate) id: Vec<u8>,
    /// The public key, its counter and flags, as they are now.
    pub(crate) credential: String,
}

impl RelyingParty {
    /// The relying party at the address of a server. None where browsers make no passkeys: for an
    /// address without a host name.
    pub(crate) fn at(base_url: &str) -> Option<RelyingParty> {
        let origin = Url::parse(base_url).ok()?;
        let host = origin.domain()?.to_owned();
        let builder = WebauthnBuilder::new(&host, &origin).ok()?;
        let library = builder.rp_name(NAME).build().ok()?;
        Some(RelyingParty { library, id: host })
    }

    /// Which passkeys of an account count, as `signalAllAcceptedCredentials` takes it.
    pub(crate) fn accepted<'p>(
        &self,
        account: Uuid,
        known: impl Iterator<Item = &'p [u8]>,
    ) -> Value {
        let known: Vec<String> = known.map(|id| BASE64URL_NOPAD.encode(id)).collect();
        json!({
            "rpId": self.id,
            "userId": BASE64URL_NOPAD.encode(account.as_bytes()),
            "allAcceptedCredentialIds": known,
        })
    }

    /// Makes the options of a registration, and what is to be stored of it.
    pub(crate) fn begin_registration(
        &self,
        account: &Account,
        known: Vec<CredentialID>,
    ) -> Result<(Value, String), Error> {
        let (email, name) = (account.email.as_str(), account.name());
        let begun =
            self.library.start_passkey_registration(account.id.0, email, &name, Some(known));
        let (options, state) = begun.map_err(broken)?;
        let mut options = public_key(&options)?;
        // A passkey that its device lists signs in without an address.
        if let Some(selection) = options.get_mut("authenticatorSelection") {
            merge(
                selection,
                &[("residentKey", "required".into()), ("requireResidentKey", true.into())],
            );
        }
        Ok((options, text(&state)?))
    }

    /// Verifies the answer to a registration.
    pub(crate) fn finish_registration(&self, state: &str, answer: &Value) -> Option<Verified> {
        credential_id(answer)?;
        let state: PasskeyRegistration = serde_json::from_str(state).ok()?;
        let answer: RegisterPublicKeyCredential =
            serde_json::from_value(answer.clone()).ok()?;
        let passkey =
            self.library.finish_passkey_registration(&answer, &state).map_err(refused).ok()?;
        Verified::of(&passkey)
    }

    /// Makes the options of a sign-in by whichever passkey the browser has, and what is to be stored of
    /// it.
    pub(crate) fn begin_sign_in(&self) -> Result<(Value, String), Error> {
        let (options, state) =
            self.library.start_discoverable_authentication().map_err(broken)?;
        Ok((public_key(&options)?, text(&state)?))
    }

    /// Verifies the answer to a sign-in: that of this user, whose device has verified them, with a
    /// counter that goes on.
    pub(crate) fn finish_sign_in(
        &self,
        state: &str,
        answer: &Value,
        user: Uuid,
        credential: &str,
    ) -> Option<Verified> {
        let state: DiscoverableAuthentication = serde_json::from_str(state).ok()?;
        let answer: PublicKeyCredential = serde_json::from_value(answer.clone()).ok()?;
        let mut passkey: Passkey = serde_json::from_str(credential).ok()?;
        if answer.get_user_unique_id()? != user.as_bytes().as_slice() {
            return None;
        }
        let verified = self
            .library
            .finish_discoverable_authentication_v2(&answer, state, &passkey)
            .map_err(refused)
            .ok()?;
        if !verified.user_verified() {
            return None;
        }
        passkey.update_credential(&verified)?;
        Verified::of(&passkey)
    }
}

impl Verified {
    fn of(passkey: &Passkey) -> Option<Verified> {
        let credential = serde_json::to_string(passkey).ok()?;
        Some(Verified { id: passkey.cred_id().clone(), credential })
    }
}

/// The id of the passkey that an answer is of; none for what is no answer. Each part is an object: the
/// library would read a list in its place.
pub(crate) fn credential_id(answer: &Value) -> Option<Vec<u8>> {
    let parts = [Some(answer), answer.get("response"), answer.get("clientExtensionResults")];
    if !parts.into_iter().flatten().all(Value::is_object) {
        return None;
    }
    let id = answer.get("rawId")?.as_str()?;
    BASE64URL_NOPAD.decode(id.as_bytes()).ok()
}

/// The part of options that a browser parses.
fn public_key(options: &impl serde::Serialize) -> Result<Value, Error> {
    let options = serde_json::to_value(options).map_err(unwritten)?;
    options
        .get("publicKey")
        .cloned()
        .ok_or_else(|| Error::broken("options without a public key"))
}

fn merge(object: &mut Value, fields: &[(&str, Value)]) {
    if let Some(object) = object.as_object_mut() {
        for (key, value) in fields {
            object.insert((*key).to_owned(), value.clone());
        }
    }
}

fn text(state: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(state).map_err(unwritten)
}

#[expect(clippy::needless_pass_by_value, reason = "it maps an error")]
fn unwritten(error: serde_json::Error) -> Error {
    Error::broken(format!("cannot write a passkey: {error}"))
}

#[expect(clippy::needless_pass_by_value, reason = "it maps an error")]
fn broken(error: WebauthnError) -> Error {
    Error::broken(format!("cannot begin a passkey's ceremony: {error}"))
}

/// Logs why an answer was refused: a counter that goes back may be a copy of the passkey.
fn refused(error: WebauthnError) -> WebauthnError {
    warn!(error.message = %error, "refused the answer of a passkey: {error}");
    error
}

#[cfg(test)]
mod tests;
