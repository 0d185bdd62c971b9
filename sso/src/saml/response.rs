//! Responses: finding the one assertion, and what signs it.

use roxmltree::{Document, Node};

use super::assertion::{self, expect_version};
use super::expected::{Expected, check_answer};
use super::signature::{self, Verified};
use super::{binding, encryption, namespace, time};
use crate::xml;
use crate::{Identity, Refusal};

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// Verifies a `SAMLResponse` of the POST binding, and reads who has signed in.
///
/// The caller must see to it that [`Identity::once`] is used once.
pub fn verify(saml_response: &str, expected: &Expected<'_>) -> Result<Identity, Refusal> {
    let text = binding::decode_post(saml_response)?;
    let document = xml::parse(&text)?;
    let response = document.root_element();
    xml::expect(response, namespace::PROTOCOL, "Response")?;
    let parts = Parts::read(&document)?;
    check_response(response, &parts, expected)?;

    let around = match parts.signature {
        Some(signature) => Some(signature::verify(signature, expected.keys)?),
        None => None,
    };
    match parts.assertion {
        Carried::Plain(node) => {
            let verified = verified_assertion(node, around, expected)?;
            assertion::read(verified, expected)
        }
        Carried::Encrypted(cipher) => {
            let key = expected.key.ok_or(Refusal::Decryption)?;
            let text = encryption::decrypt(cipher, key)?;
            let decrypted = xml::parse(&text)?;
            let node = decrypted.root_element();
            xml::expect(node, namespace::ASSERTION, "Assertion")?;
            check_count(&decrypted, "Assertion", 1)?;
            check_count(&decrypted, "EncryptedAssertion", 0)?;
            check_signatures(&decrypted, &[signature::find(node)?])?;
            let around = around.and_then(|around| around.decrypted(cipher, node));
            let verified = match signature::find(node)? {
                Some(signature) => signature::verify(signature, expected.keys)?,
                None => around.ok_or(Refusal::Unsigned)?,
            };
            assertion::read(verified, expected)
        }
    }
}

/// The assertion as covered by its own signature, or by the one of the response. Both must be good
/// where there are both.
fn verified_assertion<'a, 'i>(
    node: Node<'a, 'i>,
    around: Option<Verified<'a, 'i>>,
    expected: &Expected<'_>,
) -> Result<Verified<'a, 'i>, Refusal> {
    match signature::find(node)? {
        Some(signature) => signature::verify(signature, expected.keys),
        None => around.and_then(|around| around.part(node)).ok_or(Refusal::Unsigned),
    }
}

enum Carried<'a, 'i> {
    Plain(Node<'a, 'i>),
    Encrypted(Node<'a, 'i>),
}

/// The children of a response, of which there are no others.
struct Parts<'a, 'i> {
    issuer: Option<Node<'a, 'i>>,
    signature: Option<Node<'a, 'i>>,
    status: Node<'a, 'i>,
    assertion: Carried<'a, 'i>,
}

impl<'a, 'i> Parts<'a, 'i> {
    fn read(document: &'a Document<'i>) -> Result<Parts<'a, 'i>, Refusal> {
        let response = document.root_element();
        let issuer = xml::optional_child(response, namespace::ASSERTION, "Issuer")?;
        let signature = signature::find(response)?;
        let status = xml::only_child(response, namespace::PROTOCOL, "Status")?;
        check_status(status)?;
        let plain = xml::optional_child(response, namespace::ASSERTION, "Assertion")?;
        let encrypted =
            xml::optional_child(response, namespace::ASSERTION, "EncryptedAssertion")?;
        let assertion = match (plain, encrypted) {
            (Some(node), None) => Carried::Plain(node),
            (None, Some(node)) => Carried::Encrypted(node),
            (None, None) => return Err(Refusal::structure("`Response` without `Assertion`")),
            (Some(_), Some(_)) => return Err(Refusal::structure("more than one `Assertion`")),
        };
        let known = 2 + usize::from(issuer.is_some()) + usize::from(signature.is_some());
        if xml::elements(response)?.len() != known {
            return Err(Refusal::structure("`Response` has other parts than it may have"));
        }
        check_count(document, "Assertion", usize::from(plain.is_some()))?;
        check_count(document, "EncryptedAssertion", usize::from(encrypted.is_some()))?;
        let inner = plain.map(signature::find).transpose()?.flatten();
        check_signatures(document, &[signature, inner])?;
        Ok(Parts { issuer, signature, status, assertion })
    }
}

/// Fails unless there are as many elements of this name, anywhere and in any namespace.
fn check_count(document: &Document<'_>, name: &str, count: usize) -> Result<(), Refusal> {
    let found = document.descendants().filter(|node| node.tag_name().name() == name).count();
    if found == count {
        return Ok(());
    }
    Err(Refusal::Structure(format!("`{name}` where it may not be")))
}

/// Fails if there is a signature in another place than these.
fn check_signatures(
    document: &Document<'_>,
    places: &[Option<Node<'_, '_>>],
) -> Result<(), Refusal> {
    check_count(document, "Signature", places.iter().flatten().count())
}

fn check_status(status: Node<'_, '_>) -> Result<(), Refusal> {
    let code = xml::only_child(status, namespace::PROTOCOL, "StatusCode")?;
    let value = xml::attribute(code, "Value")?;
    if value == SUCCESS {
        return Ok(());
    }
    let detail = xml::optional_child(code, namespace::PROTOCOL, "StatusCode")?;
    let detail = detail.and_then(|detail| xml::optional_attribute(detail, "Value"));
    let message = xml::optional_child(status, namespace::PROTOCOL, "StatusMessage")?;
    let message = message.map(xml::text).transpose()?;
    let words = [Some(value), detail, message];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    Err(Refusal::NotSignedIn(Refusal::quote(&words.join(" "))))
}

/// Checks what the response says around the assertion. It may not be signed: the assertion repeats
/// what matters.
fn check_response(
    response: Node<'_, '_>,
    parts: &Parts<'_, '_>,
    expected: &Expected<'_>,
) -> Result<(), Refusal> {
    expect_version(response)?;
    xml::attribute(response, "ID")?;
    let issued = time::parse(xml::attribute(response, "IssueInstant")?)?;
    time::check_begun(issued, expected.now)?;
    if let Some(issuer) = parts.issuer {
        assertion::check_issuer(issuer, expected.issuer)?;
    }
    match xml::optional_attribute(response, "Destination") {
        Some(destination) if destination == expected.recipient => {}
        // The binding requires it of signed responses.
        None if parts.signature.is_none() => {}
        _ => return Err(Refusal::Destination),
    }
    check_answer(response, expected.answer)?;
    // `Parts::read` has checked it; named here so that it is not forgotten.
    check_status(parts.status)
}
