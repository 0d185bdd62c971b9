//! The actor: in whose name a use case runs.

use hallpass_domain::id::MemberId;

/// In whose name a use case runs.
#[derive(Clone, Debug)]
pub(crate) enum Actor {
    /// An active member.
    Member {
        /// The member's id.
        id: MemberId,
        /// The name for the audit log.
        name: String,
    },
    /// A person who runs the server; the context has their name in the place of a request id.
    Operator,
    /// The holder of a credential who is not, or not yet, an acting member, with a display name. No
    /// permission is granted to them.
    Outside(&'static str),
}

impl Actor {
    pub(super) fn member_id(&self) -> Option<MemberId> {
        match self {
            Actor::Member { id, .. } => Some(*id),
            Actor::Operator | Actor::Outside(_) => None,
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Actor::Member { name, .. } => name,
            Actor::Operator => "the operator",
            Actor::Outside(name) => name,
        }
    }
}
