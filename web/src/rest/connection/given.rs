//! The settings of a provider, as a request gives them.

use hallpass_app::connection::ProviderInput;
use hallpass_domain::connection::Provider;

use crate::error::Problem;

/// The settings of a provider, as they are given.
pub(super) struct Given {
    pub(super) client_id: Option<String>,
    pub(super) hosted_domains: Option<Vec<String>>,
    pub(super) tenant: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) metadata: Option<String>,
}

/// What a request says of a provider.
macro_rules! given {
    ($ask:ident) => {
        Given {
            client_id: $ask.client_id,
            hosted_domains: $ask.hosted_domains,
            tenant: $ask.tenant,
            issuer: $ask.issuer,
            metadata: $ask.metadata,
        }
    };
}
pub(super) use given;

impl Given {
    fn is_nothing(&self) -> bool {
        self.client_id.is_none()
            && self.hosted_domains.is_none()
            && self.tenant.is_none()
            && self.issuer.is_none()
            && self.metadata.is_none()
    }

    /// The provider of a kind. A field of another kind is refused, not ignored.
    pub(super) fn read(self, kind: &str) -> Result<ProviderInput, Problem> {
        let Given { client_id, hosted_domains, tenant, issuer, metadata } = self;
        let present = [
            ("client_id", client_id.is_some(), kind != "saml"),
            ("hosted_domains", hosted_domains.is_some(), kind == "google"),
            ("tenant", tenant.is_some(), kind == "microsoft"),
            ("issuer", issuer.is_some(), kind == "oidc"),
            ("metadata", metadata.is_some(), kind == "saml"),
        ];
        for (name, is_given, belongs) in present {
            if is_given && !belongs {
                let detail = format!("`{name}` does not belong to a connection of `{kind}`");
                return Err(Problem::field(&format!("/{name}"), "not_here", &detail));
            }
        }
        let need = |name: &str, value: Option<String>| {
            let missing =
                || Problem::field(&format!("/{name}"), "missing", "this field is required");
            value.ok_or_else(missing)
        };
        let settings = match kind {
            "google" => Provider::Google {
                client_id: need("client_id", client_id)?,
                hosted_domains: hosted_domains.unwrap_or_default(),
            },
            "microsoft" => Provider::Microsoft {
                client_id: need("client_id", client_id)?,
                tenant: need("tenant", tenant)?,
            },
            "oidc" => Provider::Oidc {
                client_id: need("client_id", client_id)?,
                issuer: need("issuer", issuer)?,
            },
            "saml" => return Ok(ProviderInput::Metadata(need("metadata", metadata)?)),
            _ => {
                let detail = "expected `google`, `microsoft`, `oidc` or `saml`";
                return Err(Problem::field("/kind", "unknown", detail));
            }
        };
        Ok(ProviderInput::Settings(settings))
    }

    /// The provider after a change: what is left out stays.
    pub(super) fn over(self, before: &Provider) -> Result<Option<ProviderInput>, Problem> {
        if self.is_nothing() {
            return Ok(None);
        }
        let mut given = self;
        match before {
            Provider::Google { client_id, hosted_domains } => {
                given.client_id.get_or_insert_with(|| client_id.clone());
                given.hosted_domains.get_or_insert_with(|| hosted_domains.clone());
            }
            Provider::Microsoft { client_id, tenant } => {
                given.client_id.get_or_insert_with(|| client_id.clone());
                given.tenant.get_or_insert_with(|| tenant.clone());
            }
            Provider::Oidc { client_id, issuer } => {
                given.client_id.get_or_insert_with(|| client_id.clone());
                given.issuer.get_or_insert_with(|| issuer.clone());
            }
            Provider::Saml { .. } => {}
        }
        given.read(before.word()).map(Some)
    }
}
