//! Ids: one type for each noun, written with a prefix (`mbr_…`), so that none is taken for another.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// A text that is not an id of the expected noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an id: `{prefix}_` and 32 digits or letters from `a` to `f`")]
pub struct IdError {
    /// The prefix of the noun's ids.
    pub prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The prefix of every id of this noun.
            pub const PREFIX: &'static str = $prefix;
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> $name {
                $name(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.as_simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<$name, IdError> {
                parse(text, $prefix).map($name)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

ids! {
    /// An account.
    AccountId = "acc";
    /// A session.
    SessionId = "ses";
    /// A workspace.
    WorkspaceId = "wsp";
    /// A member.
    MemberId = "mbr";
    /// An invitation.
    InvitationId = "inv";
    /// A custom role.
    RoleId = "rol";
    /// A profile.
    ProfileId = "prf";
    /// A team.
    TeamId = "tea";
    /// A department.
    DepartmentId = "dep";
    /// A record.
    RecordId = "rec";
    /// An entry of the audit log.
    AuditId = "aud";
    /// An entry of a record's timeline.
    EventId = "evt";
    /// A mail.
    MailId = "eml";
    /// An invoice.
    InvoiceId = "ivc";
    /// A saved report.
    ReportId = "rpt";
    /// A saved view.
    ViewId = "viw";
    /// An API key.
    ApiKeyId = "key";
    /// A connection to an identity provider.
    ConnectionId = "con";
    /// An operation.
    OperationId = "opr";
    /// A passkey.
    PasskeyId = "psk";
    /// A trusted device.
    DeviceId = "dvc";
    /// A bulk job.
    BulkJobId = "job";
}

/// Whether a text is written like an id of some noun: a prefix of three letters, `_`, 32 digits.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.split_once('_').is_some_and(|(prefix, digits)| {
        prefix.len() == 3
            && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
            && digits.len() == 32
            && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Parses what `Display` writes and nothing else, so that an id has one spelling.
fn parse(text: &str, prefix: &'static str) -> Result<Uuid, IdError> {
    let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    digits
        .filter(|digits| digits.len() == 32 && digits.bytes().all(is_digit))
        .and_then(|digits| Uuid::try_parse(digits).ok())
        .ok_or(IdError { prefix })
}

#[cfg(test)]
mod tests;
