//! Who an identity provider says has signed in.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::Refusal;

/// A person, as an identity provider identifies them.
///
/// `issuer` and `subject` together identify the person at a connection, for ever. The address is
/// something that the provider says about them, and may change or pass to another person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The provider: the issuer of OpenID Connect, the entity id of SAML.
    pub issuer: String,
    /// The person at this provider.
    pub subject: String,
    /// The address that the provider gives, in its spelling.
    pub email: Option<String>,
    /// Whether the provider says that it has verified the address.
    pub email_verified: bool,
    /// The name to show.
    pub name: Option<String>,
    /// The domain of the organisation, where the provider guarantees it: `hd` of Google.
    pub hosted_domain: Option<String>,
    /// The groups that the provider gives.
    pub groups: Vec<String>,
    /// Whether the provider says that it has left groups out, because they are too many.
    pub has_more_groups: bool,
    /// Whether the provider says that it has asked for a second factor.
    pub has_second_factor: bool,
    /// When the provider has authenticated the person, if it says so.
    pub authenticated_at: Option<Timestamp>,
    /// The session at the provider, for its logout messages.
    pub session: Option<String>,
    /// The message that says so, and until when it must be remembered so that it is used once. A
    /// code of OpenID Connect is used once by the provider's own rule and has none.
    pub once: Option<Once>,
    /// Everything that was said, to show to the administrator who tests the connection.
    pub claims: BTreeMap<String, Vec<String>>,
}

/// How far the clock of a provider may differ from ours, in seconds.
const SKEW: i64 = 60;

/// Checks that a provider that was asked to authenticate the person again has done so. It may ignore
/// that it was asked, or not say when.
///
/// # Errors
///
/// `Time`.
pub fn check_authenticated_since(
    authenticated_at: Option<Timestamp>,
    asked_at: Timestamp,
) -> Result<(), Refusal> {
    match authenticated_at {
        Some(at) if at.as_second() + SKEW >= asked_at.as_second() => Ok(()),
        Some(_) => Err(Refusal::Time("the person was not authenticated again")),
        None => Err(Refusal::Time("it does not say when the person was authenticated")),
    }
}

/// The id of a message that may be used once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// The id that the provider has given the message.
    pub id: String,
    /// From this time on, the message is refused because of its age.
    pub until: Timestamp,
}

#[cfg(test)]
mod tests;
