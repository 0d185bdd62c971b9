//! What is accepted, and what is read from it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hallpass_sso::Refusal;
use hallpass_sso::saml::{self, Answer, Expected};

use crate::saml_provider::Signed;
use crate::set_up::{CONSUMER, PROVIDER, expected, replace, says, verify};

#[test]
fn a_signed_assertion_says_who_has_signed_in() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let identity = verify(&PROVIDER.response(&says(), signed)).unwrap();

        assert_eq!(identity.issuer, PROVIDER.entity_id);
        assert_eq!(identity.subject, "persistent:ben-4711");
        assert_eq!(identity.email.as_deref(), Some("ben@northwind.example"));
        assert_eq!(identity.name.as_deref(), Some("Ben Northwind"));
        assert_eq!(identity.groups, ["sales", "owner"]);
        assert_eq!(identity.session.as_deref(), Some("_s1"));
        assert!(!identity.has_second_factor);
        let once = identity.once.unwrap();
        assert_eq!(once.id, "_a1");
        assert_eq!(once.until, "2026-01-01T12:06:00Z".parse().unwrap());
    }
}

#[test]
fn a_response_that_the_provider_starts_answers_no_request() {
    let mut says = says();
    says.in_response_to = None;
    let response = BASE64_STANDARD.encode(PROVIDER.response(&says, Signed::Assertion));
    let unsolicited = Expected { answer: Answer::ToNone, ..expected() };

    assert!(saml::verify(&response, &unsolicited).is_ok());
    assert_eq!(saml::verify(&response, &expected()), Err(Refusal::InResponseTo));
}

#[test]
fn an_answer_to_a_request_is_not_taken_for_an_unsolicited_response() {
    let response = BASE64_STANDARD.encode(PROVIDER.response(&says(), Signed::Both));
    let unsolicited = Expected { answer: Answer::ToNone, ..expected() };

    assert_eq!(saml::verify(&response, &unsolicited), Err(Refusal::InResponseTo));
}

#[test]
fn whitespace_quotes_and_prefixes_of_other_spelling_keep_the_signature() {
    let response = PROVIDER.response(&says(), Signed::Assertion);
    let respelled = replace(&response, "></saml:SubjectConfirmationData>", "/>");
    let respelled = replace(
        &respelled,
        " Version=\"2.0\"><saml:Issuer>",
        " Version='2.0'\n ><saml:Issuer>",
    );
    let respelled = replace(
        &respelled,
        "<samlp:Response ",
        "<samlp:Response xmlns:unused=\"urn:unused\" xmlns=\"urn:other\" ",
    );
    let respelled = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{respelled}\n");

    assert!(verify(&respelled).is_ok(), "{respelled}");
}

#[test]
fn the_name_is_put_together_where_it_comes_in_parts() {
    let mut says = says();
    says.attributes = vec![
        ("urn:oid:2.5.4.42".to_owned(), vec!["Ben".to_owned()]),
        ("urn:oid:2.5.4.4".to_owned(), vec!["Lund".to_owned()]),
    ];
    says.format = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress".to_owned();
    says.name_id = "ben@northwind.example".to_owned();

    let identity = verify(&PROVIDER.response(&says, Signed::Assertion)).unwrap();

    assert_eq!(identity.name.as_deref(), Some("Ben Lund"));
    assert_eq!(identity.email.as_deref(), Some("ben@northwind.example"));
    assert_eq!(identity.subject, "emailAddress:ben@northwind.example");
}

#[test]
fn the_same_value_of_another_format_is_another_person() {
    let mut other = says();
    other.format = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified".to_owned();

    let one = verify(&PROVIDER.response(&says(), Signed::Assertion)).unwrap();
    let two = verify(&PROVIDER.response(&other, Signed::Assertion)).unwrap();

    assert_ne!(one.subject, two.subject);
}

#[test]
fn a_second_factor_counts_where_the_provider_says_so() {
    let assertion = replace(
        &PROVIDER.assertion(&says()),
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        "https://refeds.org/profile/mfa",
    );

    let response = PROVIDER.wrap(&says(), &PROVIDER.sign(&assertion), Signed::Nothing);

    assert!(verify(&response).unwrap().has_second_factor);
}

#[test]
fn a_transient_or_qualified_name_id_identifies_nothing() {
    let mut transient = says();
    transient.format = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient".to_owned();
    let qualified = replace(
        &PROVIDER.assertion(&says()),
        "persistent\">",
        "persistent\" NameQualifier=\"https://other.example\">",
    );
    let qualified = PROVIDER.wrap(&says(), &PROVIDER.sign(&qualified), Signed::Nothing);

    for response in [PROVIDER.response(&transient, Signed::Assertion), qualified] {
        let refusal = verify(&response).unwrap_err();
        assert!(matches!(refusal, Refusal::Subject(_)), "{refusal}");
    }
}

#[test]
fn what_the_provider_reports_instead_of_an_assertion_is_shown() {
    let response = PROVIDER.response(&says(), Signed::Response);
    let denied = replace(&response, "status:Success", "status:Responder");

    let refusal = verify(&denied).unwrap_err();

    assert_eq!(
        refusal,
        Refusal::NotSignedIn("urn:oasis:names:tc:SAML:2.0:status:Responder".to_owned())
    );
}

#[test]
fn an_unsigned_response_needs_no_destination_but_a_signed_one_does() {
    let destination = format!(" Destination=\"{CONSUMER}\"");
    let unsigned = PROVIDER.response(&says(), Signed::Assertion);
    let signed =
        PROVIDER.sign(&replace(&PROVIDER.response(&says(), Signed::Nothing), &destination, ""));

    assert!(verify(&replace(&unsigned, &destination, "")).is_ok());
    assert_eq!(verify(&signed), Err(Refusal::Destination));
}
