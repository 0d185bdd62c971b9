//! Authentications: the ways in which the person of a session has shown who they are, and when.
//!
//! **Invariant:** single sign-on through a connection proves a person to the workspace of that
//! connection, and to nothing else.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{ConnectionId, WorkspaceId};
use crate::time::{Span, Timestamp};

/// A way in which a person shows who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The password of the account.
    Password,
    /// A passkey, which verifies its user: it counts as both factors.
    Passkey,
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// A recovery code, used once.
    RecoveryCode,
    /// A device on which a second factor was used before.
    TrustedDevice,
    /// A link that was mailed to the address, or given by the operator.
    Link,
    /// Single sign-on through a connection of a workspace.
    SingleSignOn {
        /// The workspace whose connection it is.
        workspace: WorkspaceId,
        /// The connection.
        connection: ConnectionId,
        /// Whether the provider says that it has asked for a second factor.
        has_second_factor: bool,
        /// When the provider has authenticated the person, if it says so. It may have answered from a
        /// session that began long before.
        authenticated_at: Option<Timestamp>,
    },
}

impl fmt::Display for Method {
    /// What it is, for the log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Method::Password => f.write_str("password"),
            Method::Passkey => f.write_str("passkey"),
            Method::Totp => f.write_str("code of an app"),
            Method::RecoveryCode => f.write_str("recovery code"),
            Method::TrustedDevice => f.write_str("trusted device"),
            Method::Link => f.write_str("link"),
            Method::SingleSignOn { connection, .. } => {
                write!(f, "single sign-on by {connection}")
            }
        }
    }
}

impl Method {
    /// Whether it counts as a second factor.
    const fn is_second_factor(self) -> bool {
        match self {
            Method::Passkey | Method::Totp | Method::RecoveryCode | Method::TrustedDevice => {
                true
            }
            Method::Password | Method::Link => false,
            Method::SingleSignOn { has_second_factor, .. } => has_second_factor,
        }
    }

    /// Whether a session can start by it alone. A code or a device is only ever added.
    const fn is_primary(self) -> bool {
        match self {
            Method::Password | Method::Passkey | Method::Link | Method::SingleSignOn { .. } => {
                true
            }
            Method::Totp | Method::RecoveryCode | Method::TrustedDevice => false,
        }
    }

    /// Whether it takes the person: a device shows that they were there before.
    const fn takes_the_person(self) -> bool {
        !matches!(self, Method::TrustedDevice)
    }

    /// Whether it counts in a workspace; with none, outside of all.
    fn counts_in(self, workspace: Option<WorkspaceId>) -> bool {
        match self {
            Method::SingleSignOn { workspace: own, .. } => workspace == Some(own),
            Method::Password
            | Method::Passkey
            | Method::Totp
            | Method::RecoveryCode
            | Method::TrustedDevice
            | Method::Link => true,
        }
    }

    /// Whether a later authentication by another method replaces one by this method.
    fn is_replaced_by(self, other: Method) -> bool {
        match (self, other) {
            (
                Method::SingleSignOn { connection, .. },
                Method::SingleSignOn { connection: other, .. },
            ) => connection == other,
            (one, other) => one == other,
        }
    }
}

/// That a person has shown who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authentication {
    /// How.
    pub method: Method,
    /// When.
    pub at: Timestamp,
}

/// The authentications of a session: the latest by each method, and of single sign-on by each connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authentications(Vec<Authentication>);

impl Authentication {
    /// When the person has shown who they are. None where a provider has not said when: it may have
    /// been long before.
    fn shown_at(self) -> Option<Timestamp> {
        match self.method {
            Method::SingleSignOn { authenticated_at, .. } => {
                authenticated_at.map(|at| at.min(self.at))
            }
            Method::TrustedDevice => None,
            Method::Password
            | Method::Passkey
            | Method::Totp
            | Method::RecoveryCode
            | Method::Link => Some(self.at),
        }
    }
}

impl fmt::Display for Authentications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Authentication { method, .. }) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { ", " };
            write!(f, "{separator}{method}")?;
        }
        Ok(())
    }
}

impl Authentications {
    /// The authentications of a session that starts with one.
    #[must_use]
    pub fn of(method: Method, at: Timestamp) -> Authentications {
        Authentications(vec![Authentication { method, at }])
    }

    /// The authentications with another one.
    #[must_use]
    pub fn and(self, method: Method, at: Timestamp) -> Authentications {
        let Authentications(mut authentications) = self;
        authentications.retain(|authentication| !authentication.method.is_replaced_by(method));
        authentications.push(Authentication { method, at });
        Authentications(authentications)
    }

    /// Every authentication, the latest last.
    #[must_use]
    pub fn list(&self) -> &[Authentication] {
        &self.0
    }

    /// Whether they count in a workspace; with none, for the account itself. Without one by which a
    /// session can start, the others count for nothing.
    #[must_use]
    pub fn count_in(&self, workspace: Option<WorkspaceId>) -> bool {
        self.counting(workspace).any(|authentication| authentication.method.is_primary())
    }

    /// Whether one of those that count in a workspace is a second factor.
    #[must_use]
    pub fn have_second_factor(&self, workspace: Option<WorkspaceId>) -> bool {
        self.counting(workspace).any(|authentication| authentication.method.is_second_factor())
    }

    /// Whether one of them is single sign-on through a connection of a workspace.
    #[must_use]
    pub fn have_single_sign_on(&self, workspace: WorkspaceId) -> bool {
        let mut authentications = self.counting(Some(workspace));
        authentications
            .any(|authentication| matches!(authentication.method, Method::SingleSignOn { .. }))
    }

    /// When the person last showed who they are, by what counts in a workspace.
    #[must_use]
    pub fn last_at(&self, workspace: Option<WorkspaceId>) -> Option<Timestamp> {
        let authentications = self
            .counting(workspace)
            .filter(|authentication| authentication.method.takes_the_person())
            .filter(|_| self.count_in(workspace));
        authentications.map(|authentication| authentication.at).max()
    }

    /// When the person last showed who they are to us, or to a provider that says when: what dangerous
    /// acts need. A provider that answers from a session shows nothing recent.
    #[must_use]
    pub fn last_shown_at(&self, workspace: Option<WorkspaceId>) -> Option<Timestamp> {
        let shown = self.counting(workspace).filter(|_| self.count_in(workspace));
        shown.filter_map(Authentication::shown_at).max()
    }

    /// Whether the person has shown who they are less than a while ago. What a clock wrote that was ahead
    /// counts only as long before its time as after it.
    #[must_use]
    pub fn are_recent(
        &self,
        workspace: Option<WorkspaceId>,
        span: Span,
        now: Timestamp,
    ) -> bool {
        self.last_shown_at(workspace).is_some_and(|at| now.distance(at) < span)
    }

    /// The authentications without those through a connection.
    #[must_use]
    pub fn without(self, ended: ConnectionId) -> Authentications {
        let Authentications(mut authentications) = self;
        authentications.retain(|one| {
            !matches!(one.method, Method::SingleSignOn { connection, .. } if connection == ended)
        });
        Authentications(authentications)
    }

    fn counting(&self, workspace: Option<WorkspaceId>) -> impl Iterator<Item = Authentication> {
        self.0
            .iter()
            .copied()
            .filter(move |authentication| authentication.method.counts_in(workspace))
    }

    /// The authentications as they are stored.
    #[must_use]
    pub fn to_stored(&self) -> String {
        let stored: Vec<Stored> = self.0.iter().map(Stored::of).collect();
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// Reads stored authentications; none when the text is not what [`Authentications::to_stored`] writes.
    #[must_use]
    pub fn stored(text: &str) -> Option<Authentications> {
        let stored: Vec<Stored> = serde_json::from_str(text).ok()?;
        stored
            .into_iter()
            .map(Stored::authentication)
            .collect::<Option<_>>()
            .map(Authentications)
    }
}

/// A authentication as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(rename = "m")]
    method: StoredMethod,
    #[serde(rename = "t")]
    at: i64,
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    workspace: Option<String>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    connection: Option<String>,
    #[serde(rename = "f", default, skip_serializing_if = "std::ops::Not::not")]
    has_second_factor: bool,
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    authenticated_at: Option<i64>,
}

/// A method in a word.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredMethod {
    Password,
    Passkey,
    Totp,
    RecoveryCode,
    TrustedDevice,
    Link,
    SingleSignOn,
}

impl Stored {
    fn of(authentication: &Authentication) -> Stored {
        let simple = |method| Stored {
            method,
            at: authentication.at.as_micros(),
            workspace: None,
            connection: None,
            has_second_factor: false,
            authenticated_at: None,
        };
        match authentication.method {
            Method::Password => simple(StoredMethod::Password),
            Method::Passkey => simple(StoredMethod::Passkey),
            Method::Totp => simple(StoredMethod::Totp),
            Method::RecoveryCode => simple(StoredMethod::RecoveryCode),
            Method::TrustedDevice => simple(StoredMethod::TrustedDevice),
            Method::Link => simple(StoredMethod::Link),
            Method::SingleSignOn {
                workspace,
                connection,
                has_second_factor,
                authenticated_at,
            } => Stored {
                workspace: Some(workspace.to_string()),
                connection: Some(connection.to_string()),
                has_second_factor,
                authenticated_at: authenticated_at.map(Timestamp::as_micros),
                ..simple(StoredMethod::SingleSignOn)
            },
        }
    }

    fn authentication(self) -> Option<Authentication> {
        let method = match self.method {
            StoredMethod::Password => Method::Password,
            StoredMethod::Passkey => Method::Passkey,
            StoredMethod::Totp => Method::Totp,
            StoredMethod::RecoveryCode => Method::RecoveryCode,
            StoredMethod::TrustedDevice => Method::TrustedDevice,
            StoredMethod::Link => Method::Link,
            StoredMethod::SingleSignOn => Method::SingleSignOn {
                workspace: self.workspace?.parse().ok()?,
                connection: self.connection?.parse().ok()?,
                has_second_factor: self.has_second_factor,
                authenticated_at: self.authenticated_at.map(Timestamp::from_micros),
            },
        };
        Some(Authentication { method, at: Timestamp::from_micros(self.at) })
    }
}

#[cfg(test)]
mod tests;
