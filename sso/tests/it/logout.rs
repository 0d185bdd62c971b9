//! Single logout that the provider starts.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hallpass_sso::Refusal;
use hallpass_sso::saml::{
    Addresses, Certificate, IdentityProvider, LogoutRequest, Sender, Service, answer_logout,
    read_posted_logout, read_redirected_logout,
};
use miniz_oxide::deflate::compress_to_vec;
use url::Url;

use crate::saml_provider::{SamlProvider, Says};
use crate::set_up::{
    AUDIENCE, CONSUMER, ISSUER, KEYS, NOON, OTHER, OUR_KEY, PROVIDER, replace, says,
};

const DESTINATION: &str = "https://hallpass.example/sso/con_1/logout";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

fn sender() -> Sender<'static> {
    Sender {
        issuer: ISSUER,
        keys: &KEYS,
        audience: AUDIENCE,
        destination: DESTINATION,
        now: NOON.parse().unwrap(),
    }
}

fn message() -> Says {
    Says { recipient: DESTINATION.to_owned(), ..says() }
}

/// The query of a request, signed by a provider.
fn query(provider: &SamlProvider, xml: &str, algorithm: &str) -> String {
    let compressed = BASE64_STANDARD.encode(compress_to_vec(xml.as_bytes(), 6));
    let signed = form_urlencoded::Serializer::new(String::new())
        .append_pair("SAMLRequest", &compressed)
        .append_pair("RelayState", "r 1&2")
        .append_pair("SigAlg", algorithm)
        .finish();
    let signature = form_urlencoded::Serializer::new(String::new())
        .append_pair("Signature", &provider.sign_text(&signed))
        .finish();
    format!("{signed}&{signature}")
}

fn accepted() -> LogoutRequest {
    LogoutRequest {
        id: "_l1".to_owned(),
        subject: "persistent:ben-4711".to_owned(),
        sessions: vec!["_s1".to_owned()],
        relay_state: Some("r 1&2".to_owned()),
    }
}

#[test]
fn a_signed_request_says_whose_sessions_end() {
    let unsigned = PROVIDER.unsigned_logout_request(&message());
    let posted = BASE64_STANDARD.encode(PROVIDER.logout_request(&message()));

    let redirected =
        read_redirected_logout(&query(&PROVIDER, &unsigned, RSA_SHA256), &sender());
    let posted = read_posted_logout(&posted, Some("r 1&2"), &sender());

    assert_eq!(redirected, Ok(accepted()));
    assert_eq!(posted, Ok(accepted()));
}

#[test]
fn a_forged_request_ends_nothing() {
    let unsigned = PROVIDER.unsigned_logout_request(&message());
    let good = query(&PROVIDER, &unsigned, RSA_SHA256);
    assert!(read_redirected_logout(&good, &sender()).is_ok());
    let (without_signature, _) = good.split_once("&Signature=").unwrap();
    let other = query(&PROVIDER, &replace(&unsigned, "ben-4711", "anna-1"), RSA_SHA256);
    let (message, _) = other.split_once("&RelayState=").unwrap();
    let (_, rest) = good.split_once("&RelayState=").unwrap();

    for (query, refusal) in [
        (without_signature.to_owned(), Refusal::Unsigned),
        (query(&OTHER, &unsigned, RSA_SHA256), Refusal::Signature),
        (format!("{message}&RelayState={rest}"), Refusal::Signature),
        (replace(&good, "r+1%262", "evil"), Refusal::Signature),
        (
            format!("{good}&{message}"),
            Refusal::Structure("a parameter is there twice".to_owned()),
        ),
        (
            replace(&good, "SAMLRequest=", "SAMLReques%74="),
            Refusal::Structure("a parameter is there twice".to_owned()),
        ),
        (
            query(&PROVIDER, &unsigned, "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
            Refusal::Algorithm("http://www.w3.org/2000/09/xmldsig#rsa-sha1".to_owned()),
        ),
    ] {
        assert_eq!(read_redirected_logout(&query, &sender()), Err(refusal), "{query}");
    }
    let unsigned = BASE64_STANDARD.encode(unsigned);
    assert_eq!(read_posted_logout(&unsigned, None, &sender()), Err(Refusal::Unsigned));
    let other = BASE64_STANDARD.encode(OTHER.logout_request(&self::message()));
    assert_eq!(read_posted_logout(&other, None, &sender()), Err(Refusal::Signature));
}

#[test]
fn a_request_for_another_place_or_time_ends_nothing() {
    for (says, refusal) in [
        (Says { recipient: CONSUMER.to_owned(), ..message() }, Refusal::Destination),
        (
            Says { issued: "2026-01-01T11:54:30Z".to_owned(), ..message() },
            Refusal::Time("it has expired"),
        ),
        (
            Says { issued: "2026-01-01T12:02:00Z".to_owned(), ..message() },
            Refusal::Time("it is not valid yet"),
        ),
    ] {
        let request = BASE64_STANDARD.encode(PROVIDER.logout_request(&says));
        assert_eq!(read_posted_logout(&request, None, &sender()), Err(refusal));
    }
}

#[test]
fn a_message_that_decompresses_without_end_is_refused() {
    let bomb = "x".repeat(10_000_000);

    let refusal = read_redirected_logout(&query(&PROVIDER, &bomb, RSA_SHA256), &sender());

    assert!(matches!(refusal, Err(Refusal::Malformed(_))), "{refusal:?}");
}

#[test]
fn the_answer_is_signed_and_goes_where_the_metadata_says() {
    let provider = IdentityProvider::from_metadata(
        &PROVIDER.metadata("https://idp.northwind.example/sso"),
        Addresses::Secure,
    )
    .unwrap();
    let now = NOON.parse().unwrap();
    let certificate = OUR_KEY.certify("us", [3; 16], now).unwrap();
    let service = Service {
        entity_id: AUDIENCE,
        consumer_url: CONSUMER,
        logout_url: DESTINATION,
        certificate: &certificate,
    };

    let url = answer_logout(&accepted(), "_x1", &provider, &service, &OUR_KEY, now).unwrap();

    let url: Url = url.unwrap();
    assert!(url.as_str().starts_with("https://idp.northwind.example/sso/logout?SAMLResponse="));
    let query = url.query().unwrap();
    let (signed, signature) = query.split_once("&Signature=").unwrap();
    let signature = form_urlencoded::parse(format!("s={signature}").as_bytes())
        .next()
        .map(|(_, value)| BASE64_STANDARD.decode(value.as_bytes()).unwrap())
        .unwrap();
    let key = Certificate::from_der(&certificate).unwrap();
    assert!(crate::metadata::verifies(&key, signed, &signature));
}
