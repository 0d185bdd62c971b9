//! Values that mean the same on both engines.

use hallpass_domain::id::{
    AccountId, ApiKeyId, AuditId, BulkJobId, ConnectionId, DepartmentId, DeviceId, EventId,
    InvitationId, InvoiceId, MailId, MemberId, OperationId, PasskeyId, ProfileId, RecordId,
    ReportId, RoleId, SessionId, TeamId, ViewId, WorkspaceId,
};
use hallpass_domain::time::Timestamp;
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, Type};
use uuid::Uuid;

/// A value that is bound to a statement or read from a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// NULL.
    Null,
    /// A whole number, or microseconds since the epoch.
    Int(i64),
    /// A boolean.
    Bool(bool),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An id.
    Id(Uuid),
}

impl Value {
    /// The value as text, where it can identify a row. Both engines return the same text.
    pub(crate) fn as_key(&self) -> Option<String> {
        match self {
            Value::Null | Value::Bool(_) => None,
            Value::Int(value) => Some(value.to_string()),
            Value::Text(value) => Some(value.clone()),
            Value::Id(value) => Some(value.to_string()),
            Value::Bytes(value) => Uuid::from_slice(value).ok().map(|id| id.to_string()),
        }
    }
}

impl Value {
    /// About so many bytes of memory.
    pub(crate) fn size(&self) -> usize {
        let text = match self {
            Value::Null | Value::Int(_) | Value::Bool(_) | Value::Id(_) => 0,
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
        };
        size_of::<Value>() + text
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(value)
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Value {
        Value::Bytes(value)
    }
}

impl From<Uuid> for Value {
    fn from(value: Uuid) -> Value {
        Value::Id(value)
    }
}

macro_rules! ids_are_values {
    ($($id:ty),* $(,)?) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Value {
                Value::Id(id.0)
            }
        }
    )*};
}

ids_are_values!(
    AccountId,
    ApiKeyId,
    AuditId,
    BulkJobId,
    ConnectionId,
    DepartmentId,
    DeviceId,
    EventId,
    InvitationId,
    InvoiceId,
    MailId,
    MemberId,
    OperationId,
    PasskeyId,
    ProfileId,
    RecordId,
    ReportId,
    ViewId,
    RoleId,
    SessionId,
    TeamId,
    WorkspaceId,
);

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Value {
        Value::Int(at.as_micros())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Value::Null => ValueRef::Null,
            Value::Int(value) => ValueRef::Integer(*value),
            Value::Bool(value) => ValueRef::Integer(i64::from(*value)),
            Value::Text(value) => ValueRef::Text(value.as_bytes()),
            Value::Bytes(value) => ValueRef::Blob(value),
            Value::Id(value) => ValueRef::Blob(value.as_bytes()),
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

type Outcome = Result<IsNull, Box<dyn std::error::Error + Sync + Send>>;

impl tokio_postgres::types::ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Outcome {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(value) => value.to_sql_checked(kind, out),
            Value::Bool(value) => value.to_sql_checked(kind, out),
            Value::Text(value) => value.to_sql_checked(kind, out),
            Value::Bytes(value) => value.to_sql_checked(kind, out),
            Value::Id(value) => value.to_sql_checked(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}
