//! What a connection accepts.

use jiff::Timestamp;
use roxmltree::Node;

use super::certificate::Certificate;
use super::key::PrivateKey;
use crate::Refusal;
use crate::xml;

/// What a response must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// The request of this id.
    ToRequest(&'a str),
    /// No request: the person has started at the provider.
    ToNone,
}

/// What a connection accepts.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The entity id of the provider.
    pub issuer: &'a str,
    /// The keys of the provider.
    pub keys: &'a [Certificate],
    /// Our entity id.
    pub audience: &'a str,
    /// Where responses to this connection are delivered.
    pub recipient: &'a str,
    /// What the response must answer.
    pub answer: Answer<'a>,
    /// Our key, if assertions may be encrypted.
    pub key: Option<&'a PrivateKey>,
    /// The time.
    pub now: Timestamp,
}

/// Fails unless this element answers the request, or none.
pub(crate) fn check_answer(node: Node<'_, '_>, answer: Answer<'_>) -> Result<(), Refusal> {
    let found = xml::optional_attribute(node, "InResponseTo");
    let is_answer = match answer {
        Answer::ToRequest(id) => found == Some(id),
        Answer::ToNone => found.is_none(),
    };
    if is_answer { Ok(()) } else { Err(Refusal::InResponseTo) }
}
