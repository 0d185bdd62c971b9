//! What a provider publishes: its endpoints and its keys.

use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, IssuerUrl, ProviderMetadata, TokenUrl, UserInfoUrl,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::Refusal;
use crate::http::{self, Network};

/// The smallest RSA key, in bits.
const SMALLEST_RSA: usize = 2048;

/// What the crate does not know of the metadata.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Additional {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Additional {}

pub(crate) type Metadata = ProviderMetadata<
    Additional,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// A provider, as it describes itself.
#[derive(Clone, Debug)]
pub struct Provider {
    pub(crate) metadata: Metadata,
    pub(crate) keys: CoreJsonWebKeySet,
}

impl Provider {
    /// Asks the issuer for its metadata and keys. It must call itself exactly like this.
    pub async fn discover(issuer: &str, client: &http::Client) -> Result<Provider, Refusal> {
        let issuer = IssuerUrl::new(issuer.to_owned()).map_err(refused)?;
        let metadata = Metadata::discover_async(issuer, client).await.map_err(describe)?;
        Provider::new(metadata, client.network())
    }

    fn new(metadata: Metadata, network: Network) -> Result<Provider, Refusal> {
        let token = metadata.token_endpoint().map(TokenUrl::url);
        let user_info = metadata.userinfo_endpoint().map(UserInfoUrl::url);
        let own = [Some(metadata.authorization_endpoint().url()), token, user_info];
        if token.is_none() {
            return Err(Refusal::Provider("it has no token endpoint".to_owned()));
        }
        let is_accepted = |url: &Url| {
            url.scheme() == "https" || url.scheme() == "http" && network == Network::Any
        };
        if !own.into_iter().flatten().all(is_accepted) {
            return Err(Refusal::Provider("one of its endpoints is not `https`".to_owned()));
        }
        let keys: Vec<CoreJsonWebKey> =
            metadata.jwks().keys().iter().filter(|key| is_strong(key)).cloned().collect();
        Ok(Provider { metadata, keys: CoreJsonWebKeySet::new(keys) })
    }

    /// Its name, exactly as tokens repeat it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.metadata.issuer()
    }

    /// Whether its answers name the issuer (RFC 9207).
    pub(crate) fn answers_name_issuer(&self) -> bool {
        self.metadata.additional_metadata().authorization_response_iss_parameter_supported
    }

    /// Whether it accepts the secret in the `Authorization` header, which is the default.
    pub(crate) fn accepts_basic(&self) -> bool {
        self.metadata
            .token_endpoint_auth_methods_supported()
            .is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic))
    }
}

/// Not an RSA key below 2048 bits, and not a symmetric one.
fn is_strong(key: &CoreJsonWebKey) -> bool {
    let Ok(Value::Object(key)) = serde_json::to_value(key) else { return false };
    match key.get("kty").and_then(Value::as_str) {
        Some("RSA") => {
            // Base64 has 6 bits in a letter; a leading zero would count as strength.
            let modulus = key.get("n").and_then(Value::as_str).unwrap_or_default();
            let modulus = modulus.trim_start_matches('A');
            modulus.len() * 6 >= SMALLEST_RSA
        }
        Some("EC" | "OKP") => true,
        _ => false,
    }
}

/// The algorithms that ID tokens and logout tokens may be signed with.
pub(crate) fn algorithms() -> [CoreJwsSigningAlgorithm; 9] {
    use CoreJwsSigningAlgorithm as Algorithm;
    [
        Algorithm::RsaSsaPkcs1V15Sha256,
        Algorithm::RsaSsaPkcs1V15Sha384,
        Algorithm::RsaSsaPkcs1V15Sha512,
        Algorithm::RsaSsaPssSha256,
        Algorithm::RsaSsaPssSha384,
        Algorithm::RsaSsaPssSha512,
        Algorithm::EcdsaP256Sha256,
        Algorithm::EcdsaP384Sha384,
        Algorithm::EdDsa,
    ]
}

fn refused(error: impl std::fmt::Display) -> Refusal {
    Refusal::Provider(Refusal::quote(&error.to_string()))
}

/// The error with its causes, which say what happened.
pub(crate) fn describe(error: impl std::error::Error) -> Refusal {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    Refusal::Provider(Refusal::quote(&text))
}
