//! The addresses of a connection: what providers are told, and where browsers return to.

use hallpass_domain::id::{ConnectionId, WorkspaceId};

/// Which connection, of which workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionRef {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The connection.
    pub connection: ConnectionId,
}

impl ConnectionRef {
    /// Reads the two parts of a path; none where they are no ids.
    #[must_use]
    pub fn parse(workspace: &str, connection: &str) -> Option<ConnectionRef> {
        Some(ConnectionRef {
            workspace: workspace.parse().ok()?,
            connection: connection.parse().ok()?,
        })
    }

    /// The path of a page of the connection.
    #[must_use]
    pub fn path(&self, page: &str) -> String {
        format!("/sso/{}/{}/{page}", self.workspace, self.connection)
    }
}

/// The addresses of a connection. They have ids in them and not names, which change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionUrls {
    /// Where people start.
    pub start: String,
    /// The redirect URI of OpenID Connect.
    pub callback: String,
    /// Where OpenID Connect reports logouts, from server to server.
    pub back_channel_logout: String,
    /// Where OpenID Connect reports logouts, through the browser.
    pub front_channel_logout: String,
    /// The assertion consumer service of SAML.
    pub consumer: String,
    /// Our metadata, and our entity id, of SAML.
    pub metadata: String,
    /// The single logout service of SAML.
    pub logout: String,
}

impl ConnectionUrls {
    pub(crate) fn new(base_url: &str, of: ConnectionRef) -> ConnectionUrls {
        let base = base_url.trim_end_matches('/');
        let url = |page: &str| format!("{base}{}", of.path(page));
        ConnectionUrls {
            start: url("start"),
            callback: url("callback"),
            back_channel_logout: url("back-channel-logout"),
            front_channel_logout: url("front-channel-logout"),
            consumer: url("acs"),
            metadata: url("metadata"),
            logout: url("logout"),
        }
    }
}
