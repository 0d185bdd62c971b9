//! Single sign-on as the relying party: OpenID Connect, and a closed profile of SAML 2.0.
//!
//! This crate knows protocols and nothing else: no account, no workspace, no database, no pages. What
//! it returns is an [`Identity`]: who the identity provider says has signed in, after everything that
//! the protocol allows to be checked has been checked. The time and random values are parameters.
//!
//! ```text
//! oidc   discovery, the authorization request, the code, the ID token, logout tokens
//! saml   metadata in and out, AuthnRequest, Response, LogoutRequest
//! xml    a subset of XML without ambiguity, and exclusive canonicalisation
//! http   requests to providers: bounded, without redirects, not into the own network
//! ```

mod der;
mod identity;
mod refusal;
mod xml;

pub mod http;
pub mod oidc;
pub mod saml;

pub use identity::{Identity, check_authenticated_since};
pub use refusal::Refusal;
