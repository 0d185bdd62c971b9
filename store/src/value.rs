//! Values and rows that mean the same on both engines.

use hallpass_domain::id::{
    AccountId, ApiKeyId, AuditId, DepartmentId, EventId, InvitationId, InvoiceId, MailId,
    MemberId, OperationId, ProfileId, RecordId, RoleId, SessionId, TeamId, WorkspaceId,
};
use hallpass_domain::time::Timestamp;
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, Type};
use uuid::Uuid;

use crate::error::Error;

/// A value that is bound to a statement or read from a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number, or microseconds since the epoch.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An id.
    Id(Uuid),
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
    DepartmentId,
    EventId,
    InvitationId,
    InvoiceId,
    MailId,
    MemberId,
    OperationId,
    ProfileId,
    RecordId,
    RoleId,
    SessionId,
    TeamId,
    WorkspaceId,
);

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Value {
        Value::Int(at.0)
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

/// A row that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    fn corrupt(column: usize) -> Error {
        Error::Corrupt { table: "a row".to_owned(), column: column.to_string() }
    }

    fn value(&self, column: usize) -> Result<&Value, Error> {
        self.0.get(column).ok_or_else(|| Row::corrupt(column))
    }

    /// A whole number.
    ///
    /// # Errors
    ///
    /// `Corrupt` when it is something else, as for the other readers.
    pub fn int(&self, column: usize) -> Result<i64, Error> {
        match self.value(column)? {
            Value::Int(value) => Ok(*value),
            Value::Null | Value::Bool(_) | Value::Text(_) | Value::Bytes(_) | Value::Id(_) => {
                Err(Row::corrupt(column))
            }
        }
    }

    /// Yes or no; SQLite keeps it as a number.
    ///
    /// # Errors
    ///
    /// `Corrupt` when it is something else.
    pub fn bool(&self, column: usize) -> Result<bool, Error> {
        match self.value(column)? {
            Value::Bool(value) => Ok(*value),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            Value::Null | Value::Int(_) | Value::Text(_) | Value::Bytes(_) | Value::Id(_) => {
                Err(Row::corrupt(column))
            }
        }
    }

    /// Text.
    ///
    /// # Errors
    ///
    /// `Corrupt` when it is something else.
    pub fn text(&self, column: usize) -> Result<&str, Error> {
        match self.value(column)? {
            Value::Text(value) => Ok(value),
            Value::Null | Value::Int(_) | Value::Bool(_) | Value::Bytes(_) | Value::Id(_) => {
                Err(Row::corrupt(column))
            }
        }
    }

    /// Bytes.
    ///
    /// # Errors
    ///
    /// `Corrupt` when it is something else.
    pub fn bytes(&self, column: usize) -> Result<&[u8], Error> {
        match self.value(column)? {
            Value::Bytes(value) => Ok(value),
            Value::Null | Value::Int(_) | Value::Bool(_) | Value::Text(_) | Value::Id(_) => {
                Err(Row::corrupt(column))
            }
        }
    }

    /// An id; SQLite keeps it as sixteen bytes.
    ///
    /// # Errors
    ///
    /// `Corrupt` when it is something else.
    pub fn id(&self, column: usize) -> Result<Uuid, Error> {
        match self.value(column)? {
            Value::Id(value) => Ok(*value),
            Value::Bytes(value) => Uuid::from_slice(value).map_err(|_| Row::corrupt(column)),
            Value::Null | Value::Int(_) | Value::Bool(_) | Value::Text(_) => {
                Err(Row::corrupt(column))
            }
        }
    }

    /// A point in time.
    ///
    /// # Errors
    ///
    /// `Corrupt` when it is something else.
    pub fn time(&self, column: usize) -> Result<Timestamp, Error> {
        self.int(column).map(Timestamp)
    }

    /// A text that stands for something.
    ///
    /// # Errors
    ///
    /// `Corrupt` when it stands for nothing.
    pub fn parsed<T>(
        &self,
        column: usize,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Error> {
        parse(self.text(column)?).ok_or_else(|| Row::corrupt(column))
    }

    /// What a text says as JSON.
    ///
    /// # Errors
    ///
    /// `Corrupt` when it says something else.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T, Error> {
        self.parsed(column, |text| serde_json::from_str(text).ok())
    }

    /// Whether there is nothing in a column.
    #[must_use]
    pub fn is_null(&self, column: usize) -> bool {
        matches!(self.0.get(column), None | Some(Value::Null))
    }

    /// What a reader reads, or nothing where there is nothing.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    pub fn optional<'r, T>(
        &'r self,
        column: usize,
        read: impl Fn(&'r Row, usize) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        if self.is_null(column) { Ok(None) } else { read(self, column).map(Some) }
    }
}
