//! Signing in at an identity provider: the request, and the way back.
//! Long because the way there and back has both protocols in it, and three purposes.
//!
//! **Invariant:** an answer counts once, within ten minutes, at the connection that the request was
//! for, and in the browser that has made it: the state in the answer and the secret in a cookie of the
//! browser must belong together. What a provider sends without a request is not used.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hallpass_domain::connection::Test;
use hallpass_domain::id::{AccountId, MemberId};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::policy::Missing;
use hallpass_domain::time::{Span, Timestamp};
pub use hallpass_sso::oidc::Callback;
use hallpass_sso::oidc::{self, Authorization, Client};
use hallpass_sso::saml::{self, Answer, Authentication, AuthnRequest, Expected, PrivateKey};
use hallpass_store::sign_on_request::SignOnRequest;
use sha2::{Digest, Sha256};
use tracing::info;

use crate::app::App;
use crate::boxed;
use crate::connection::address::ConnectionRef;
use crate::connection::protocol::{self, Protocol};
use crate::connection::{self, ENTITLEMENT};
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::UpdateAuthentication;
use crate::identity::{Person, service};
use crate::principal::Principal;
use crate::secret::Token;

pub(crate) mod arrival;
mod beside;
pub(crate) mod discovery;
mod group;
pub(crate) mod known;
mod purpose;

use discovery::{Undiscovered, discover, forget};
use known::Known;
pub use purpose::{Finished, Purpose, Received, Return, SamlAnswer, Started};
use purpose::{REAUTHENTICATE, missing};

/// How long a request waits for its answer.
const VALID: Span = Span::minutes(10);

/// The longest path to go on to.
const LONGEST_LANDING: usize = 1_000;

/// Requests to the identity providers of every workspace.
pub struct SignOnRequests<'a>(pub(crate) &'a App);

impl SignOnRequests<'_> {
    /// Makes a request.
    ///
    /// # Errors
    ///
    /// `Missing` for a connection that is unknown or off; `SignOnFailed` when the provider cannot be
    /// reached; for a test and to connect, those of the gate.
    #[boxed]
    pub async fn start<'p>(
        &'p self,
        of: ConnectionRef,
        purpose: Purpose<'p>,
        landing: &'p str,
    ) -> Result<Started, Error> {
        if purpose.principal().is_some_and(|principal| principal.run().is_dry()) {
            return Err(Error::DryRun);
        }
        let known = Known::load(self.0, of).await?;
        let account = self.check_purpose(of, &known, purpose).await?;
        let (state, browser) =
            (Token::of(of.workspace, self.0.random()), Token::new(self.0.random()));
        let id = format!("_{}", hex(&hash(&["request", state.expose()])));
        let sent = Sent { state: &state, browser: &browser, id: &id };
        let url = self.request_url(&known, of, sent, purpose.authentication()).await?;
        let request = SignOnRequest {
            connection: of.connection,
            browser: browser.hash(),
            purpose: purpose.word().to_owned(),
            account,
            landing: if landing.len() <= LONGEST_LANDING { landing } else { "/" }.to_owned(),
            request: id,
            answer: None,
            expires_at: self.0.now() + VALID,
        };
        let mut tx = self.0.db().write_in(of.workspace.0).await?.ok_or_else(missing)?;
        tx.sign_on_requests().insert(&state.hash(), &request).await?;
        tx.commit().await?;
        Ok(Started { url, browser, name: known.connection.name })
    }

    /// Verifies what a SAML provider sends, and stores it until the browser collects it. What answers
    /// no request is not looked at.
    #[boxed]
    pub async fn receive<'m>(
        &'m self,
        of: ConnectionRef,
        answer: SamlAnswer<'m>,
    ) -> Result<Received, Error> {
        let known = Known::load(self.0, of).await?;
        let state = Token::received(answer.relay_state);
        let mut tx = self.0.db().read_in(of.workspace.0).await?.ok_or_else(missing)?;
        let request = tx.sign_on_requests().find(&state.hash(), self.0.now()).await?;
        drop(tx);
        let Some(request) = request.filter(|request| request.connection == of.connection)
        else {
            return Ok(Received::Start);
        };
        let Protocol::Saml(provider) = Protocol::new(self.0, &known.connection.provider)?
        else {
            return Err(missing());
        };
        let sealed = known.keys.secret.as_ref().ok_or_else(missing)?.expose();
        let key = connection::open(self.0, of.connection, sealed)?;
        let key = PrivateKey::from_pkcs8(&key).map_err(broken)?;
        let expected = Expected {
            issuer: provider.entity_id(),
            keys: provider.certificates(),
            audience: &known.urls.metadata,
            recipient: &known.urls.consumer,
            answer: Answer::ToRequest(&request.request),
            key: Some(&key),
            now: protocol::time(self.0.now())?,
        };
        let identity = match saml::verify(answer.response, &expected) {
            Ok(identity) => identity,
            Err(refusal) => return Err(self.fail(of, &known, &request, &refusal).await),
        };
        let once = identity.once.clone();
        let person = serde_json::to_vec(&Person::of(identity, true));
        let person = person.map_err(|error| Error::broken(error.to_string()))?;
        let person = connection::seal(self.0, of.connection, &person)?;
        let mut tx = self.0.db().write_in(of.workspace.0).await?.ok_or_else(missing)?;
        if let Some(once) = once {
            let until = Timestamp::from_micros(once.until.as_microsecond());
            if !tx.identities().use_once(of.connection, &once.id, until).await? {
                return Err(Refusal::SignOnFailed.into());
            }
        }
        if !tx.sign_on_requests().save_answer(&state.hash(), &person).await? {
            return Err(Refusal::SignOnFailed.into());
        }
        tx.commit().await?;
        Ok(Received::Collect)
    }

    /// Finishes a request in the browser that has made it.
    ///
    /// # Errors
    ///
    /// `SignOnFailed`; `SignOnTurned` when the person may not enter.
    #[boxed]
    pub async fn finish(
        &self,
        of: ConnectionRef,
        state: &str,
        back: &Return<'_>,
    ) -> Result<Finished, Error> {
        let state = Token::received(state);
        let request = self.take(of, &state, back.browser).await?;
        let known = Known::load(self.0, of).await?;
        let person = match &request.answer {
            Some(sealed) => {
                let person = connection::open(self.0, of.connection, sealed)?;
                serde_json::from_slice(&person).map_err(|e| Error::broken(e.to_string()))?
            }
            None => match self.exchange(of, &known, &state, back).await? {
                Ok(person) => person,
                Err(refusal) => return Err(self.fail(of, &known, &request, &refusal).await),
            },
        };
        let landing = request.landing.clone();
        match request.purpose.as_str() {
            "sign_in" => {
                let token = arrival::enter(self.0, of, &person, back).await?;
                Ok(Finished::SignedIn { token, landing })
            }
            "connect" => {
                let principal = check_same(&request, back)?;
                let token = beside::connect(self.0, of, &person, (principal, back)).await?;
                Ok(Finished::Connected { token, landing })
            }
            REAUTHENTICATE => {
                let principal = check_same(&request, back)?;
                if let Err(refusal) = check_again(&request, &person)? {
                    return Err(self.fail(of, &known, &request, &refusal).await);
                }
                let whose = (principal, back);
                let token = beside::reauthenticate(self.0, of, &person, whose).await?;
                Ok(Finished::Reauthenticated { token, landing })
            }
            _ => {
                check_same(&request, back)?;
                let (arrival, gives) = arrival::foresee(self.0, of, &person).await?;
                let test = Test {
                    at: self.0.now(),
                    member: self.tester(of, &request).await?,
                    failure: None,
                    arrival: Some(arrival.to_owned()),
                    gives,
                    claims: person.claims,
                };
                self.save_test(of, known.connection.version, &test).await?;
                Ok(Finished::Tested { landing })
            }
        }
    }

    /// Checks that the purpose is allowed; returns the account of the person who tests or connects.
    async fn check_purpose(
        &self,
        of: ConnectionRef,
        known: &Known,
        purpose: Purpose<'_>,
    ) -> Result<Option<AccountId>, Error> {
        let workspace = of.workspace.to_string();
        match purpose {
            Purpose::SignIn => {
                if !known.connection.is_on {
                    return Err(missing());
                }
                Ok(None)
            }
            Purpose::Test(principal) => {
                let mut ctx = self.0.enter(principal, &workspace).await?;
                ctx.check(UpdateAuthentication).await?;
                ctx.billing().check_entitlement(ENTITLEMENT).await?;
                principal.person().map(Some)
            }
            Purpose::Connect(principal) => {
                if !known.connection.is_on {
                    return Err(missing());
                }
                // It becomes a way in to the account.
                let account = principal.holder()?;
                principal.check_recent(self.0.now())?;
                check_lacks(
                    self.0.enter(principal, &workspace).await,
                    &[Missing::SingleSignOn],
                )?;
                Ok(Some(account))
            }
            Purpose::Reauthenticate(principal) => {
                if !known.connection.is_on {
                    return Err(missing());
                }
                check_lacks(self.0.enter(principal, &workspace).await, &Missing::ALL)?;
                principal.person().map(Some)
            }
        }
    }

    async fn request_url(
        &self,
        known: &Known,
        of: ConnectionRef,
        sent: Sent<'_>,
        authentication: Authentication,
    ) -> Result<String, Error> {
        let Sent { state, browser, id } = sent;
        match Protocol::new(self.0, &known.connection.provider)? {
            Protocol::Oidc { kind, client_id } => {
                let provider = match discover(self.0, &kind.issuer()).await {
                    Ok(provider) => provider,
                    Err(Undiscovered::Refused(refusal)) => return Err(log(of, &refusal)),
                    Err(Undiscovered::Failed(error)) => return Err(error),
                };
                let client = Client {
                    kind: &kind,
                    id: &client_id,
                    secret: "",
                    redirect_url: &known.urls.callback,
                };
                let authorization = authorization(state, browser.expose());
                let must_authenticate = authentication == Authentication::Again;
                let url = oidc::start(&provider, &client, &authorization, must_authenticate);
                Ok(url.map_err(|refusal| log(of, &refusal))?.into())
            }
            Protocol::Saml(provider) => {
                let (Some(certificate), Some(sealed)) =
                    (&known.keys.certificate, &known.keys.secret)
                else {
                    return Err(missing());
                };
                let key = connection::open(self.0, of.connection, sealed.expose())?;
                let key = PrivateKey::from_pkcs8(&key).map_err(broken)?;
                let request = AuthnRequest {
                    id,
                    relay_state: state.expose(),
                    authentication,
                    now: protocol::time(self.0.now())?,
                };
                let service = service(&known.urls, certificate);
                Ok(request.redirect(&provider, &service, &key).map_err(broken)?.into())
            }
        }
    }

    /// Takes a request, if the browser has made it. It is gone then, whatever follows.
    async fn take(
        &self,
        of: ConnectionRef,
        state: &Token,
        browser: &str,
    ) -> Result<SignOnRequest, Error> {
        let failed = || Error::Refused(Refusal::SignOnFailed);
        let mut tx = self.0.db().write_in(of.workspace.0).await?.ok_or_else(missing)?;
        let found = tx.sign_on_requests().find(&state.hash(), self.0.now()).await?;
        let request = found.filter(|found| found.connection == of.connection);
        let request = request.ok_or_else(failed)?;
        // Hashes are compared, so that the time says nothing about the secret.
        if Token::received(browser).hash() != request.browser {
            return Err(failed());
        }
        if !tx.sign_on_requests().delete(&state.hash()).await? {
            return Err(failed());
        }
        tx.commit().await?;
        Ok(request)
    }

    /// Exchanges the code of an answer of OpenID Connect.
    async fn exchange(
        &self,
        of: ConnectionRef,
        known: &Known,
        state: &Token,
        back: &Return<'_>,
    ) -> Result<Result<Person, hallpass_sso::Refusal>, Error> {
        let Protocol::Oidc { kind, client_id } =
            Protocol::new(self.0, &known.connection.provider)?
        else {
            return Err(Refusal::SignOnFailed.into());
        };
        let sealed = known.keys.secret.as_ref().ok_or_else(missing)?.expose();
        let secret = String::from_utf8(connection::open(self.0, of.connection, sealed)?)
            .map_err(|error| Error::broken(error.to_string()))?;
        let provider = match discover(self.0, &kind.issuer()).await {
            Ok(provider) => provider,
            Err(Undiscovered::Refused(refusal)) => return Ok(Err(refusal)),
            Err(Undiscovered::Failed(error)) => return Err(error),
        };
        let client = Client {
            kind: &kind,
            id: &client_id,
            secret: &secret,
            redirect_url: &known.urls.callback,
        };
        let authorization = authorization(state, back.browser);
        let http = self.0.provider_client()?;
        let now = protocol::time(self.0.now())?;
        let found =
            oidc::finish(&provider, &client, &authorization, back.callback, &http, now).await;
        if matches!(found, Err(hallpass_sso::Refusal::Signature)) {
            forget(self.0, &kind.issuer());
        }
        Ok(found.map(|identity| {
            let is_verified = is_verified(&known.connection.provider, &identity);
            Person::of(identity, is_verified)
        }))
    }

    async fn tester(
        &self,
        of: ConnectionRef,
        request: &SignOnRequest,
    ) -> Result<MemberId, Error> {
        let account = request.account.ok_or(Refusal::SignOnFailed)?;
        let mut tx = self.0.db().read_in(of.workspace.0).await?.ok_or_else(missing)?;
        let member = tx.members().find_by_account(account).await?;
        Ok(member.ok_or(Refusal::SignOnFailed)?.id)
    }

    async fn save_test(
        &self,
        of: ConnectionRef,
        version: i64,
        test: &Test,
    ) -> Result<(), Error> {
        let mut tx = self.0.db().write_in(of.workspace.0).await?.ok_or_else(missing)?;
        if !tx.connections().save_test((of.connection, version), test).await? {
            return Err(Refusal::Stale.into());
        }
        Ok(tx.commit().await?)
    }

    /// Logs why an answer is refused. With a test, the tester reads it too.
    async fn fail(
        &self,
        of: ConnectionRef,
        known: &Known,
        request: &SignOnRequest,
        refusal: &hallpass_sso::Refusal,
    ) -> Error {
        if request.purpose == "test"
            && let Ok(member) = self.tester(of, request).await
        {
            let test = Test {
                at: self.0.now(),
                member,
                failure: Some(refusal.to_string()),
                arrival: None,
                gives: None,
                claims: Vec::new(),
            };
            if let Err(error) = self.save_test(of, known.connection.version, &test).await {
                return error;
            }
        }
        log(of, refusal)
    }
}

/// The secrets of a request, and the id of a message of SAML.
#[derive(Clone, Copy)]
struct Sent<'s> {
    state: &'s Token,
    browser: &'s Token,
    id: &'s str,
}

/// The person who is signed in must still be the one who has started.
fn check_same<'r>(request: &SignOnRequest, back: &Return<'r>) -> Result<&'r Principal, Error> {
    let principal = back.principal.ok_or(Refusal::SignOnFailed)?;
    if request.account == Some(principal.person()?) {
        return Ok(principal);
    }
    Err(Refusal::SignOnFailed.into())
}

/// Whether the provider has authenticated the person since it was asked to.
fn check_again(
    request: &SignOnRequest,
    person: &Person,
) -> Result<Result<(), hallpass_sso::Refusal>, Error> {
    let at = person.authenticated_at.map(Timestamp::from_micros).map(protocol::time);
    let asked_at = protocol::time(request.expires_at - VALID)?;
    Ok(hallpass_sso::check_authenticated_since(at.transpose()?, asked_at))
}

/// Checks that a person may enter a workspace, but for what the session lacks and the request is for.
fn check_lacks(
    entered: Result<WorkspaceContext, Error>,
    tolerated: &[Missing],
) -> Result<(), Error> {
    match entered {
        Ok(_) => Ok(()),
        // Asked last: the person is an active member, from an address that is allowed.
        Err(Error::StepUp(missing)) if missing.iter().all(|one| tolerated.contains(one)) => {
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Whether the provider does not deny that it has verified the address.
fn is_verified(
    provider: &hallpass_domain::connection::Provider,
    identity: &hallpass_sso::Identity,
) -> bool {
    use hallpass_domain::connection::Provider;
    match provider {
        Provider::Google { .. } | Provider::Oidc { .. } => identity.email_verified,
        // Microsoft does not send the claim; the tenant's administrators give the addresses.
        Provider::Microsoft { .. } => {
            identity.email_verified || !identity.claims.contains_key("email_verified")
        }
        Provider::Saml { .. } => true,
    }
}

/// The values that tie an answer to its request. They follow from the secret of the browser, which is
/// stored there alone.
fn authorization(state: &Token, browser: &str) -> Authorization {
    let derive = |purpose: &str| BASE64_URL_SAFE_NO_PAD.encode(hash(&[purpose, browser]));
    Authorization {
        state: state.expose().to_owned(),
        nonce: derive("nonce"),
        verifier: derive("verifier"),
    }
}

fn hash(parts: &[&str]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the value")]
fn broken(refusal: hallpass_sso::Refusal) -> Error {
    Error::broken(refusal.to_string())
}

fn log(of: ConnectionRef, refusal: &hallpass_sso::Refusal) -> Error {
    info!(connection.id = %of.connection, "refused an answer at {}: {refusal}", of.connection);
    Refusal::SignOnFailed.into()
}
