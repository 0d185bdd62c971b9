//! The algorithms that signatures may use, by their identifiers.

use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    VerificationAlgorithm,
};

use crate::Refusal;

pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(crate) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// What a key can verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Rsa,
    P256,
    P384,
    P521,
}

/// An algorithm of signatures, and the kind of key that belongs to it.
pub(crate) struct Algorithm {
    pub(crate) key: KeyKind,
    pub(crate) verification: &'static dyn VerificationAlgorithm,
}

/// The algorithm of signatures with this identifier.
pub(crate) fn signature(identifier: &str) -> Result<Algorithm, Refusal> {
    let (key, verification): (_, &'static dyn VerificationAlgorithm) = match identifier {
        RSA_SHA256 => (KeyKind::Rsa, &RSA_PKCS1_2048_8192_SHA256),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => {
            (KeyKind::Rsa, &RSA_PKCS1_2048_8192_SHA384)
        }
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => {
            (KeyKind::Rsa, &RSA_PKCS1_2048_8192_SHA512)
        }
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" => {
            (KeyKind::P256, &ECDSA_P256_SHA256_FIXED)
        }
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384" => {
            (KeyKind::P384, &ECDSA_P384_SHA384_FIXED)
        }
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512" => {
            (KeyKind::P521, &ECDSA_P521_SHA512_FIXED)
        }
        other => return Err(Refusal::Algorithm(Refusal::quote(other))),
    };
    Ok(Algorithm { key, verification })
}

/// The hash function with this identifier.
pub(crate) fn hash(identifier: &str) -> Result<&'static digest::Algorithm, Refusal> {
    match identifier {
        "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(&SHA256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Ok(&SHA384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(&SHA512),
        other => Err(Refusal::Algorithm(Refusal::quote(other))),
    }
}
