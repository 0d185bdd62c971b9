//! The entrance of a member: as whom they have entered a workspace, and by what.

use hallpass_domain::time::Timestamp;

use crate::principal::Principal;

/// How a member has entered a workspace.
#[derive(Clone)]
pub(crate) struct Entrance {
    /// By which session or API key, and from where.
    pub(crate) principal: Principal,
    /// The email address of the member.
    pub(crate) email: String,
    /// When the member last used the workspace before.
    pub(crate) seen_at: Option<Timestamp>,
}
