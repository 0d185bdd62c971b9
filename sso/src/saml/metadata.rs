//! The metadata of an identity provider, as its administrator exports it.

use roxmltree::Node;
use url::Url;

use super::certificate::Certificate;
use super::namespace;
use crate::Refusal;
use crate::xml;

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const MOST_KEYS: usize = 8;

/// An identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProvider {
    entity_id: String,
    sign_in_url: String,
    logout_url: Option<String>,
    certificates: Vec<Certificate>,
}

/// Which addresses a provider may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addresses {
    /// Only `https`.
    Secure,
    /// Also `http`: for tests and development.
    Any,
}

impl IdentityProvider {
    /// Reads an `EntityDescriptor`.
    pub fn from_metadata(
        text: &str,
        addresses: Addresses,
    ) -> Result<IdentityProvider, Refusal> {
        let text = text.trim_start_matches('\u{feff}').trim();
        let document = xml::parse_metadata(text)?;
        let entity = document.root_element();
        xml::expect(entity, namespace::METADATA, "EntityDescriptor")?;
        let entity_id = xml::attribute(entity, "entityID")?;
        let mut roles = children(entity, namespace::METADATA, "IDPSSODescriptor");
        let (Some(role), None) = (roles.next(), roles.next()) else {
            return Err(Refusal::structure("metadata without exactly one identity provider"));
        };
        let protocols = xml::attribute(role, "protocolSupportEnumeration")?;
        if !protocols.split_ascii_whitespace().any(|name| name == namespace::PROTOCOL) {
            return Err(Refusal::structure("metadata of another protocol than SAML 2.0"));
        }
        let sign_in = location(role, "SingleSignOnService").ok_or_else(|| {
            Refusal::structure("metadata without `SingleSignOnService` by HTTP Redirect")
        })?;
        let logout = location(role, "SingleLogoutService");
        IdentityProvider::new(entity_id, sign_in, logout, certificates(role)?, addresses)
    }

    /// A provider whose parts were entered by hand, or stored.
    pub fn new(
        entity_id: &str,
        sign_in_url: &str,
        logout_url: Option<&str>,
        certificates: Vec<Certificate>,
        addresses: Addresses,
    ) -> Result<IdentityProvider, Refusal> {
        let is_name =
            |name: &str| !name.is_empty() && name.len() <= 1024 && name.trim() == name;
        if !is_name(entity_id) {
            return Err(Refusal::structure("no entity id"));
        }
        if certificates.is_empty() || certificates.len() > MOST_KEYS {
            return Err(Refusal::structure("no signing certificate, or too many"));
        }
        Ok(IdentityProvider {
            entity_id: entity_id.to_owned(),
            sign_in_url: check_url(sign_in_url, addresses)?,
            logout_url: logout_url.map(|url| check_url(url, addresses)).transpose()?,
            certificates,
        })
    }

    /// Its name: the issuer of its assertions.
    #[must_use]
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// Where to send requests, by HTTP Redirect.
    #[must_use]
    pub fn sign_in_url(&self) -> &str {
        &self.sign_in_url
    }

    /// Where to send answers to logout requests, by HTTP Redirect.
    #[must_use]
    pub fn logout_url(&self) -> Option<&str> {
        self.logout_url.as_deref()
    }

    /// The keys that sign: more than one while the provider changes them.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }
}

fn children<'a, 'i: 'a>(
    parent: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    parent.children().filter(move |child| xml::is(*child, namespace, name))
}

fn location<'a>(role: Node<'a, '_>, name: &'static str) -> Option<&'a str> {
    children(role, namespace::METADATA, name)
        .find(|service| xml::optional_attribute(*service, "Binding") == Some(REDIRECT))
        .and_then(|service| xml::optional_attribute(service, "Location"))
}

fn certificates(role: Node<'_, '_>) -> Result<Vec<Certificate>, Refusal> {
    let mut found: Vec<Certificate> = Vec::new();
    for descriptor in children(role, namespace::METADATA, "KeyDescriptor") {
        if xml::optional_attribute(descriptor, "use")
            .is_some_and(|purpose| purpose != "signing")
        {
            continue;
        }
        for node in descriptor.descendants() {
            if xml::is(node, namespace::SIGNATURE, "X509Certificate") {
                let certificate = Certificate::from_text(xml::text(node)?)?;
                if !found.contains(&certificate) {
                    found.push(certificate);
                }
            }
        }
    }
    Ok(found)
}

fn check_url(url: &str, addresses: Addresses) -> Result<String, Refusal> {
    let parsed = Url::parse(url).map_err(Refusal::malformed)?;
    let is_accepted = match parsed.scheme() {
        "https" => true,
        "http" => addresses == Addresses::Any,
        _ => false,
    };
    let is_plain = parsed.username().is_empty() && parsed.password().is_none();
    if is_accepted && is_plain && parsed.fragment().is_none() {
        return Ok(parsed.into());
    }
    Err(Refusal::structure("an address that is not `https`"))
}
