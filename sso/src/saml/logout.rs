//! Single logout that the provider starts: its request, and our answer.

use jiff::Timestamp;
use roxmltree::Node;
use url::Url;

use super::assertion::{check_issuer, expect_version, read_name_id, subject_of};
use super::binding::{self, Message};
use super::certificate::Certificate;
use super::key::PrivateKey;
use super::metadata::IdentityProvider;
use super::service::{Service, escape};
use super::{namespace, signature, time};
use crate::Refusal;
use crate::xml;

/// Who may send logout requests to a connection.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// The entity id of the provider.
    pub issuer: &'a str,
    /// The keys of the provider.
    pub keys: &'a [Certificate],
    /// Our entity id.
    pub audience: &'a str,
    /// Where logout requests to this connection are delivered.
    pub destination: &'a str,
    /// The time.
    pub now: Timestamp,
}

/// A request to end sessions, whose signature was good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutRequest {
    /// Its id, which the answer repeats.
    pub id: String,
    /// Whose sessions, as in [`Identity::subject`](crate::Identity::subject).
    pub subject: String,
    /// Which ones, as in [`Identity::session`](crate::Identity::session). None means all.
    pub sessions: Vec<String>,
    /// To return with the answer.
    pub relay_state: Option<String>,
}

/// Reads a request of the Redirect binding from the query as it was received.
pub fn read_redirected_logout(
    query: &str,
    sender: &Sender<'_>,
) -> Result<LogoutRequest, Refusal> {
    let received = binding::decode_redirect(query, sender.keys)?;
    let document = xml::parse(&received.xml)?;
    let request = document.root_element();
    let signatures =
        document.descendants().filter(|node| node.tag_name().name() == "Signature").count();
    if signatures > 0 {
        return Err(Refusal::structure("the redirect binding signs the query alone"));
    }
    read(request, sender, received.relay_state)
}

/// Reads a request of the POST binding, which is signed inside.
pub fn read_posted_logout(
    saml_request: &str,
    relay_state: Option<&str>,
    sender: &Sender<'_>,
) -> Result<LogoutRequest, Refusal> {
    let text = binding::decode_post(saml_request)?;
    let document = xml::parse(&text)?;
    let request = document.root_element();
    let signature = signature::find(request)?.ok_or(Refusal::Unsigned)?;
    let verified = signature::verify(signature, sender.keys)?;
    let signatures =
        document.descendants().filter(|node| node.tag_name().name() == "Signature").count();
    if signatures != 1 {
        return Err(Refusal::structure("`Signature` where it may not be"));
    }
    read(verified.node(), sender, relay_state.map(ToOwned::to_owned))
}

fn read(
    request: Node<'_, '_>,
    sender: &Sender<'_>,
    relay_state: Option<String>,
) -> Result<LogoutRequest, Refusal> {
    xml::expect(request, namespace::PROTOCOL, "LogoutRequest")?;
    expect_version(request)?;
    let id = xml::attribute(request, "ID")?;
    check_issuer(xml::only_child(request, namespace::ASSERTION, "Issuer")?, sender.issuer)?;
    if xml::attribute(request, "Destination")? != sender.destination {
        return Err(Refusal::Destination);
    }
    time::check_recent(time::parse(xml::attribute(request, "IssueInstant")?)?, sender.now)?;
    if let Some(end) = xml::optional_attribute(request, "NotOnOrAfter") {
        time::check_not_over(time::parse(end)?, sender.now)?;
    }
    let name_id = xml::only_child(request, namespace::ASSERTION, "NameID")?;
    let (format, value) = read_name_id(name_id, sender.issuer, sender.audience)?;
    let mut sessions = Vec::new();
    for child in xml::elements(request)? {
        if xml::is(child, namespace::PROTOCOL, "SessionIndex") {
            sessions.push(xml::text(child)?.to_owned());
        }
    }
    Ok(LogoutRequest {
        id: id.to_owned(),
        subject: subject_of(format, value),
        sessions,
        relay_state,
    })
}

/// The address to send the browser back to, with the answer that the sessions have ended. `None` if
/// the provider has not said where.
pub fn answer_logout(
    request: &LogoutRequest,
    id: &str,
    provider: &IdentityProvider,
    service: &Service<'_>,
    key: &PrivateKey,
    now: Timestamp,
) -> Result<Option<Url>, Refusal> {
    let Some(location) = provider.logout_url() else { return Ok(None) };
    let xml = format!(
        "<samlp:LogoutResponse xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
         IssueInstant=\"{now}\" Destination=\"{destination}\" InResponseTo=\"{request}\">\
         <saml:Issuer>{issuer}</saml:Issuer><samlp:Status>\
         <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>\
         </samlp:Status></samlp:LogoutResponse>",
        id = escape(id),
        now = now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        destination = escape(location),
        request = escape(&request.id),
        issuer = escape(service.entity_id),
    );
    let relay_state = request.relay_state.as_deref();
    binding::redirect(location, Message::Response, &xml, relay_state, key).map(Some)
}
