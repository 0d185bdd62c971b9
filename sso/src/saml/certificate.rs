//! The certificate of an identity provider, of which its key matters.

use aws_lc_rs::digest::{self, SHA256};
use aws_lc_rs::signature::UnparsedPublicKey;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::algorithm::{Algorithm, KeyKind};
use crate::Refusal;
use crate::der::{Reader, tag};

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];

/// The smallest RSA key: 2048 bits.
const SMALLEST_RSA: usize = 256;
/// The largest that is verified: 8192 bits.
const LARGEST_RSA: usize = 1024;

/// An X.509 certificate whose key verifies signatures.
///
/// Who has signed it and until when does not matter: the administrator has said that this key is the
/// provider's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    kind: KeyKind,
    key: Vec<u8>,
    expires_at: Timestamp,
}

impl Certificate {
    /// Parses DER.
    pub fn from_der(der: &[u8]) -> Result<Certificate, Refusal> {
        let (kind, key, expires_at) = read(der)
            .ok_or_else(|| Refusal::malformed("not an X.509 certificate that is known"))?;
        if kind == KeyKind::Rsa {
            check_rsa(&key)?;
        }
        Ok(Certificate { der: der.to_vec(), kind, key, expires_at })
    }

    /// Parses base64, with or without the lines `-----BEGIN CERTIFICATE-----` and `-----END …`.
    pub fn from_text(text: &str) -> Result<Certificate, Refusal> {
        let body: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("-----"))
            .flat_map(str::chars)
            .filter(|c| !c.is_ascii_whitespace())
            .collect();
        Certificate::from_der(&BASE64_STANDARD.decode(body).map_err(Refusal::malformed)?)
    }

    /// The certificate in base64, in one line.
    #[must_use]
    pub fn to_base64(&self) -> String {
        BASE64_STANDARD.encode(&self.der)
    }

    /// SHA-256 of the certificate, as programs show it: `AB:CD:…`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = digest::digest(&SHA256, &self.der);
        let pairs: Vec<String> =
            hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        pairs.join(":")
    }

    /// When it says that it expires. Providers renew before that.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Whether this key has made this signature by this algorithm.
    pub(crate) fn verifies(
        &self,
        algorithm: &Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        self.kind == algorithm.key
            && UnparsedPublicKey::new(algorithm.verification, &self.key)
                .verify(message, signature)
                .is_ok()
    }
}

fn read(der: &[u8]) -> Option<(KeyKind, Vec<u8>, Timestamp)> {
    let mut file = Reader::new(der);
    let mut certificate = file.sequence()?;
    if !file.is_at_end() {
        return None;
    }
    let mut body = certificate.sequence()?;
    if body.peek() == Some(tag::EXPLICIT_0) {
        body.any()?;
    }
    body.value(tag::INTEGER)?;
    body.sequence()?; // algorithm of its signature
    body.sequence()?; // issuer
    let mut validity = body.sequence()?;
    validity.any()?;
    let expires_at = time(validity.any()?)?;
    body.sequence()?; // subject
    let (kind, key) = public_key(body.sequence()?)?;
    Some((kind, key.to_vec(), expires_at))
}

fn public_key(mut info: Reader<'_>) -> Option<(KeyKind, &[u8])> {
    let mut algorithm = info.sequence()?;
    let kind = match algorithm.value(tag::OID)? {
        RSA => KeyKind::Rsa,
        EC => match algorithm.value(tag::OID)? {
            P256 => KeyKind::P256,
            P384 => KeyKind::P384,
            P521 => KeyKind::P521,
            _ => return None,
        },
        _ => return None,
    };
    Some((kind, info.bits()?))
}

fn check_rsa(key: &[u8]) -> Result<(), Refusal> {
    let modulus = Reader::new(key).sequence().and_then(|mut key| key.value(tag::INTEGER));
    let modulus = modulus.unwrap_or_default();
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let is_accepted = (SMALLEST_RSA..=LARGEST_RSA).contains(&(modulus.len() - zeros));
    if is_accepted { Ok(()) } else { Err(Refusal::Algorithm("RSA below 2048 bits".to_owned())) }
}

/// `UTCTime` and `GeneralizedTime`, in the one form that certificates may use.
fn time((kind, value): (u8, &[u8])) -> Option<Timestamp> {
    let text = std::str::from_utf8(value).ok()?.strip_suffix('Z')?;
    let text = match kind {
        tag::UTC_TIME => {
            let century = if text.get(..2)?.parse::<u8>().ok()? < 50 { "20" } else { "19" };
            format!("{century}{text}")
        }
        tag::GENERAL_TIME => text.to_owned(),
        _ => return None,
    };
    let time = DateTime::strptime("%Y%m%d%H%M%S", text).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}
