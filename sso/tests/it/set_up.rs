//! A connection with its provider, and how a test asks it.

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hallpass_sso::saml::{self, Answer, Certificate, Expected, PrivateKey};
use hallpass_sso::{Identity, Refusal};

use crate::saml_provider::{SamlProvider, Says, Signed};

pub(crate) const ISSUER: &str = "https://idp.northwind.example/saml";
pub(crate) const AUDIENCE: &str = "https://hallpass.example/sso/con_1/metadata";
pub(crate) const CONSUMER: &str = "https://hallpass.example/sso/con_1/acs";
pub(crate) const REQUEST: &str = "_q1";
pub(crate) const NOON: &str = "2026-01-01T12:00:30Z";

pub(crate) static PROVIDER: LazyLock<SamlProvider> =
    LazyLock::new(|| SamlProvider::new(ISSUER));
/// Another provider, of the same name.
pub(crate) static OTHER: LazyLock<SamlProvider> = LazyLock::new(|| SamlProvider::new(ISSUER));
pub(crate) static KEYS: LazyLock<Vec<Certificate>> =
    LazyLock::new(|| vec![Certificate::from_der(&PROVIDER.certificate).unwrap()]);
pub(crate) static OUR_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate().unwrap());

pub(crate) fn says() -> Says {
    Says::new(CONSUMER, AUDIENCE, Some(REQUEST))
}

pub(crate) fn expected() -> Expected<'static> {
    Expected {
        issuer: ISSUER,
        keys: &KEYS,
        audience: AUDIENCE,
        recipient: CONSUMER,
        answer: Answer::ToRequest(REQUEST),
        key: Some(&OUR_KEY),
        now: NOON.parse().unwrap(),
    }
}

pub(crate) fn verify(response: &str) -> Result<Identity, Refusal> {
    saml::verify(&BASE64_STANDARD.encode(response), &expected())
}

/// Checks that a response is accepted, and refused for this reason after the attack.
pub(crate) fn attack(
    signed: Signed,
    change: impl Fn(&str) -> String,
    is_expected: impl Fn(&Refusal) -> bool,
) {
    let response = PROVIDER.response(&says(), signed);
    let identity = verify(&response).expect("the control is accepted");
    assert_eq!(identity.subject, "persistent:ben-4711");

    let changed = change(&response);
    assert_ne!(changed, response, "the attack changes something");
    match verify(&changed) {
        Ok(identity) => panic!("let in as {}: {changed}", identity.subject),
        Err(refusal) => assert!(is_expected(&refusal), "refused for another reason: {refusal}"),
    }
}

/// As `attack`, with one of both places of the signature after the other.
pub(crate) fn attack_both(
    change: impl Fn(&str) -> String,
    is_expected: impl Fn(&Refusal) -> bool,
) {
    attack(Signed::Assertion, &change, &is_expected);
    attack(Signed::Response, &change, &is_expected);
    attack(Signed::Both, &change, &is_expected);
}

/// Replaces a text that must be there.
pub(crate) fn replace(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "`{from}` is not in {text}");
    text.replace(from, to)
}

/// The part of a text from the first to the end of the last mark.
pub(crate) fn between<'a>(text: &'a str, first: &str, last: &str) -> &'a str {
    let start = text.find(first).expect("the start");
    let end = text.rfind(last).expect("the end") + last.len();
    &text[start..end]
}
