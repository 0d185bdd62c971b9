//! A closed profile of SAML 2.0 Web Browser SSO: what is not listed is refused.
//!
//! - Responses by HTTP POST, with one assertion. Requests and logout by HTTP Redirect, signed.
//! - The signature is a direct child of the response or of the assertion and refers to its parent.
//!   Transforms are `enveloped-signature` and exclusive canonicalisation, in this order.
//! - RSA with PKCS #1 and ECDSA with SHA-256, SHA-384 or SHA-512, by the keys of the connection. What
//!   `KeyInfo` says is not read.
//! - Encrypted assertions by RSA-OAEP and AES-GCM.
//!
//! **Invariant:** everything that an [`Identity`](crate::Identity) contains was read from nodes of the
//! tree whose canonical form was digested and compared with a signature of the connection.

mod algorithm;
mod assertion;
mod binding;
mod certificate;
mod encryption;
mod expected;
mod key;
mod logout;
mod metadata;
mod request;
mod response;
mod service;
mod signature;
mod time;

pub use certificate::Certificate;
pub use expected::{Answer, Expected};
pub use key::PrivateKey;
pub use logout::{
    LogoutRequest, Sender, answer_logout, read_posted_logout, read_redirected_logout,
};
pub use metadata::{Addresses, IdentityProvider};
pub use request::{Authentication, AuthnRequest};
pub use response::verify;
pub use service::Service;

/// Namespaces of the elements.
pub(crate) mod namespace {
    pub(crate) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
    pub(crate) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
    pub(crate) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
    pub(crate) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
    pub(crate) const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
    pub(crate) const ENCRYPTION_1_1: &str = "http://www.w3.org/2009/xmlenc11#";
    pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
}
