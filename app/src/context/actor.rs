//! The actor: in whose name a use case runs.

use hallpass_domain::id::MemberId;
use hallpass_domain::time::Timestamp;

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
    /// An active member who views the workspace as another one, with whose rights they read.
    Viewer {
        /// The member whose eyes they are.
        id: MemberId,
        /// The name of that member.
        name: String,
        /// The member who views.
        by: MemberId,
        /// The name of the one who views.
        by_name: String,
        /// When the view ends.
        until: Timestamp,
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
            Actor::Member { id, .. } | Actor::Viewer { id, .. } => Some(*id),
            Actor::Operator | Actor::Outside(_) => None,
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Actor::Member { name, .. } | Actor::Viewer { name, .. } => name,
            Actor::Operator => "the operator",
            Actor::Outside(name) => name,
        }
    }

    /// The member in whose name the audit log has it: never the one who is viewed as.
    pub(crate) fn audit_member(&self) -> Option<MemberId> {
        match self {
            Actor::Viewer { by, .. } => Some(*by),
            Actor::Member { .. } | Actor::Operator | Actor::Outside(_) => self.member_id(),
        }
    }

    /// The name for the audit log.
    pub(crate) fn audit_name(&self) -> String {
        match self {
            Actor::Viewer { name, by_name, .. } => format!("{by_name} viewing as {name}"),
            Actor::Member { .. } | Actor::Operator | Actor::Outside(_) => {
                self.name().to_owned()
            }
        }
    }
}
