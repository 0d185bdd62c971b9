//! Single sign-on against messages as providers and attackers send them.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test whose set-up fails has failed"
)]

mod accepted;
mod attack;
mod encrypted;
mod logout;
mod metadata;
mod oidc;
#[expect(unreachable_pub, reason = "the file is a part of `hallpass-testkit` too")]
#[path = "../../../testkit/src/oidc_provider.rs"]
mod oidc_provider;
#[expect(unreachable_pub, reason = "the file is a part of `hallpass-testkit` too")]
#[path = "../../../testkit/src/saml_provider.rs"]
mod saml_provider;
mod set_up;
mod wrapping;
