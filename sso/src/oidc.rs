//! OpenID Connect with the authorization code flow: PKCE, state and nonce, and a client secret.
//!
//! **Invariant:** an [`Identity`](crate::Identity) comes from an ID token whose signature is of a key of
//! exactly this issuer, by an asymmetric algorithm, made for exactly this client and this request.

mod claims;
mod flow;
mod kind;
mod logout;
mod provider;

pub use flow::{Authorization, Callback, Client, finish, start};
pub use kind::{GOOGLE, Kind, MICROSOFT};
pub use logout::{Logout, read_logout_token};
pub use provider::Provider;
