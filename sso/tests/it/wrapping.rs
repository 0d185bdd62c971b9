//! Signature wrapping: the eight permutations that are known, and their relatives.
//!
//! In each of them the original, signed element is still in the document with a good signature, and
//! another one says that Eve is Anna.

use hallpass_sso::Refusal;

use crate::saml_provider::{Signed, insert_signature};
use crate::set_up::{OUR_KEY, PROVIDER, attack, between, replace, says, verify};

const SIGNATURE: (&str, &str) = ("<ds:Signature ", "</ds:Signature>");
const ASSERTION: (&str, &str) = ("<saml:Assertion ", "</saml:Assertion>");

fn signature_of(text: &str) -> &str {
    between(text, SIGNATURE.0, SIGNATURE.1)
}

fn assertion_of(text: &str) -> &str {
    between(text, ASSERTION.0, ASSERTION.1)
}

fn without_signature(text: &str) -> String {
    replace(text, signature_of(text), "")
}

/// The same element for another person, with another id and without signature.
fn evil(element: &str) -> String {
    let element = without_signature(element);
    let element = replace(&element, "ben-4711", "anna-1");
    element.replace(" ID=\"_a1\"", " ID=\"_evil_a\"").replace(" ID=\"_r1\"", " ID=\"_evil_r\"")
}

fn into_signature(signature: &str, inside: &str) -> String {
    replace(signature, "</ds:Signature>", &format!("{inside}</ds:Signature>"))
}

fn is_structure(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Structure(_))
}

#[test]
fn xsw_1_the_signed_response_is_inside_of_the_signature_of_another() {
    attack(
        Signed::Response,
        |text| {
            let signature = into_signature(signature_of(text), &without_signature(text));
            insert_signature(&evil(text), &signature)
        },
        is_structure,
    );
}

#[test]
fn xsw_2_the_signed_response_is_beside_its_signature_in_another() {
    attack(
        Signed::Response,
        |text| {
            let both = format!("{}{}", without_signature(text), signature_of(text));
            insert_signature(&evil(text), &both)
        },
        is_structure,
    );
}

#[test]
fn xsw_3_another_assertion_is_before_the_signed_one() {
    attack(
        Signed::Assertion,
        |text| {
            let original = assertion_of(text);
            replace(text, original, &format!("{}{original}", evil(original)))
        },
        is_structure,
    );
}

#[test]
fn xsw_3_reversed_another_assertion_is_after_the_signed_one() {
    attack(
        Signed::Assertion,
        |text| {
            let original = assertion_of(text);
            replace(text, original, &format!("{original}{}", evil(original)))
        },
        is_structure,
    );
}

#[test]
fn xsw_4_the_signed_assertion_is_inside_of_another() {
    attack(
        Signed::Assertion,
        |text| {
            let original = assertion_of(text);
            let inside = format!("{original}</saml:Assertion>");
            replace(text, original, &replace(&evil(original), "</saml:Assertion>", &inside))
        },
        is_structure,
    );
}

#[test]
fn xsw_5_another_assertion_has_the_signature_of_one_at_the_end() {
    attack(
        Signed::Assertion,
        |text| {
            let original = assertion_of(text);
            let evil = insert_signature(&evil(original), signature_of(original));
            replace(text, original, &format!("{evil}{}", without_signature(original)))
        },
        is_structure,
    );
}

#[test]
fn xsw_6_the_signed_assertion_is_inside_of_the_signature_of_another() {
    attack(
        Signed::Assertion,
        |text| {
            let original = assertion_of(text);
            let signature =
                into_signature(signature_of(original), &without_signature(original));
            replace(text, original, &insert_signature(&evil(original), &signature))
        },
        is_structure,
    );
}

#[test]
fn xsw_7_another_assertion_is_inside_of_extensions() {
    attack(
        Signed::Assertion,
        |text| {
            let original = assertion_of(text);
            let extensions =
                format!("<samlp:Extensions>{}</samlp:Extensions>{original}", evil(original));
            replace(text, original, &extensions)
        },
        is_structure,
    );
}

#[test]
fn xsw_8_the_signed_assertion_is_inside_of_an_object() {
    attack(
        Signed::Assertion,
        |text| {
            let original = assertion_of(text);
            let object = format!("<ds:Object>{}</ds:Object>", without_signature(original));
            let signature = into_signature(signature_of(original), &object);
            replace(text, original, &insert_signature(&evil(original), &signature))
        },
        is_structure,
    );
}

#[test]
fn an_assertion_has_the_signature_of_another_with_the_same_id() {
    attack(
        Signed::Assertion,
        |text| {
            let original = assertion_of(text);
            let evil = replace(&evil(original), "_evil_a", "_a1");
            let evil = insert_signature(&evil, signature_of(original));
            replace(text, original, &format!("{evil}{}", without_signature(original)))
        },
        is_structure,
    );
}

#[test]
fn the_signature_is_taken_from_another_assertion() {
    attack(
        Signed::Assertion,
        |text| {
            let original = assertion_of(text);
            let evil = replace(&evil(original), "_evil_a", "_a1");
            replace(text, original, &insert_signature(&evil, signature_of(original)))
        },
        |refusal| *refusal == Refusal::Digest,
    );
}

#[test]
fn the_assertion_is_inside_of_key_info() {
    attack(
        Signed::Response,
        |text| {
            let original = assertion_of(text);
            let info = format!("<ds:KeyInfo>{original}</ds:KeyInfo>");
            let signature = into_signature(signature_of(text), &info);
            let evil = replace(text, original, &evil_unsigned(original));
            replace(&evil, signature_of(text), &signature)
        },
        is_structure,
    );
}

fn evil_unsigned(element: &str) -> String {
    replace(&replace(element, "ben-4711", "anna-1"), " ID=\"_a1\"", " ID=\"_evil_a\"")
}

#[test]
fn a_signature_beside_the_assertion_is_not_a_signature_of_it() {
    attack(
        Signed::Assertion,
        |text| {
            let original = assertion_of(text);
            let beside = format!("{}{}", without_signature(original), signature_of(original));
            replace(text, original, &beside)
        },
        is_structure,
    );
}

#[test]
fn an_unsigned_assertion_is_encrypted_beside_a_signed_one() {
    let encrypted = crate::encrypted::encrypt(
        &replace(&PROVIDER.assertion(&says()), "ben-4711", "anna-1"),
        &OUR_KEY,
    );
    attack(
        Signed::Assertion,
        |text| {
            let original = assertion_of(text);
            replace(text, original, &format!("{encrypted}{original}"))
        },
        is_structure,
    );
}

#[test]
fn a_signed_assertion_is_wrapped_under_encryption() {
    let original = PROVIDER.sign(&PROVIDER.assertion(&says()));
    let control = PROVIDER.wrap(
        &says(),
        &crate::encrypted::encrypt(&original, &OUR_KEY),
        Signed::Nothing,
    );
    assert!(verify(&control).is_ok());
    let signature = into_signature(
        signature_of(&original),
        &format!("<ds:Object>{}</ds:Object>", without_signature(&original)),
    );
    let wrapped = [
        insert_signature(&evil(&original), &signature),
        replace(&evil(&original), "</saml:Assertion>", &format!("{original}</saml:Assertion>")),
        format!("{}{original}", evil(&original)),
        format!("<x>{}{original}</x>", evil(&original)),
        evil(&original),
    ];

    for text in wrapped {
        let encrypted = crate::encrypted::encrypt(&text, &OUR_KEY);
        let response = PROVIDER.wrap(&says(), &encrypted, Signed::Nothing);
        assert!(verify(&response).is_err(), "let in: {text}");
    }
}
