//! A connection in the terms of its protocol.

use hallpass_domain::connection::Provider;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use hallpass_sso::http::Network;
use hallpass_sso::oidc::Kind;
use hallpass_sso::saml::{Addresses, Certificate, IdentityProvider};

use crate::app::App;
use crate::error::Error;

/// The provider of a connection, ready for its protocol.
pub(crate) enum Protocol {
    /// OpenID Connect, with our id at the provider.
    Oidc { kind: Kind, client_id: String },
    /// SAML 2.0.
    Saml(Box<IdentityProvider>),
}

impl Protocol {
    /// What the protocol says about the settings of a provider; its mistakes are those of a field.
    pub(crate) fn new(app: &App, provider: &Provider) -> Result<Protocol, Refusal> {
        let rules = &app.rules().providers;
        let oidc = |kind: Kind, client_id: &str, pointer: &str, detail: &str| {
            kind.check().map_err(|_| Refusal::field(pointer, "bad_provider", detail))?;
            Ok(Protocol::Oidc { kind, client_id: client_id.to_owned() })
        };
        match provider {
            Provider::Google { client_id, hosted_domains } => {
                let kind = Kind::Google {
                    issuer: rules.google.clone(),
                    hosted_domains: hosted_domains.clone(),
                };
                oidc(
                    kind,
                    client_id,
                    "/hosted_domains",
                    "expected domains such as `example.com`",
                )
            }
            Provider::Microsoft { client_id, tenant } => {
                let kind = Kind::Microsoft {
                    authority: rules.microsoft.clone(),
                    tenant: tenant.clone(),
                };
                oidc(kind, client_id, "/tenant", "expected the tenant id, a UUID, not its name")
            }
            Provider::Oidc { client_id, issuer } => {
                if rules.network == Network::Public && !issuer.starts_with("https://") {
                    let detail = "expected an address that begins with `https://`";
                    return Err(Refusal::field("/issuer", "bad_provider", detail));
                }
                let detail = "expected an address such as `https://login.example.com`";
                oidc(Kind::Own { issuer: issuer.clone() }, client_id, "/issuer", detail)
            }
            Provider::Saml { entity_id, sign_in_url, logout_url, certificates } => {
                let certificates: Result<Vec<_>, _> =
                    certificates.iter().map(|text| Certificate::from_text(text)).collect();
                let certificates = certificates.map_err(bad_metadata)?;
                let logout = logout_url.as_deref();
                let provider = IdentityProvider::new(
                    entity_id,
                    sign_in_url,
                    logout,
                    certificates,
                    addresses(app),
                );
                Ok(Protocol::Saml(Box::new(provider.map_err(bad_metadata)?)))
            }
        }
    }
}

/// Reads the metadata of a SAML provider.
pub(crate) fn read_metadata(app: &App, metadata: &str) -> Result<Provider, Refusal> {
    let provider =
        IdentityProvider::from_metadata(metadata, addresses(app)).map_err(bad_metadata)?;
    Ok(Provider::Saml {
        entity_id: provider.entity_id().to_owned(),
        sign_in_url: provider.sign_in_url().to_owned(),
        logout_url: provider.logout_url().map(ToOwned::to_owned),
        certificates: provider.certificates().iter().map(Certificate::to_base64).collect(),
    })
}

/// The time in the terms of the protocols.
pub(crate) fn time(now: Timestamp) -> Result<jiff::Timestamp, Error> {
    jiff::Timestamp::from_microsecond(now.as_micros())
        .map_err(|error| Error::broken(error.to_string()))
}

fn addresses(app: &App) -> Addresses {
    match app.rules().providers.network {
        Network::Public => Addresses::Secure,
        Network::Any => Addresses::Any,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the value")]
fn bad_metadata(refusal: hallpass_sso::Refusal) -> Refusal {
    Refusal::field("/metadata", "bad_metadata", refusal.to_string())
}
