//! What is special about the providers that everyone can have an account at.

use serde_json::{Map, Value};

use super::claims;
use crate::Refusal;

/// The issuer of all Google accounts.
pub const GOOGLE: &str = "https://accounts.google.com";
/// Below it, the issuers of all Microsoft tenants.
pub const MICROSOFT: &str = "https://login.microsoftonline.com";

/// Which provider it is.
///
/// Google and Microsoft sign tokens for every account in the world with the same keys, so the
/// organisation must be checked too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Google Workspace, with the domains of the organisation.
    Google {
        /// [`GOOGLE`], but in tests.
        issuer: String,
        /// At least one.
        hosted_domains: Vec<String>,
    },
    /// Microsoft 365 (Entra ID), with the id of the organisation's tenant.
    Microsoft {
        /// [`MICROSOFT`], but in tests.
        authority: String,
        /// A UUID.
        tenant: String,
    },
    /// A provider of the organisation's own.
    Own {
        /// Its issuer, exactly.
        issuer: String,
    },
}

impl Kind {
    /// The issuer, which tokens must repeat exactly.
    #[must_use]
    pub fn issuer(&self) -> String {
        match self {
            Kind::Google { issuer, .. } | Kind::Own { issuer } => issuer.clone(),
            Kind::Microsoft { authority, tenant } => {
                format!("{authority}/{}/v2.0", tenant.to_ascii_lowercase())
            }
        }
    }

    /// The origin of the issuer, whose pages people see: `https://login.example`. None where it has no address.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let origin = url::Url::parse(&self.issuer()).ok()?.origin();
        origin.is_tuple().then(|| origin.ascii_serialization())
    }

    /// Fails unless this is enough to recognise the organisation.
    pub fn check(&self) -> Result<(), Refusal> {
        let is_complete = match self {
            Kind::Google { hosted_domains, .. } => {
                !hosted_domains.is_empty()
                    && hosted_domains.iter().all(|name| name.contains('.'))
            }
            // `common` and `organizations` are all tenants.
            Kind::Microsoft { tenant, .. } => is_uuid(tenant),
            Kind::Own { issuer } => is_issuer(issuer),
        };
        if is_complete {
            return Ok(());
        }
        Err(Refusal::Provider("the organisation is not specified".to_owned()))
    }

    /// The subject of verified claims, and the organisation's domain where the provider guarantees
    /// it. Fails if the person is of another organisation.
    pub(crate) fn subject(
        &self,
        claims: &Map<String, Value>,
    ) -> Result<(String, Option<String>), Refusal> {
        let text = |name| claims::text(claims, name);
        match self {
            Kind::Google { hosted_domains, .. } => {
                let domain = text("hd").ok_or(Refusal::HostedDomain)?;
                if !hosted_domains.iter().any(|own| own.eq_ignore_ascii_case(&domain)) {
                    return Err(Refusal::HostedDomain);
                }
                let subject = text("sub").ok_or(Refusal::Subject("no `sub`"))?;
                Ok((subject, Some(domain.to_ascii_lowercase())))
            }
            // `sub` of Microsoft differs between applications; `oid` in `tid` is the person.
            Kind::Microsoft { tenant, .. } => {
                let found = text("tid").ok_or(Refusal::Tenant)?;
                if !found.eq_ignore_ascii_case(tenant) {
                    return Err(Refusal::Tenant);
                }
                let object = text("oid").ok_or(Refusal::Subject("no `oid`"))?;
                let pair =
                    format!("{}/{}", tenant.to_ascii_lowercase(), object.to_ascii_lowercase());
                Ok((pair, None))
            }
            Kind::Own { .. } => Ok((text("sub").ok_or(Refusal::Subject("no `sub`"))?, None)),
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let is_hex = |part: &&str| part.chars().all(|c| c.is_ascii_hexdigit());
    lengths == [8, 4, 4, 4, 12] && parts.iter().all(is_hex)
}

fn is_issuer(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else { return false };
    matches!(url.scheme(), "https" | "http")
        && url.host().is_some()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}
