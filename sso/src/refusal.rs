//! Why an identity provider's message is not accepted.

/// Why a message, or the configuration of a provider, is not accepted.
///
/// The texts are for the administrator who connects the provider, and for the log. A person who signs
/// in reads only that it failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The provider cannot be reached, or answers with something else than the protocol says.
    #[error("the identity provider cannot be used: {0}")]
    Provider(String),
    /// The provider reports that it has not signed the person in.
    #[error("the identity provider did not sign the person in: {0}")]
    NotSignedIn(String),
    /// The message is larger, or nested deeper, than any real one.
    #[error("the message is too large")]
    TooLarge,
    /// The message cannot be decoded or parsed.
    #[error("the message is malformed: {0}")]
    Malformed(String),
    /// Markup that no message needs and that parsers disagree about.
    #[error("the message contains {0}, which is not accepted")]
    Markup(&'static str),
    /// An element is missing, repeated, unknown or in another place than the profile allows.
    #[error("unexpected structure: {0}")]
    Structure(String),
    /// Nothing that matters is signed.
    #[error("the assertion is not signed, and the response around it neither")]
    Unsigned,
    /// An algorithm that is not on the list.
    #[error("the algorithm `{0}` is not accepted")]
    Algorithm(String),
    /// The signature is of none of the keys that the connection trusts.
    #[error("the signature is of none of the keys of this connection")]
    Signature,
    /// What is signed is not what was sent.
    #[error("the signed digest does not match the message")]
    Digest,
    /// An assertion that cannot be decrypted.
    #[error("the assertion cannot be decrypted with the key of this connection")]
    Decryption,
    /// Another issuer.
    #[error("the issuer is `{0}`, not the one of this connection")]
    Issuer(String),
    /// Made for another service.
    #[error("the message is for another audience")]
    Audience,
    /// Made to be delivered to another address.
    #[error("the message is for another recipient")]
    Recipient,
    /// Sent to another address.
    #[error("the message is for another destination")]
    Destination,
    /// The answer to another request, or to none.
    #[error("the message does not answer this request")]
    InResponseTo,
    /// Not valid at this time.
    #[error("the message is not valid at this time: {0}")]
    Time(&'static str),
    /// The `state` is not the one of this request.
    #[error("the state is not the one of this request")]
    State,
    /// The `nonce` is not the one of this request.
    #[error("the nonce is not the one of this request")]
    Nonce,
    /// The person is not of the Google Workspace organisation.
    #[error("the account does not belong to the organisation's Google Workspace domain")]
    HostedDomain,
    /// The person is not of the Microsoft tenant.
    #[error("the account does not belong to the organisation's Microsoft tenant")]
    Tenant,
    /// No lasting identifier of the person.
    #[error("the message has no lasting identifier of the person: {0}")]
    Subject(&'static str),
}

impl Refusal {
    /// Shortens what another system has written, and takes line breaks out of it.
    pub(crate) fn quote(text: &str) -> String {
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
    }

    pub(crate) fn structure(text: impl Into<String>) -> Refusal {
        Refusal::Structure(text.into())
    }

    pub(crate) fn malformed(error: impl std::fmt::Display) -> Refusal {
        Refusal::Malformed(Refusal::quote(&error.to_string()))
    }
}
