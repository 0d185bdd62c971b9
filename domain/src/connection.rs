//! Connections: the identity providers by which a workspace lets its people sign in.
//!
//! **Invariant:** a connection lets people sign in only after it was tested as it is; every change of
//! what it trusts ends that.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::email::domain_key;
use crate::id::{ConnectionId, MemberId};
use crate::refusal::{FieldError, Refusal};
use crate::time::Timestamp;

pub mod arrival;
pub mod group;

use group::{Assignment, GroupMapping};

/// How many connections a workspace has at most.
pub const MOST: usize = 20;

/// The longest text of a setting.
const LONGEST: usize = 1_000;

/// The identity provider of a connection, and what it is recognised by. Secrets are stored apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Provider {
    /// Google Workspace.
    Google {
        /// Our id at Google.
        client_id: String,
        /// The domains of the organisation there.
        hosted_domains: Vec<String>,
    },
    /// Microsoft 365 (Entra ID).
    Microsoft {
        /// Our id at Microsoft.
        client_id: String,
        /// The id of the organisation's tenant.
        tenant: String,
    },
    /// Any provider by OpenID Connect.
    Oidc {
        /// Our id at the provider.
        client_id: String,
        /// Its issuer, exactly.
        issuer: String,
    },
    /// Any provider by SAML 2.0.
    Saml {
        /// Its entity id, exactly.
        entity_id: String,
        /// Where requests to sign in are sent.
        sign_in_url: String,
        /// Where answers to its logout requests are sent.
        logout_url: Option<String>,
        /// The certificates whose keys sign, in base64.
        certificates: Vec<String>,
    },
}

impl Provider {
    /// Whether it can send the groups of a person. Google does not.
    #[must_use]
    pub const fn sends_groups(&self) -> bool {
        !matches!(self, Provider::Google { .. })
    }

    /// The word in the API.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Provider::Google { .. } => "google",
            Provider::Microsoft { .. } => "microsoft",
            Provider::Oidc { .. } => "oidc",
            Provider::Saml { .. } => "saml",
        }
    }

    /// Whether it needs a client secret.
    #[must_use]
    pub const fn has_client_secret(&self) -> bool {
        match self {
            Provider::Google { .. } | Provider::Microsoft { .. } | Provider::Oidc { .. } => {
                true
            }
            Provider::Saml { .. } => false,
        }
    }

    /// Checks the texts, and brings domains into their one spelling. What the protocol says about
    /// them, the protocol checks.
    ///
    /// # Errors
    ///
    /// `Fields` with every mistake.
    pub fn checked(self) -> Result<Provider, Refusal> {
        let mut errors = Vec::new();
        let mut text = |pointer: &str, value: &str| {
            let is_accepted = !value.is_empty()
                && value.len() <= LONGEST
                && value.trim() == value
                && !value.chars().any(char::is_control);
            if !is_accepted {
                let detail = format!("expected 1 to {LONGEST} characters in one line");
                errors.push(FieldError::new(pointer, "bad_text", detail));
            }
        };
        let provider = match self {
            Provider::Google { client_id, hosted_domains } => {
                text("/client_id", &client_id);
                let (domains, wrong) = read_domains(&hosted_domains);
                errors.extend(wrong);
                Provider::Google { client_id, hosted_domains: domains }
            }
            Provider::Microsoft { client_id, tenant } => {
                text("/client_id", &client_id);
                text("/tenant", &tenant);
                Provider::Microsoft { client_id, tenant: tenant.to_ascii_lowercase() }
            }
            Provider::Oidc { client_id, issuer } => {
                text("/client_id", &client_id);
                text("/issuer", &issuer);
                Provider::Oidc { client_id, issuer }
            }
            saml @ Provider::Saml { .. } => saml,
        };
        Refusal::unless_valid(errors)?;
        Ok(provider)
    }
}

fn read_domains(given: &[String]) -> (Vec<String>, Vec<FieldError>) {
    let (mut domains, mut errors) = (Vec::new(), Vec::new());
    if given.is_empty() || given.len() > MOST {
        let detail = format!("expected 1 to {MOST} domains of your Google Workspace");
        errors.push(FieldError::new("/hosted_domains", "missing", detail));
    }
    for (at, domain) in given.iter().enumerate() {
        match domain_key(domain) {
            Some(key) if !domains.contains(&key) => domains.push(key),
            Some(_) => {}
            None => {
                let detail = "expected a domain such as `example.com`";
                errors.push(FieldError::new(
                    format!("/hosted_domains/{at}"),
                    "bad_domain",
                    detail,
                ));
            }
        }
    }
    (domains, errors)
}

/// The last test of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// When it was.
    pub at: Timestamp,
    /// Who tested.
    pub member: MemberId,
    /// Why it failed; none if it did not.
    pub failure: Option<String>,
    /// What would happen to the person if they signed in, as a word of [`arrival::Arrival`].
    pub arrival: Option<String>,
    /// What the mapping of groups would give the person; none without a mapping.
    pub gives: Option<Assignment>,
    /// What the provider said, by name.
    pub claims: Vec<(String, Vec<String>)>,
}

impl Test {
    /// The test as it is stored.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "at": self.at.as_micros(),
            "member": self.member.to_string(),
            "failure": self.failure,
            "arrival": self.arrival,
            "gives": self.gives,
            "claims": self.claims,
        })
    }

    /// A test that was stored.
    #[must_use]
    pub fn from_json(stored: &Value) -> Option<Test> {
        let text = |name: &str| stored.get(name)?.as_str().map(ToOwned::to_owned);
        Some(Test {
            at: Timestamp::from_micros(stored.get("at")?.as_i64()?),
            member: stored.get("member")?.as_str()?.parse().ok()?,
            failure: text("failure"),
            arrival: text("arrival"),
            gives: stored.get("gives").and_then(|gives| Assignment::deserialize(gives).ok()),
            claims: serde_json::from_value(stored.get("claims")?.clone()).ok()?,
        })
    }
}

/// A connection to an identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The id.
    pub id: ConnectionId,
    /// The name: people read it when they sign in.
    pub name: String,
    /// The provider.
    pub provider: Provider,
    /// Which roles and teams the groups of the provider give.
    pub groups: GroupMapping,
    /// Whether people may sign in by it.
    pub is_on: bool,
    /// The last test, if there was one since it last changed.
    pub test: Option<Test>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Increases with each change.
    pub version: i64,
}

impl Connection {
    /// Whether it was tested as it is, and the test went well.
    #[must_use]
    pub fn is_tested(&self) -> bool {
        self.test.as_ref().is_some_and(|test| test.failure.is_none())
    }

    /// The connection with a provider in the place of the present one.
    #[must_use]
    pub fn with_provider(self, provider: Provider) -> Connection {
        if provider == self.provider {
            return self;
        }
        Connection { provider, ..self }.untested()
    }

    /// The connection after something that it trusts has changed.
    #[must_use]
    pub fn untested(self) -> Connection {
        Connection { is_on: false, test: None, ..self }
    }

    /// The connection turned on or off.
    ///
    /// # Errors
    ///
    /// `ConnectionUntested`.
    pub fn turned(self, is_on: bool) -> Result<Connection, Refusal> {
        if is_on && !self.is_tested() {
            return Err(Refusal::ConnectionUntested);
        }
        Ok(Connection { is_on, ..self })
    }
}

#[cfg(test)]
mod tests;
