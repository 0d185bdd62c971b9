//! XML signatures, in the one shape that is accepted.

use aws_lc_rs::digest;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use roxmltree::Node;

use super::certificate::Certificate;
use super::{algorithm, namespace};
use crate::Refusal;
use crate::xml;

/// An element of which every byte was covered by a signature of the connection.
///
/// Only [`verify`] makes one, and its two methods from one.
#[derive(Clone, Copy)]
pub(crate) struct Verified<'a, 'i>(Node<'a, 'i>);

impl<'a, 'i> Verified<'a, 'i> {
    /// The node that was digested, without the signature in it.
    pub(crate) fn node(self) -> Node<'a, 'i> {
        self.0
    }

    /// An element inside this one.
    pub(crate) fn part(self, node: Node<'a, 'i>) -> Option<Verified<'a, 'i>> {
        node.ancestors().any(|ancestor| ancestor == self.0).then_some(Verified(node))
    }

    /// The root of a document that was decrypted from `cipher`, which is inside this element: the
    /// signature covers the cipher text.
    pub(crate) fn decrypted<'b, 'j>(
        self,
        cipher: Node<'a, 'i>,
        root: Node<'b, 'j>,
    ) -> Option<Verified<'b, 'j>> {
        self.part(cipher).map(|_| Verified(root))
    }
}

/// The signature that is a direct child of this element.
pub(crate) fn find<'a, 'i>(parent: Node<'a, 'i>) -> Result<Option<Node<'a, 'i>>, Refusal> {
    xml::optional_child(parent, namespace::SIGNATURE, "Signature")
}

/// Verifies that this signature covers its parent, by one of these keys.
pub(crate) fn verify<'a, 'i>(
    signature: Node<'a, 'i>,
    keys: &[Certificate],
) -> Result<Verified<'a, 'i>, Refusal> {
    let parent = signature
        .parent_element()
        .ok_or_else(|| Refusal::structure("a signature that is not inside of what it signs"))?;
    xml::expect(signature, namespace::SIGNATURE, "Signature")?;
    let parts = xml::elements(signature)?;
    let (info, value) = match parts.as_slice() {
        [info, value] => (*info, *value),
        [info, value, key] => {
            xml::expect(*key, namespace::SIGNATURE, "KeyInfo")?;
            (*info, *value)
        }
        _ => return Err(Refusal::structure("`Signature` has other parts than it may have")),
    };
    xml::expect(info, namespace::SIGNATURE, "SignedInfo")?;
    xml::expect(value, namespace::SIGNATURE, "SignatureValue")?;

    let [canonicalization, method, reference] = three(info, "SignedInfo")?;
    xml::expect(canonicalization, namespace::SIGNATURE, "CanonicalizationMethod")?;
    xml::expect(method, namespace::SIGNATURE, "SignatureMethod")?;
    xml::expect(reference, namespace::SIGNATURE, "Reference")?;
    let inclusive = exclusive_prefixes(canonicalization)?;
    let signed = xml::canonicalize(info, &inclusive, None)?;
    let algorithm = algorithm::signature(xml::attribute(method, "Algorithm")?)?;
    expect_empty(method)?;
    let value = decode(xml::text(value)?)?;
    if !keys.iter().any(|key| key.verifies(&algorithm, &signed, &value)) {
        return Err(Refusal::Signature);
    }
    check_reference(reference, parent, signature)?;
    Ok(Verified(parent))
}

/// The reference must be to the parent of the signature, and its digest that of the parent.
fn check_reference(
    reference: Node<'_, '_>,
    parent: Node<'_, '_>,
    signature: Node<'_, '_>,
) -> Result<(), Refusal> {
    let id = xml::attribute(parent, "ID")?;
    if xml::attribute(reference, "URI")?.strip_prefix('#') != Some(id) {
        return Err(Refusal::structure("a signature that refers to another element"));
    }
    let [transforms, method, value] = three(reference, "Reference")?;
    xml::expect(transforms, namespace::SIGNATURE, "Transforms")?;
    xml::expect(method, namespace::SIGNATURE, "DigestMethod")?;
    xml::expect(value, namespace::SIGNATURE, "DigestValue")?;
    let transforms = xml::elements(transforms)?;
    let [enveloped, exclusive] = transforms.as_slice() else {
        return Err(Refusal::structure("other transforms than the two that are accepted"));
    };
    xml::expect(*enveloped, namespace::SIGNATURE, "Transform")?;
    xml::expect(*exclusive, namespace::SIGNATURE, "Transform")?;
    let first = xml::attribute(*enveloped, "Algorithm")?;
    if first != algorithm::ENVELOPED {
        return Err(Refusal::Algorithm(Refusal::quote(first)));
    }
    expect_empty(*enveloped)?;
    let inclusive = exclusive_prefixes(*exclusive)?;
    let hash = algorithm::hash(xml::attribute(method, "Algorithm")?)?;
    expect_empty(method)?;

    let canonical = xml::canonicalize(parent, &inclusive, Some(signature.id()))?;
    let found = digest::digest(hash, &canonical);
    let expected = decode(xml::text(value)?)?;
    if found.as_ref() != expected.as_slice() {
        return Err(Refusal::Digest);
    }
    Ok(())
}

/// The prefixes that exclusive canonicalisation by this method treats as inclusive.
fn exclusive_prefixes<'a>(method: Node<'a, '_>) -> Result<Vec<&'a str>, Refusal> {
    let name = xml::attribute(method, "Algorithm")?;
    if name != algorithm::EXCLUSIVE {
        return Err(Refusal::Algorithm(Refusal::quote(name)));
    }
    let parts = xml::elements(method)?;
    match parts.as_slice() {
        [] => Ok(Vec::new()),
        [only] => {
            xml::expect(*only, namespace::EXCLUSIVE, "InclusiveNamespaces")?;
            expect_empty(*only)?;
            let list = xml::optional_attribute(*only, "PrefixList").unwrap_or_default();
            Ok(list.split_ascii_whitespace().collect())
        }
        _ => Err(Refusal::structure("parameters of a canonicalisation")),
    }
}

fn three<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Result<[Node<'a, 'i>; 3], Refusal> {
    <[Node<'a, 'i>; 3]>::try_from(xml::elements(node)?)
        .map_err(|_| Refusal::Structure(format!("`{name}` has other parts than it may have")))
}

fn expect_empty(node: Node<'_, '_>) -> Result<(), Refusal> {
    if xml::elements(node)?.is_empty() {
        return Ok(());
    }
    let name = Refusal::quote(node.tag_name().name());
    Err(Refusal::Structure(format!("`{name}` with parameters")))
}

/// Base64 as XML writes it: with line breaks.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Refusal> {
    let text: String = text.chars().filter(|c| !" \t\r\n".contains(*c)).collect();
    BASE64_STANDARD.decode(text).map_err(Refusal::malformed)
}
