//! What requests to identity providers are for, and what comes of them.

use hallpass_sso::oidc::Callback;
use hallpass_sso::saml::Authentication;

use crate::error::Error;
use crate::origin::Origin;
use crate::principal::Principal;
use crate::secret::Token;

/// What a request is for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'p> {
    /// To sign in.
    SignIn,
    /// To see what the provider says; nothing else changes.
    Test(&'p Principal),
    /// To connect the account of the person who is signed in.
    Connect(&'p Principal),
    /// To authenticate the person who is signed in again, now.
    Reauthenticate(&'p Principal),
}

/// The word of the purpose that asks the provider to authenticate the person.
pub(super) const REAUTHENTICATE: &str = "reauthenticate";

impl<'p> Purpose<'p> {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Purpose::SignIn => "sign_in",
            Purpose::Test(_) => "test",
            Purpose::Connect(_) => "connect",
            Purpose::Reauthenticate(_) => REAUTHENTICATE,
        }
    }

    /// The person who is signed in.
    pub(super) const fn principal(self) -> Option<&'p Principal> {
        match self {
            Purpose::SignIn => None,
            Purpose::Test(principal)
            | Purpose::Connect(principal)
            | Purpose::Reauthenticate(principal) => Some(principal),
        }
    }

    /// Whether the provider may answer from a session that the person has with it.
    pub(super) const fn authentication(self) -> Authentication {
        match self {
            Purpose::SignIn | Purpose::Test(_) | Purpose::Connect(_) => {
                Authentication::SessionIsEnough
            }
            Purpose::Reauthenticate(_) => Authentication::Again,
        }
    }
}

/// A request that was made.
pub struct Started {
    /// Where the browser goes.
    pub url: String,
    /// The secret for a cookie of the browser.
    pub browser: Token,
    /// The name of the connection.
    pub name: String,
}

/// What a provider sends to the consumer service of SAML.
#[derive(Clone, Copy, Debug)]
pub struct SamlAnswer<'a> {
    /// `SAMLResponse`
    pub response: &'a str,
    /// `RelayState`
    pub relay_state: &'a str,
}

/// What follows an answer of SAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// The browser collects the result, with its cookie.
    Collect,
    /// It was no answer: the person has started at the provider, and a request is made now.
    Start,
}

/// The way back.
pub enum Finished {
    /// Signed in.
    SignedIn {
        /// The token of the session.
        token: Token,
        /// The path to go on to.
        landing: String,
    },
    /// Tested; the result is stored with the connection.
    Tested {
        /// The path to go on to.
        landing: String,
    },
    /// Connected.
    Connected {
        /// The other token of the session, which is good for the workspace by the connection too.
        token: Token,
        /// The path to go on to.
        landing: String,
    },
    /// Authenticated again.
    Reauthenticated {
        /// The other token of the session.
        token: Token,
        /// The path to go on to.
        landing: String,
    },
}

/// Who comes back, and how.
#[derive(Clone, Copy)]
pub struct Return<'r> {
    /// The secret in the cookie of the browser.
    pub browser: &'r str,
    /// The answer, with OpenID Connect.
    pub callback: &'r Callback,
    /// Who is signed in already.
    pub principal: Option<&'r Principal>,
    /// Where it comes from.
    pub origin: &'r Origin,
    /// The id of the HTTP request.
    pub request: &'r str,
}

/// A connection that is unknown, or off.
pub(super) fn missing() -> Error {
    Error::Missing { noun: "connection" }
}
