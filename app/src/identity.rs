//! People whom identity providers know: the ways in of an address, and logout at the provider.

use hallpass_domain::connection::group::CLAIM;
use hallpass_domain::email::Email;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use hallpass_sso::oidc::{Client, read_logout_token};
use hallpass_sso::saml::{
    LogoutRequest, PrivateKey, Sender, Service, answer_logout, read_posted_logout,
    read_redirected_logout,
};
pub use hallpass_store::proven_domain::WayIn;
use serde::{Deserialize, Serialize};
use tracing::info;

use crate::app::App;
use crate::boxed;
use crate::connection;
use crate::connection::address::{ConnectionRef, ConnectionUrls};
use crate::connection::protocol::{self, Protocol};
use crate::error::Error;
use crate::sign_on_request::discovery::{Undiscovered, discover};
use crate::sign_on_request::known::Known;

pub mod own;

/// What an identity provider has said about a person, after everything was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    /// Whether the provider does not deny that it has verified the address.
    pub(crate) email_verified: bool,
    pub(crate) name: Option<String>,
    pub(crate) hosted_domain: Option<String>,
    pub(crate) has_second_factor: bool,
    pub(crate) session: Option<String>,
    /// When the provider has authenticated the person, in microseconds, if it says so.
    pub(crate) authenticated_at: Option<i64>,
    pub(crate) groups: Vec<String>,
    /// Whether the provider has left groups out.
    pub(crate) has_more_groups: bool,
    pub(crate) claims: Vec<(String, Vec<String>)>,
}

impl Person {
    pub(crate) fn of(identity: hallpass_sso::Identity, is_verified: bool) -> Person {
        Person {
            issuer: identity.issuer,
            subject: identity.subject,
            email: identity.email,
            email_verified: is_verified,
            name: identity.name,
            hosted_domain: identity.hosted_domain,
            has_second_factor: identity.has_second_factor,
            session: identity.session,
            authenticated_at: identity.authenticated_at.map(jiff::Timestamp::as_microsecond),
            groups: identity.groups,
            has_more_groups: identity.has_more_groups,
            claims: identity.claims.into_iter().collect(),
        }
    }

    /// The groups in a claim. Those of the usual one are found by its usual names.
    pub(crate) fn groups(&self, claim: &str) -> &[String] {
        if claim == CLAIM {
            return &self.groups;
        }
        let found = self.claims.iter().find(|(name, _)| name == claim);
        found.map(|(_, values)| values.as_slice()).unwrap_or_default()
    }

    /// The address, if it is one.
    pub(crate) fn address(&self) -> Option<Email> {
        Email::parse(self.email.as_deref()?).ok()
    }
}

/// A logout message of SAML.
#[derive(Clone, Copy, Debug)]
pub enum LogoutMessage<'m> {
    /// By HTTP Redirect: the query as it was received.
    Redirected(&'m str),
    /// By HTTP POST.
    Posted {
        /// `SAMLRequest`
        request: &'m str,
        /// `RelayState`
        relay_state: Option<&'m str>,
    },
}

/// The people of every workspace.
pub struct Identities<'a>(pub(crate) &'a App);

impl Identities<'_> {
    /// The connections that the people of an address's domain sign in by. It depends on the domain
    /// only: an address without an account has the same.
    #[boxed]
    pub async fn ways_in(&self, email: &str) -> Result<Vec<WayIn>, Error> {
        let Ok(email) = Email::parse(email) else { return Ok(Vec::new()) };
        let mut tx = self.0.db().read().await?;
        Ok(tx.list_ways_in(email.domain()).await?)
    }

    /// Our metadata of SAML, for the provider; `Missing` where the connection is of another protocol.
    #[boxed]
    pub async fn metadata(&self, of: ConnectionRef) -> Result<String, Error> {
        let known = Known::load(self.0, of).await?;
        let certificate = known.keys.certificate.as_deref();
        let certificate = certificate.ok_or(Error::Missing { noun: "connection" })?;
        Ok(service(&known.urls, certificate).metadata())
    }

    /// Ends the sessions that a logout token of OpenID Connect names.
    ///
    /// # Errors
    ///
    /// `BadSignature` for anything that the provider did not sign for this connection and now.
    #[boxed]
    pub async fn log_out_by_token(&self, of: ConnectionRef, token: &str) -> Result<(), Error> {
        let known = Known::load(self.0, of).await?;
        let Protocol::Oidc { kind, client_id } =
            Protocol::new(self.0, &known.connection.provider)?
        else {
            return Err(Error::Missing { noun: "connection" });
        };
        let provider = discover(self.0, &kind.issuer()).await.map_err(|error| match error {
            Undiscovered::Refused(refusal) => forged(of, &refusal),
            Undiscovered::Failed(error) => error,
        })?;
        let client = Client {
            kind: &kind,
            id: &client_id,
            secret: "",
            redirect_url: &known.urls.callback,
        };
        let now = protocol::time(self.0.now())?;
        let logout = read_logout_token(&provider, &client, token, now);
        let logout = logout.map_err(|refusal| forged(of, &refusal))?;
        let until = Timestamp::from_micros(logout.once.until.as_microsecond());
        let sessions: Vec<String> = logout.session.into_iter().collect();
        self.end(of, Some((&logout.once.id, until)), logout.subject.as_deref(), &sessions).await
    }

    /// Ends the sessions that began with a session at the provider, which only it and the browser
    /// know: front-channel logout of OpenID Connect. Returns the origin of the provider, whose page has the
    /// answer in a frame. No cookie of the browser is asked for: there it has none.
    #[boxed]
    pub async fn log_out_by_session(
        &self,
        of: ConnectionRef,
        issuer: &str,
        session: &str,
    ) -> Result<Option<String>, Error> {
        let known = Known::load(self.0, of).await?;
        let Protocol::Oidc { kind, .. } = Protocol::new(self.0, &known.connection.provider)?
        else {
            return Err(Error::Missing { noun: "connection" });
        };
        if issuer != kind.issuer() || session.is_empty() {
            return Err(Refusal::BadSignature.into());
        }
        self.end(of, None, None, &[session.to_owned()]).await?;
        Ok(kind.origin())
    }

    /// Ends the sessions that a logout request of SAML names. Returns where the browser goes on to,
    /// if the provider has said where it expects the answer.
    ///
    /// # Errors
    ///
    /// `BadSignature` for anything that the provider did not sign for this connection and now.
    #[boxed]
    pub async fn log_out_by_message<'m>(
        &'m self,
        of: ConnectionRef,
        message: LogoutMessage<'m>,
    ) -> Result<Option<String>, Error> {
        let known = Known::load(self.0, of).await?;
        let Protocol::Saml(provider) = Protocol::new(self.0, &known.connection.provider)?
        else {
            return Err(Error::Missing { noun: "connection" });
        };
        let now = protocol::time(self.0.now())?;
        let sender = Sender {
            issuer: provider.entity_id(),
            keys: provider.certificates(),
            audience: &known.urls.metadata,
            destination: &known.urls.logout,
            now,
        };
        let request: LogoutRequest = match message {
            LogoutMessage::Redirected(query) => read_redirected_logout(query, &sender),
            LogoutMessage::Posted { request, relay_state } => {
                read_posted_logout(request, relay_state, &sender)
            }
        }
        .map_err(|refusal| forged(of, &refusal))?;
        self.end(of, None, Some(&request.subject), &request.sessions).await?;
        let (Some(certificate), Some(secret)) = (&known.keys.certificate, &known.keys.secret)
        else {
            return Ok(None);
        };
        let key = connection::open(self.0, of.connection, secret.expose())?;
        let broken = |refusal: hallpass_sso::Refusal| Error::broken(refusal.to_string());
        let key = PrivateKey::from_pkcs8(&key).map_err(broken)?;
        let id = format!("_{}", self.0.id::<uuid::Uuid>().as_simple());
        let service = service(&known.urls, certificate);
        let url = answer_logout(&request, &id, &provider, &service, &key, now);
        Ok(url.map_err(broken)?.map(String::from))
    }

    /// Ends the sessions of a person, or those that began with sessions at the provider. A message
    /// that was used before ends nothing again.
    async fn end(
        &self,
        of: ConnectionRef,
        once: Option<(&str, Timestamp)>,
        subject: Option<&str>,
        sessions: &[String],
    ) -> Result<(), Error> {
        let missing = || Error::Missing { noun: "connection" };
        let tx = self.0.db().write_in(of.workspace.0).await?;
        let mut tx = tx.ok_or_else(missing)?;
        if let Some((id, until)) = once
            && !tx.identities().use_once(of.connection, id, until).await?
        {
            return Err(Refusal::BadSignature.into());
        }
        let ended = tx.identities().take_sessions(of.connection, subject, sessions).await?;
        for (account, session) in &ended {
            tx.global().sessions().delete(*account, *session).await?;
        }
        tx.commit().await?;
        info!(connection.id = %of.connection, "ended {} sessions by {}", ended.len(), of.connection);
        Ok(())
    }
}

/// Our side of a SAML connection.
pub(crate) fn service<'s>(urls: &'s ConnectionUrls, certificate: &'s [u8]) -> Service<'s> {
    Service {
        entity_id: &urls.metadata,
        consumer_url: &urls.consumer,
        logout_url: &urls.logout,
        certificate,
    }
}

/// A logout message that is not accepted; the reason is for the log.
fn forged(of: ConnectionRef, refusal: &hallpass_sso::Refusal) -> Error {
    info!(connection.id = %of.connection, "refused a logout at {}: {refusal}", of.connection);
    Refusal::BadSignature.into()
}
