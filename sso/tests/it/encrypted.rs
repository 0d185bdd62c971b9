//! Encrypted assertions.

use aws_lc_rs::aead::{
    AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, Nonce, UnboundKey,
};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PrivateDecryptingKey,
};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hallpass_sso::Refusal;
use hallpass_sso::saml::PrivateKey;

use crate::saml_provider::Signed;
use crate::set_up::{OUR_KEY, PROVIDER, replace, says, verify};

const OAEP_1_0: &str = "<xenc:EncryptionMethod \
                        Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\"/>";
const OAEP_1_1: &str = "<xenc:EncryptionMethod \
    Algorithm=\"http://www.w3.org/2009/xmlenc11#rsa-oaep\">\
    <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\
    <x:MGF xmlns:x=\"http://www.w3.org/2009/xmlenc11#\" \
    Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"/></xenc:EncryptionMethod>";

/// Encrypts a text for a key: RSA-OAEP with SHA-1 as XML Encryption 1.0 has it, and AES-256-GCM.
pub(crate) fn encrypt(text: &str, key: &PrivateKey) -> String {
    encrypt_by(text, key, &AES_256_GCM, OAEP_1_0)
}

fn encrypt_by(text: &str, key: &PrivateKey, cipher: &'static Algorithm, oaep: &str) -> String {
    let content_key = vec![9; cipher.key_len()];
    let sealing = LessSafeKey::new(UnboundKey::new(cipher, &content_key).unwrap());
    let mut sealed = text.as_bytes().to_vec();
    let nonce = Nonce::assume_unique_for_key([1; 12]);
    sealing.seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed).unwrap();
    let sealed = [&[1; 12], sealed.as_slice()].concat();

    let public = PrivateDecryptingKey::from_pkcs8(key.to_pkcs8()).unwrap().public_key();
    let public = OaepPublicEncryptingKey::new(public).unwrap();
    let mut wrapped = vec![0; public.ciphertext_size()];
    let padding = if oaep == OAEP_1_1 { &OAEP_SHA256_MGF1SHA256 } else { &OAEP_SHA1_MGF1SHA1 };
    let wrapped = public.encrypt(padding, &content_key, &mut wrapped, None).unwrap().to_vec();
    let bits = cipher.key_len() * 8;
    format!(
        "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         <xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" \
         Type=\"http://www.w3.org/2001/04/xmlenc#Element\">\
         <xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes{bits}-gcm\"/>\
         <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><xenc:EncryptedKey>{oaep}\
         <xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData>\
         </xenc:EncryptedKey></ds:KeyInfo>\
         <xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData>\
         </xenc:EncryptedData></saml:EncryptedAssertion>",
        BASE64_STANDARD.encode(wrapped),
        BASE64_STANDARD.encode(sealed)
    )
}

fn signed() -> String {
    PROVIDER.sign(&PROVIDER.assertion(&says()))
}

#[test]
fn an_encrypted_assertion_is_decrypted_and_verified() {
    for (cipher, oaep) in
        [(&AES_256_GCM, OAEP_1_0), (&AES_128_GCM, OAEP_1_0), (&AES_256_GCM, OAEP_1_1)]
    {
        let encrypted = encrypt_by(&signed(), &OUR_KEY, cipher, oaep);

        let identity = verify(&PROVIDER.wrap(&says(), &encrypted, Signed::Nothing)).unwrap();

        assert_eq!(identity.subject, "persistent:ben-4711");
    }
}

#[test]
fn everyone_can_encrypt_so_an_encrypted_assertion_without_signature_is_nothing() {
    let encrypted = encrypt(&PROVIDER.assertion(&says()), &OUR_KEY);

    let refusal = verify(&PROVIDER.wrap(&says(), &encrypted, Signed::Nothing)).unwrap_err();

    assert_eq!(refusal, Refusal::Unsigned);
}

#[test]
fn an_assertion_for_another_key_is_refused() {
    let encrypted = encrypt(&signed(), &PrivateKey::generate().unwrap());

    let refusal = verify(&PROVIDER.wrap(&says(), &encrypted, Signed::Nothing)).unwrap_err();

    assert_eq!(refusal, Refusal::Decryption);
}

#[test]
fn every_changed_byte_of_the_cipher_text_is_noticed() {
    let encrypted = encrypt(&signed(), &OUR_KEY);
    let start = encrypted.rfind("<xenc:CipherValue>").unwrap() + "<xenc:CipherValue>".len();
    for at in (start..encrypted.len() - 120).step_by(97) {
        let mut changed = encrypted.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();

        let result = verify(&PROVIDER.wrap(&says(), &changed, Signed::Nothing));

        assert!(result.is_err(), "{at}");
    }
}

#[test]
fn other_algorithms_than_oaep_and_gcm_are_refused() {
    let encrypted = encrypt(&signed(), &OUR_KEY);
    for (from, to) in [
        ("xmlenc11#aes256-gcm", "xmlenc11#aes192-gcm"),
        (
            "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        ),
        (
            "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
        ),
        ("xmlenc#rsa-oaep-mgf1p", "xmlenc#rsa-1_5"),
    ] {
        let response = PROVIDER.wrap(&says(), &replace(&encrypted, from, to), Signed::Nothing);

        let refusal = verify(&response).unwrap_err();

        assert!(matches!(refusal, Refusal::Algorithm(_)), "{to}: {refusal}");
    }
}

#[test]
fn a_reference_to_cipher_text_elsewhere_is_refused() {
    let encrypted = encrypt(&signed(), &OUR_KEY);
    let start = encrypted.rfind("<xenc:CipherValue>").unwrap();
    let elsewhere = format!(
        "{}<xenc:CipherReference URI=\"https://evil.example/\"/></xenc:CipherData>\
         </xenc:EncryptedData></saml:EncryptedAssertion>",
        &encrypted[..start]
    );

    let refusal = verify(&PROVIDER.wrap(&says(), &elsewhere, Signed::Nothing)).unwrap_err();

    assert!(matches!(refusal, Refusal::Structure(_)), "{refusal}");
}
