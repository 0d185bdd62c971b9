//! Encrypted assertions: a key by RSA-OAEP, the text by AES-GCM.

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use roxmltree::Node;

use super::key::{Padding, PrivateKey};
use super::namespace;
use super::signature::decode;
use crate::Refusal;
use crate::xml;

const NONCE: usize = 12;
const OAEP_1_0: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const OAEP_1_1: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const MGF_SHA1: &str = "http://www.w3.org/2009/xmlenc11#mgf1sha1";
const MGF_SHA256: &str = "http://www.w3.org/2009/xmlenc11#mgf1sha256";

/// Decrypts the content of an `EncryptedAssertion`.
pub(crate) fn decrypt(encrypted: Node<'_, '_>, key: &PrivateKey) -> Result<String, Refusal> {
    let parts = xml::elements(encrypted)?;
    let [data] = parts.as_slice() else {
        return Err(Refusal::structure(
            "`EncryptedAssertion` has other parts than it may have",
        ));
    };
    xml::expect(*data, namespace::ENCRYPTION, "EncryptedData")?;
    let [method, info, cipher] = three(*data)?;
    xml::expect(method, namespace::ENCRYPTION, "EncryptionMethod")?;
    xml::expect(info, namespace::SIGNATURE, "KeyInfo")?;
    let sealed = cipher_value(cipher)?;
    let cipher = match xml::attribute(method, "Algorithm")? {
        "http://www.w3.org/2009/xmlenc11#aes128-gcm" => &AES_128_GCM,
        "http://www.w3.org/2009/xmlenc11#aes256-gcm" => &AES_256_GCM,
        other => return Err(Refusal::Algorithm(Refusal::quote(other))),
    };
    let infos = xml::elements(info)?;
    let [encrypted_key] = infos.as_slice() else {
        return Err(Refusal::structure("more than one way to the key"));
    };
    let content_key = decrypt_key(*encrypted_key, key)?;

    let failed = |_| Refusal::Decryption;
    let content_key = LessSafeKey::new(UnboundKey::new(cipher, &content_key).map_err(failed)?);
    let (nonce, text) = sealed.split_at_checked(NONCE).ok_or(Refusal::Decryption)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(failed)?;
    let mut text = text.to_vec();
    let plain = content_key.open_in_place(nonce, Aad::empty(), &mut text).map_err(failed)?;
    String::from_utf8(plain.to_vec()).map_err(Refusal::malformed)
}

fn decrypt_key(encrypted: Node<'_, '_>, key: &PrivateKey) -> Result<Vec<u8>, Refusal> {
    xml::expect(encrypted, namespace::ENCRYPTION, "EncryptedKey")?;
    let method = xml::only_child(encrypted, namespace::ENCRYPTION, "EncryptionMethod")?;
    let cipher = xml::only_child(encrypted, namespace::ENCRYPTION, "CipherData")?;
    key.decrypt(padding(method)?, &cipher_value(cipher)?)
}

/// OAEP with the same hash function for both of its purposes.
fn padding(method: Node<'_, '_>) -> Result<Padding, Refusal> {
    let name = xml::attribute(method, "Algorithm")?;
    let hash = xml::optional_child(method, namespace::SIGNATURE, "DigestMethod")?;
    let hash = hash.map(|hash| xml::attribute(hash, "Algorithm")).transpose()?;
    let mask = xml::optional_child(method, namespace::ENCRYPTION_1_1, "MGF")?;
    let mask = mask.map(|mask| xml::attribute(mask, "Algorithm")).transpose()?;
    let known = usize::from(hash.is_some()) + usize::from(mask.is_some());
    if xml::elements(method)?.len() != known {
        return Err(Refusal::structure("unknown parameters of RSA-OAEP"));
    }
    match (name, hash.unwrap_or(SHA1), mask.unwrap_or(MGF_SHA1)) {
        (OAEP_1_0 | OAEP_1_1, SHA1, MGF_SHA1) => Ok(Padding::OaepSha1),
        (OAEP_1_1, SHA256, MGF_SHA256) => Ok(Padding::OaepSha256),
        (name, hash, mask) => {
            Err(Refusal::Algorithm(Refusal::quote(&format!("{name} {hash} {mask}"))))
        }
    }
}

fn cipher_value(data: Node<'_, '_>) -> Result<Vec<u8>, Refusal> {
    xml::expect(data, namespace::ENCRYPTION, "CipherData")?;
    let parts = xml::elements(data)?;
    let [value] = parts.as_slice() else {
        return Err(Refusal::structure("`CipherData` has other parts than it may have"));
    };
    xml::expect(*value, namespace::ENCRYPTION, "CipherValue")?;
    decode(xml::text(*value)?)
}

fn three<'a, 'i>(node: Node<'a, 'i>) -> Result<[Node<'a, 'i>; 3], Refusal> {
    <[Node<'a, 'i>; 3]>::try_from(xml::elements(node)?)
        .map_err(|_| Refusal::structure("`EncryptedData` has other parts than it may have"))
}
