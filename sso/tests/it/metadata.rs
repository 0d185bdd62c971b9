//! Metadata in both directions, and the request to sign in.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hallpass_sso::Refusal;
use hallpass_sso::saml::{
    Addresses, Authentication, AuthnRequest, Certificate, IdentityProvider, Service,
};
use miniz_oxide::inflate::decompress_to_vec;

use crate::set_up::{AUDIENCE, CONSUMER, ISSUER, NOON, OUR_KEY, PROVIDER, replace};

const SIGN_IN: &str = "https://idp.northwind.example/sso";

/// Verifies by the key of a certificate, whose key is at its end, before the signature.
pub(crate) fn verifies(certificate: &Certificate, message: &str, signature: &[u8]) -> bool {
    let der = BASE64_STANDARD.decode(certificate.to_base64()).unwrap();
    // RSAPublicKey of 2048 bits: 30 82 01 0a …
    let start = der.windows(4).position(|four| four == [0x30, 0x82, 0x01, 0x0a]).unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &der[start..start + 270])
        .verify(message.as_bytes(), signature)
        .is_ok()
}

fn read(text: &str) -> Result<IdentityProvider, Refusal> {
    IdentityProvider::from_metadata(text, Addresses::Secure)
}

#[test]
fn metadata_says_where_and_by_which_key() {
    let provider = read(&PROVIDER.metadata(SIGN_IN)).unwrap();

    assert_eq!(provider.entity_id(), ISSUER);
    assert_eq!(provider.sign_in_url(), SIGN_IN);
    assert_eq!(provider.logout_url(), Some("https://idp.northwind.example/sso/logout"));
    assert_eq!(
        provider.certificates(),
        [Certificate::from_der(&PROVIDER.certificate).unwrap()]
    );
    let certificate = &provider.certificates()[0];
    assert_eq!(certificate.expires_at(), "2036-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(certificate.fingerprint().len(), 95);
}

#[test]
fn metadata_that_is_not_of_one_provider_is_refused() {
    let metadata = PROVIDER.metadata(SIGN_IN);
    for (from, to) in [
        ("IDPSSODescriptor", "SPSSODescriptor"),
        ("urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:1.1:protocol"),
        ("use=\"signing\"", "use=\"encryption\""),
        ("Location=\"https://", "Location=\"http://"),
        ("Location=\"https://", "Location=\"javascript://"),
        ("Location=\"https://", "Location=\"https://user:secret@"),
        ("bindings:HTTP-Redirect", "bindings:SOAP"),
        ("entityID=\"https://idp.northwind.example/saml\"", "entityID=\"\""),
        ("<!-- exported -->", "<!DOCTYPE x>"),
    ] {
        assert!(read(&replace(&metadata, from, to)).is_err(), "{to}");
    }
}

#[test]
fn a_certificate_is_read_with_and_without_its_lines() {
    let base64 = BASE64_STANDARD.encode(&PROVIDER.certificate);
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\r\n")
    );

    let certificate = Certificate::from_text(&base64).unwrap();

    assert_eq!(Certificate::from_text(&pem).unwrap(), certificate);
    assert_eq!(certificate.to_base64(), base64);
}

#[test]
fn what_is_not_a_certificate_is_refused() {
    let der = &PROVIDER.certificate;
    for length in 0..der.len() {
        assert!(Certificate::from_der(&der[..length]).is_err(), "{length}");
    }
    assert!(Certificate::from_der(&[der.as_slice(), &[0]].concat()).is_err());
    for text in ["", "x", "-----BEGIN CERTIFICATE-----"] {
        assert!(Certificate::from_text(text).is_err());
    }
}

#[test]
fn our_metadata_has_both_keys_and_both_addresses() {
    let now = NOON.parse().unwrap();
    let certificate = OUR_KEY.certify("Hallpass <&>", [3; 16], now).unwrap();
    let service = Service {
        entity_id: AUDIENCE,
        consumer_url: CONSUMER,
        logout_url: "https://hallpass.example/sso/con_1/logout?a=1&b=2",
        certificate: &certificate,
    };

    let metadata = service.metadata();

    assert!(metadata.contains("AuthnRequestsSigned=\"true\" WantAssertionsSigned=\"true\""));
    assert!(metadata.contains(&format!("Location=\"{CONSUMER}\"")));
    assert!(metadata.contains("logout?a=1&amp;b=2\""));
    assert_eq!(metadata.matches(&BASE64_STANDARD.encode(&certificate)).count(), 2);
    assert!(roxmltree::Document::parse(&metadata).is_ok());
}

#[test]
fn a_request_to_sign_in_is_signed() {
    let now = NOON.parse().unwrap();
    let certificate = OUR_KEY.certify("us", [3; 16], now).unwrap();
    let service = Service {
        entity_id: AUDIENCE,
        consumer_url: CONSUMER,
        logout_url: AUDIENCE,
        certificate: &certificate,
    };
    let provider = read(&PROVIDER.metadata(&format!("{SIGN_IN}?own=1"))).unwrap();
    for (authentication, forces) in
        [(Authentication::SessionIsEnough, false), (Authentication::Again, true)]
    {
        let request = AuthnRequest { id: "_q1", relay_state: "state/1", authentication, now };

        let url = request.redirect(&provider, &service, &OUR_KEY).unwrap();

        let query = url.query().unwrap();
        let (signed, _) =
            query.strip_prefix("own=1&").unwrap().split_once("&Signature=").unwrap();
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["own", "SAMLRequest", "RelayState", "SigAlg", "Signature"]);
        let key = Certificate::from_der(&certificate).unwrap();
        assert!(verifies(&key, signed, &BASE64_STANDARD.decode(&pairs[4].1).unwrap()));
        let xml = decompress_to_vec(&BASE64_STANDARD.decode(&pairs[1].1).unwrap()).unwrap();
        let xml = String::from_utf8(xml).unwrap();
        assert!(xml.contains("ID=\"_q1\""));
        assert!(xml.contains(&format!("AssertionConsumerServiceURL=\"{CONSUMER}\"")));
        assert_eq!(xml.contains("ForceAuthn=\"true\""), forces);
    }
}
