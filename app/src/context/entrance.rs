//! The entrance of a member: by which session or key they have entered a workspace, and from where.

use hallpass_domain::id::ApiKeyId;
use hallpass_domain::session::Session;

/// How a member has entered a workspace.
pub(crate) struct Entrance {
    /// The session; none for an API key.
    pub(super) session: Option<Session>,
    /// The API key; none for a session.
    pub(super) api_key: Option<ApiKeyId>,
    /// The network address; empty where it is not known.
    pub(super) address: String,
    /// The email address of the member.
    pub(super) email: String,
    /// Whether it is a service account, which has no address.
    pub(super) is_service: bool,
}
