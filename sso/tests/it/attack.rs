//! Attacks on responses, each with its control.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hallpass_sso::Refusal;
use hallpass_sso::saml::{self, Expected};

use crate::saml_provider::{Says, Signed, insert_signature, signature, signed_info};
use crate::set_up::{
    AUDIENCE, CONSUMER, ISSUER, OTHER, PROVIDER, REQUEST, attack, attack_both, between,
    expected, replace, says, verify,
};

fn is_markup(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Markup(_))
}

fn is_structure(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Structure(_))
}

fn is_algorithm(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Algorithm(_))
}

#[test]
fn a_comment_in_the_name_id_is_refused() {
    // A parser that reads the first of two texts reads `anna` where `anna-evil` was signed.
    let mut says = says();
    says.name_id = "anna@northwind.example.evil.example".to_owned();
    let control = PROVIDER.response(&says, Signed::Assertion);
    assert!(verify(&control).is_ok());

    let split = replace(&control, "northwind.example.evil", "northwind.example<!---->.evil");

    assert!(is_markup(&verify(&split).unwrap_err()));
}

#[test]
fn comments_instructions_and_character_data_are_refused_everywhere() {
    for inserted in ["<!-- x -->", "<?php x ?>", "<![CDATA[x]]>", "<?xml version=\"1.0\"?>"] {
        for place in
            ["<samlp:Status>", "<saml:Subject>", "<ds:SignedInfo>", "</samlp:Response>"]
        {
            attack_both(|text| replace(text, place, &format!("{inserted}{place}")), is_markup);
        }
    }
}

#[test]
fn a_document_type_and_entities_are_refused() {
    for head in [
        "<!DOCTYPE x>",
        "<!doctype x>",
        "<!DOCTYPE x [<!ENTITY e \"anna-1\">]>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>",
        "<?xml version=\"1.0\"?><!DOCTYPE x SYSTEM \"https://evil.example/x.dtd\">",
    ] {
        attack_both(|text| format!("{head}{text}"), is_markup);
    }
    attack_both(
        |text| replace(text, "ben-4711", "&e;"),
        |refusal| matches!(refusal, Refusal::Malformed(_)),
    );
}

#[test]
fn a_key_that_the_message_brings_is_not_used() {
    let certificate = BASE64_STANDARD.encode(&OTHER.certificate);
    let info = format!(
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>\
         </ds:X509Data></ds:KeyInfo></ds:Signature>"
    );
    let own = BASE64_STANDARD.encode(&PROVIDER.certificate);
    let control = replace(
        &PROVIDER.response(&says(), Signed::Assertion),
        "</ds:Signature>",
        &info.replace(&certificate, &own),
    );
    assert!(verify(&control).is_ok());

    let forged = replace(&OTHER.response(&says(), Signed::Assertion), "</ds:Signature>", &info);

    assert_eq!(verify(&forged), Err(Refusal::Signature));
}

#[test]
fn weak_and_symmetric_algorithms_are_refused() {
    for (from, to) in [
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        ),
    ] {
        attack_both(|text| replace(text, from, to), is_algorithm);
    }
    // Of the right key, so that only the algorithm is wrong.
    let assertion = PROVIDER.assertion(&says());
    for (from, to) in [
        ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"),
        (
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "http://www.w3.org/2001/04/xmldsig-more#md5",
        ),
        ("xml-exc-c14n#\"></ds:Canon", "xml-exc-c14n#WithComments\"></ds:Canon"),
        (
            "http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>",
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"></ds:Transform>",
        ),
        (
            "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
            "http://www.w3.org/TR/1999/REC-xslt-19991116",
        ),
        (
            "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
            "http://www.w3.org/TR/1999/REC-xpath-19991116",
        ),
    ] {
        let info = replace(&signed_info(&assertion), from, to);
        let refusal = verify(&with_info(&assertion, &info)).unwrap_err();
        assert!(is_algorithm(&refusal), "{to}: {refusal}");
    }
}

fn with_info(assertion: &str, info: &str) -> String {
    let value = PROVIDER.sign_text(info);
    let assertion = insert_signature(assertion, &signature(info, &value));
    PROVIDER.wrap(&says(), &assertion, Signed::Nothing)
}

#[test]
fn a_hash_of_the_public_key_as_secret_is_not_a_signature() {
    // Confusion of HMAC and RSA: everyone knows the public key.
    use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
    let assertion = PROVIDER.assertion(&says());
    let info = replace(&signed_info(&assertion), "#rsa-sha256", "#hmac-sha256");
    let key = Key::new(HMAC_SHA256, &PROVIDER.certificate);
    let value = BASE64_STANDARD.encode(sign(&key, info.as_bytes()));
    let assertion = insert_signature(&assertion, &signature(&info, &value));

    let refusal = verify(&PROVIDER.wrap(&says(), &assertion, Signed::Nothing)).unwrap_err();

    assert!(is_algorithm(&refusal), "{refusal}");
}

#[test]
fn a_signature_has_one_reference_with_two_transforms_to_its_parent() {
    let assertion = PROVIDER.assertion(&says());
    let info = signed_info(&assertion);
    assert!(verify(&with_info(&assertion, &info)).is_ok());
    let reference = between(&info, "<ds:Reference ", "</ds:Reference>").to_owned();
    let enveloped = "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>";
    let infos = [
        replace(&info, &reference, &format!("{reference}{reference}")),
        replace(&info, &reference, ""),
        replace(&info, "URI=\"#_a1\"", "URI=\"\""),
        replace(&info, "URI=\"#_a1\"", "URI=\"#_r1\""),
        replace(&info, "URI=\"#_a1\"", "URI=\"#xpointer(id('_a1'))\""),
        replace(&info, "URI=\"#_a1\"", "URI=\"_a1\""),
        replace(&info, " URI=\"#_a1\"", ""),
        replace(&info, enveloped, ""),
        replace(&info, enveloped, &format!("{enveloped}{enveloped}")),
    ];

    for info in infos {
        let refusal = verify(&with_info(&assertion, &info)).unwrap_err();
        assert!(is_structure(&refusal), "{refusal}: {info}");
    }
}

#[test]
fn parameters_of_algorithms_are_refused() {
    let assertion = PROVIDER.assertion(&says());
    let info = replace(
        &signed_info(&assertion),
        "</ds:SignatureMethod>",
        "<ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>",
    );

    assert!(is_structure(&verify(&with_info(&assertion, &info)).unwrap_err()));
}

#[test]
fn an_empty_digest_is_not_the_digest_of_anything() {
    // Void canonicalisation: an implementation that fails to canonicalise digests nothing.
    const OF_NOTHING: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let assertion = PROVIDER.assertion(&says());
    let info = signed_info(&assertion);
    let digest = between(&info, "<ds:DigestValue>", "</ds:DigestValue>").to_owned();
    for value in [OF_NOTHING, ""] {
        let info =
            replace(&info, &digest, &format!("<ds:DigestValue>{value}</ds:DigestValue>"));
        assert_eq!(verify(&with_info(&assertion, &info)), Err(Refusal::Digest));
    }
}

#[test]
fn a_relative_namespace_is_refused() {
    for namespace in ["1", "relative/path", "../x", "?q", "#f"] {
        attack_both(
            |text| {
                replace(
                    text,
                    "<samlp:Response ",
                    &format!("<samlp:Response xmlns:n=\"{namespace}\" "),
                )
            },
            is_markup,
        );
    }
}

#[test]
fn names_in_another_namespace_do_not_count() {
    attack(
        Signed::Assertion,
        |text| {
            replace(
                text,
                "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID",
                "xmlns:saml=\"urn:evil:assertion\" ID",
            )
        },
        is_structure,
    );
    attack_both(
        |text| {
            replace(
                text,
                "xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"",
                "xmlns:samlp=\"urn:oasis:names:tc:SAML:1.0:protocol\"",
            )
        },
        is_structure,
    );
    attack_both(
        |text| {
            replace(
                text,
                "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
                "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig-evil#\"",
            )
        },
        |refusal| is_structure(refusal) || *refusal == Refusal::Unsigned,
    );
}

#[test]
fn a_prefix_may_not_be_bound_again_to_move_an_element() {
    // The prefix of the assertion is declared around it, and is another one inside.
    attack_both(
        |text| replace(text, "<saml:Subject>", "<saml:Subject xmlns:saml=\"urn:evil\">"),
        |refusal| is_structure(refusal) || *refusal == Refusal::Digest,
    );
}

#[test]
fn a_second_id_in_a_namespace_or_another_case_is_refused() {
    for attribute in
        ["x:ID=\"_a1\" xmlns:x=\"urn:x\"", "Id=\"_a1\"", "xml:id=\"_a1\"", "id=\"_r1\""]
    {
        attack_both(
            |text| replace(text, "<samlp:Status>", &format!("<samlp:Status {attribute}>")),
            is_structure,
        );
    }
    let control = PROVIDER.response(&says(), Signed::Assertion);
    let twice = replace(&control, " ID=\"_a1\"", " ID=\"_a1\" ID=\"_a1\"");
    assert!(matches!(verify(&twice), Err(Refusal::Malformed(_))));
}

#[test]
fn every_changed_letter_of_a_signed_element_is_noticed() {
    let response = PROVIDER.response(&says(), Signed::Response);
    assert!(verify(&response).is_ok());
    let end = response.find("<ds:Signature ").unwrap();
    let assertion = response.find("<saml:Assertion ").unwrap();
    for at in (0..end).chain(assertion..response.len()) {
        let mut changed = response.clone().into_bytes();
        changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
        let changed = String::from_utf8(changed).unwrap();

        assert!(verify(&changed).is_err(), "{at}: {changed}");
    }
}

#[test]
fn an_unsigned_response_with_an_unsigned_assertion_is_nothing() {
    let response = PROVIDER.response(&says(), Signed::Nothing);

    assert_eq!(verify(&response), Err(Refusal::Unsigned));
}

#[test]
fn a_signature_of_another_key_is_refused_wherever_it_is() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        assert_eq!(verify(&OTHER.response(&says(), signed)), Err(Refusal::Signature));
    }
    // One good signature does not excuse a bad one.
    let good = PROVIDER.sign(&PROVIDER.assertion(&says()));
    assert_eq!(verify(&OTHER.wrap(&says(), &good, Signed::Response)), Err(Refusal::Signature));
    let bad = OTHER.sign(&OTHER.assertion(&says()));
    assert_eq!(
        verify(&PROVIDER.wrap(&says(), &bad, Signed::Response)),
        Err(Refusal::Signature)
    );
}

/// Signs what the provider would not say, and checks the reason of the refusal.
fn signed(change: impl Fn(&mut Says), expected: &Refusal) {
    for place in [Signed::Assertion, Signed::Response, Signed::Both] {
        let mut says = says();
        assert!(verify(&PROVIDER.response(&says, place)).is_ok());
        change(&mut says);
        assert_eq!(verify(&PROVIDER.response(&says, place)).as_ref(), Err(expected));
    }
}

#[test]
fn an_assertion_for_another_service_is_refused() {
    for audience in ["https://other.example/metadata", "", &AUDIENCE.to_uppercase()] {
        signed(|says| audience.clone_into(&mut says.audience), &Refusal::Audience);
    }
}

#[test]
fn an_assertion_without_audience_is_refused() {
    let assertion = PROVIDER.assertion(&says());
    let restriction =
        between(&assertion, "<saml:AudienceRestriction>", "</saml:AudienceRestriction>");
    let assertion = PROVIDER.sign(&replace(&assertion, restriction, ""));

    let refusal = verify(&PROVIDER.wrap(&says(), &assertion, Signed::Nothing));

    assert_eq!(refusal, Err(Refusal::Audience));
}

#[test]
fn every_audience_restriction_must_hold() {
    let assertion = PROVIDER.assertion(&says());
    let restriction =
        between(&assertion, "<saml:AudienceRestriction>", "</saml:AudienceRestriction>");
    let other = replace(restriction, AUDIENCE, "https://other.example");
    let assertion = replace(&assertion, restriction, &format!("{restriction}{other}"));

    let refusal = verify(&PROVIDER.wrap(&says(), &PROVIDER.sign(&assertion), Signed::Nothing));

    assert_eq!(refusal, Err(Refusal::Audience));
}

#[test]
fn an_assertion_for_another_recipient_is_refused() {
    let other = "https://hallpass.example/sso/con_2/acs";
    for place in [Signed::Assertion, Signed::Response, Signed::Both] {
        let mut says = says();
        other.clone_into(&mut says.recipient);
        let response = PROVIDER.response(&says, place);
        let unsigned = replace(
            &response,
            &format!("Destination=\"{other}\""),
            &format!("Destination=\"{CONSUMER}\""),
        );

        assert_eq!(verify(&response), Err(Refusal::Destination));
        if place == Signed::Assertion {
            assert_eq!(verify(&unsigned), Err(Refusal::Recipient));
        }
    }
}

#[test]
fn an_assertion_for_another_request_is_refused() {
    signed(|says| says.in_response_to = Some("_other".to_owned()), &Refusal::InResponseTo);
    signed(|says| says.in_response_to = None, &Refusal::InResponseTo);
    // The unsigned response around it says the right one.
    let mut says = says();
    says.in_response_to = Some("_other".to_owned());
    let stolen = PROVIDER.response(&says, Signed::Assertion);
    let stolen =
        stolen.replacen("InResponseTo=\"_other\"", &format!("InResponseTo=\"{REQUEST}\""), 1);
    assert_eq!(verify(&stolen), Err(Refusal::InResponseTo));
}

#[test]
fn an_assertion_that_has_expired_or_not_begun_is_refused() {
    let over = Refusal::Time("it has expired");
    let early = Refusal::Time("it is not valid yet");
    signed(|says| "2026-01-01T11:59:30Z".clone_into(&mut says.not_on_or_after), &over);
    signed(|says| "2026-01-01T12:01:31Z".clone_into(&mut says.not_before), &early);
    signed(|says| "2026-01-01T12:01:31Z".clone_into(&mut says.issued), &early);
    signed(
        |says| "2026-01-01T12:05:00".clone_into(&mut says.not_on_or_after),
        &Refusal::Time("a time is not in UTC"),
    );
    signed(
        |says| "never Z".clone_into(&mut says.not_on_or_after),
        &Refusal::Time("a time cannot be read"),
    );
}

#[test]
fn the_end_is_the_end_to_the_second() {
    let response = BASE64_STANDARD.encode(PROVIDER.response(&says(), Signed::Both));
    let at = |now: &str| {
        saml::verify(&response, &Expected { now: now.parse().unwrap(), ..expected() }).is_ok()
    };

    assert!(at("2026-01-01T12:05:59Z"));
    assert!(!at("2026-01-01T12:06:00Z"));
    assert!(at("2026-01-01T11:59:00Z"));
    assert!(!at("2026-01-01T11:58:59Z"));
}

#[test]
fn the_issuer_is_compared_exactly() {
    let response = BASE64_STANDARD.encode(PROVIDER.response(&says(), Signed::Both));
    for issuer in ["https://other.example", &format!("{ISSUER}/"), &ISSUER.to_uppercase(), ""] {
        let refusal = saml::verify(&response, &Expected { issuer, ..expected() }).unwrap_err();

        assert_eq!(refusal, Refusal::Issuer(ISSUER.to_owned()));
    }
}

#[test]
fn conditions_confirmations_and_statements_that_are_unknown_are_refused() {
    let assertion = PROVIDER.assertion(&says());
    for (from, to) in [
        (
            "<saml:AudienceRestriction>",
            "<saml:Condition></saml:Condition><saml:AudienceRestriction>",
        ),
        ("cm:bearer", "cm:holder-of-key"),
        ("cm:bearer", "cm:sender-vouches"),
        (
            "<saml:SubjectConfirmation ",
            "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"></saml:SubjectConfirmation><saml:SubjectConfirmation ",
        ),
        ("<saml:Conditions ", "<saml:Advice></saml:Advice><saml:Conditions "),
        (
            "NotOnOrAfter=\"2026-01-01T12:05:00Z\" Recipient",
            "NotBefore=\"2026-01-01T12:00:00Z\" NotOnOrAfter=\"2026-01-01T12:05:00Z\" Recipient",
        ),
        (" Version=\"2.0\"", " Version=\"1.1\""),
        ("Name=\"displayName\"", "Name=\"email\""),
    ] {
        let changed = PROVIDER.sign(&replace(&assertion, from, to));
        let refusal = verify(&PROVIDER.wrap(&says(), &changed, Signed::Nothing)).unwrap_err();
        assert!(is_structure(&refusal), "{to}: {refusal}");
    }
}

#[test]
fn a_message_larger_or_deeper_than_any_real_one_is_refused() {
    let response = PROVIDER.response(&says(), Signed::Assertion);
    let deep = format!("{}{}", "<samlp:a>".repeat(60), "</samlp:a>".repeat(60));
    let wide = format!(
        "<a {}/>",
        (0..3000).map(|n| format!("a{n}=\"\" ")).collect::<Vec<_>>().concat()
    );
    for inside in [deep, wide, "x".repeat(300_000)] {
        let large = replace(&response, "<samlp:Status>", &format!("{inside}<samlp:Status>"));
        assert_eq!(verify(&large), Err(Refusal::TooLarge));
    }
}

#[test]
fn what_is_not_xml_or_not_base64_is_refused() {
    for text in ["", "x", "<", "<a>", "<samlp:Response", "\u{0}", "<a/><b/>"] {
        assert!(verify(text).is_err(), "{text}");
    }
    for encoded in ["%", "PHg+*", "PHg"] {
        assert!(saml::verify(encoded, &expected()).is_err(), "{encoded}");
    }
}
