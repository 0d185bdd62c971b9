//! Requests to sign in, which we send.

use jiff::Timestamp;
use url::Url;

use super::binding::{self, Message};
use super::key::PrivateKey;
use super::metadata::IdentityProvider;
use super::service::{Service, escape};
use crate::Refusal;

/// Whether the provider may answer from a session that the person has with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// It may.
    SessionIsEnough,
    /// It must authenticate the person now.
    Again,
}

/// A request to sign in.
#[derive(Clone, Copy, Debug)]
pub struct AuthnRequest<'a> {
    /// Its id, random, which begins with a letter or `_`. The response repeats it.
    pub id: &'a str,
    /// Returned with the response.
    pub relay_state: &'a str,
    /// Whether the provider may answer from a session.
    pub authentication: Authentication,
    /// The time.
    pub now: Timestamp,
}

impl AuthnRequest<'_> {
    /// The address to send the browser to.
    pub fn redirect(
        &self,
        provider: &IdentityProvider,
        service: &Service<'_>,
        key: &PrivateKey,
    ) -> Result<Url, Refusal> {
        let force = match self.authentication {
            Authentication::SessionIsEnough => "",
            Authentication::Again => " ForceAuthn=\"true\"",
        };
        let xml = format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
             IssueInstant=\"{now}\" Destination=\"{destination}\"{force} \
             AssertionConsumerServiceURL=\"{acs}\" \
             ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\">\
             <saml:Issuer>{issuer}</saml:Issuer>\
             <samlp:NameIDPolicy AllowCreate=\"true\"/></samlp:AuthnRequest>",
            id = escape(self.id),
            now = self.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            destination = escape(provider.sign_in_url()),
            acs = escape(service.consumer_url),
            issuer = escape(service.entity_id),
        );
        let relay_state = Some(self.relay_state);
        binding::redirect(provider.sign_in_url(), Message::Request, &xml, relay_state, key)
    }
}
