//! Our own key of a connection: it signs requests, and decrypts assertions.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeyPair, KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey,
    PrivateDecryptingKey,
};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::{Timestamp, ToSpan, tz::TimeZone};

use crate::Refusal;
use crate::der::{tag, write, write_unsigned};

const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// Providers store the certificate, and nothing checks its end but people.
const YEARS: i64 = 10;

/// How the key of an encrypted assertion is padded.
#[derive(Clone, Copy)]
pub(crate) enum Padding {
    /// `rsa-oaep-mgf1p` of XML Encryption 1.0. OAEP does not depend on the strength of SHA-1.
    OaepSha1,
    OaepSha256,
}

/// An RSA key of 2048 bits.
pub struct PrivateKey {
    pair: KeyPair,
    pkcs8: Vec<u8>,
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey")
    }
}

impl PrivateKey {
    /// Makes a key. This takes some hundred milliseconds.
    pub fn generate() -> Result<PrivateKey, Refusal> {
        let failed = |_| Refusal::malformed("no RSA key could be made");
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
        let pkcs8 = der.as_ref().to_vec();
        Ok(PrivateKey { pair, pkcs8 })
    }

    /// Reads a key that was stored.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<PrivateKey, Refusal> {
        let pair = KeyPair::from_pkcs8(pkcs8).map_err(Refusal::malformed)?;
        Ok(PrivateKey { pair, pkcs8: pkcs8.to_vec() })
    }

    /// The key to store, encrypted.
    #[must_use]
    pub fn to_pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// Signs by RSA with PKCS #1 and SHA-256.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| Refusal::malformed("the request could not be signed"))?;
        Ok(signature)
    }

    pub(crate) fn decrypt(&self, padding: Padding, sealed: &[u8]) -> Result<Vec<u8>, Refusal> {
        let failed = |_| Refusal::Decryption;
        let key =
            PrivateDecryptingKey::from_pkcs8(&self.pkcs8).map_err(|_| Refusal::Decryption)?;
        let key = OaepPrivateDecryptingKey::new(key).map_err(failed)?;
        let mut plain = vec![0; key.min_output_size()];
        let algorithm = match padding {
            Padding::OaepSha1 => &OAEP_SHA1_MGF1SHA1,
            Padding::OaepSha256 => &OAEP_SHA256_MGF1SHA256,
        };
        Ok(key.decrypt(algorithm, sealed, &mut plain, None).map_err(failed)?.to_vec())
    }

    /// A certificate that the key signs itself, in DER. Its number must be random.
    pub fn certify(
        &self,
        name: &str,
        number: [u8; 16],
        now: Timestamp,
    ) -> Result<Vec<u8>, Refusal> {
        let algorithm = write(tag::SEQUENCE, &[&write(tag::OID, &[SHA256_WITH_RSA]), &null()]);
        let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
        let name = write(
            tag::SEQUENCE,
            &[&write(tag::OID, &[COMMON_NAME]), &write(tag::UTF8, &[name.as_bytes()])],
        );
        let name = write(tag::SEQUENCE, &[&write(tag::SET, &[&name])]);
        let start = now.to_zoned(TimeZone::UTC);
        let end = start.checked_add(YEARS.years()).map_err(Refusal::malformed)?;
        let time = |time: &jiff::Zoned| {
            write(tag::GENERAL_TIME, &[time.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes()])
        };
        let validity = write(tag::SEQUENCE, &[&time(&start), &time(&end)]);
        let key_algorithm = write(tag::SEQUENCE, &[&write(tag::OID, &[RSA]), &null()]);
        let key = write(
            tag::SEQUENCE,
            &[
                &key_algorithm,
                &write(tag::BIT_STRING, &[&[0], self.pair.public_key().as_ref()]),
            ],
        );
        let version = write(tag::EXPLICIT_0, &[&write_unsigned(&[2])]);
        let mut number = number;
        if let Some(first) = number.first_mut() {
            *first = (*first & 0x3f) | 0x40;
        }
        let body = write(
            tag::SEQUENCE,
            &[&version, &write_unsigned(&number), &algorithm, &name, &validity, &name, &key],
        );
        let signature = self.sign(&body)?;
        let signature = write(tag::BIT_STRING, &[&[0], &signature]);
        Ok(write(tag::SEQUENCE, &[&body, &algorithm, &signature]))
    }

    /// Signs, in base64.
    pub(crate) fn sign_to_base64(&self, message: &[u8]) -> Result<String, Refusal> {
        Ok(BASE64_STANDARD.encode(self.sign(message)?))
    }
}

fn null() -> Vec<u8> {
    write(tag::NULL, &[])
}
