//! Responses and metadata of SAML identity providers.

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hallpass_sso::saml::{self, Addresses, Answer, Certificate, Expected, IdentityProvider};
use jiff::Timestamp;

/// Words of the format.
pub const WORDS: &[&str] = &[
    "<",
    "/>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE x>",
    "<?x?>",
    "&#13;",
    "&amp;",
    " xmlns=\"\"",
    " xmlns:saml=\"urn:x\"",
    " ID=\"_a1\"",
    "<saml:Assertion>",
    "</saml:Assertion>",
    "<ds:Signature>",
    "</ds:Signature>",
    "<ds:Object>",
    "ben-4711",
    "anna-1",
];

/// Where a message of the corpus was made for.
const CONSUMER: &str = "https://hallpass.example/sso/con_1/acs";
const AUDIENCE: &str = "https://hallpass.example/sso/con_1/metadata";

/// The provider that has signed the corpus.
static PROVIDER: LazyLock<Option<IdentityProvider>> = LazyLock::new(|| {
    let metadata = include_str!("../../corpus/saml/metadata.xml");
    IdentityProvider::from_metadata(metadata, Addresses::Secure).ok()
});

/// Verifies a response; what is accepted says what was signed.
///
/// # Panics
///
/// If it says something else.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(provider) = IdentityProvider::from_metadata(&text, Addresses::Secure) {
        assert!(provider.sign_in_url().starts_with("https://"), "{text}");
    }
    let _ = Certificate::from_der(data);
    let Some(provider) = PROVIDER.as_ref() else { return };
    let Ok(now) = "2026-01-01T12:00:30Z".parse::<Timestamp>() else { return };
    let expected = Expected {
        issuer: provider.entity_id(),
        keys: provider.certificates(),
        audience: AUDIENCE,
        recipient: CONSUMER,
        answer: Answer::ToRequest("_q1"),
        key: None,
        now,
    };
    if let Ok(identity) = saml::verify(&BASE64_STANDARD.encode(text.as_bytes()), &expected) {
        assert_eq!(identity.subject, "persistent:ben-4711", "{text}");
        assert_eq!(identity.email.as_deref(), Some("ben@northwind.example"), "{text}");
        assert_eq!(identity.groups, ["sales", "owner"], "{text}");
    }
}
