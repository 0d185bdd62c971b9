//! Rows that a statement returned, read by the names of their columns.

use std::ops::Deref;
use std::sync::Arc;

use hallpass_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::Error;
use crate::value::Value;

/// What the rows of a statement have in common.
#[derive(Debug, PartialEq)]
pub(crate) struct Header {
    /// The table that the statement is about.
    table: Box<str>,
    /// The names of the columns. A column of another table is named `table.column`.
    columns: Box<[Box<str>]>,
}

impl Header {
    pub(crate) fn new<'n>(table: &str, columns: impl Iterator<Item = &'n str>) -> Header {
        Header { table: table.into(), columns: columns.map(Box::from).collect() }
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns.len()
    }

    fn position(&self, column: ColumnRef<'_>) -> Option<usize> {
        match column {
            ColumnRef::Position(position) => Some(position),
            ColumnRef::Name(name) => self.columns.iter().position(|known| **known == *name),
        }
    }

    fn name(&self, position: usize) -> Option<&str> {
        self.columns.get(position).map(|name| &**name)
    }

    /// The table and the name of a column.
    fn place<'h>(&'h self, name: &'h str) -> (&'h str, &'h str) {
        name.split_once('.').unwrap_or((&self.table, name))
    }
}

/// A column of a result: its name, or its position where that was looked up before.
#[derive(Clone, Copy, Debug)]
pub enum ColumnRef<'n> {
    /// The name.
    Name(&'n str),
    /// The position, from 0 on.
    Position(usize),
}

impl<'n> From<&'n str> for ColumnRef<'n> {
    fn from(name: &'n str) -> ColumnRef<'n> {
        ColumnRef::Name(name)
    }
}

impl From<usize> for ColumnRef<'_> {
    fn from(position: usize) -> Self {
        ColumnRef::Position(position)
    }
}

/// The rows that a statement returned.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    header: Arc<Header>,
    rows: Vec<Row>,
}

impl Rows {
    pub(crate) fn new(header: Arc<Header>, rows: Vec<Row>) -> Rows {
        Rows { header, rows }
    }

    /// Looks a column up once, for results of thousands of rows.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the statement returns no such column.
    pub fn column(&self, name: &str) -> Result<usize, Error> {
        self.header.position(name.into()).ok_or_else(|| no_column(&self.header, name))
    }

    /// The one row, or none where the statement returned none.
    pub(crate) fn at_most_one(self) -> Result<Option<Row>, Error> {
        let count = self.rows.len();
        if count > 1 {
            return Err(wrong_count(&self.header, &count.to_string()));
        }
        Ok(self.rows.into_iter().next())
    }

    /// The one row.
    pub(crate) fn exactly_one(self) -> Result<Row, Error> {
        let header = Arc::clone(&self.header);
        self.at_most_one()?.ok_or_else(|| wrong_count(&header, "none"))
    }
}

impl Deref for Rows {
    type Target = [Row];

    fn deref(&self) -> &[Row] {
        &self.rows
    }
}

impl IntoIterator for Rows {
    type Item = Row;
    type IntoIter = std::vec::IntoIter<Row>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

impl<'r> IntoIterator for &'r Rows {
    type Item = &'r Row;
    type IntoIter = std::slice::Iter<'r, Row>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

/// A row that was read. Its readers fail with `Corrupt` where the stored value is of another type.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    header: Arc<Header>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(header: &Arc<Header>, values: Vec<Value>) -> Row {
        Row { header: Arc::clone(header), values }
    }

    /// About so many bytes of memory.
    pub(crate) fn size(&self) -> usize {
        size_of::<Row>() + self.values.iter().map(Value::size).sum::<usize>()
    }

    /// A whole number.
    ///
    /// # Errors
    ///
    /// `Corrupt` when the value is of another type.
    pub fn int<'n>(&self, column: impl Into<ColumnRef<'n>>) -> Result<i64, Error> {
        self.read(column.into(), |value| match value {
            Value::Int(value) => Some(*value),
            Value::Null | Value::Bool(_) | Value::Text(_) | Value::Bytes(_) | Value::Id(_) => {
                None
            }
        })
    }

    /// A boolean; SQLite stores it as a number.
    ///
    /// # Errors
    ///
    /// `Corrupt` when the value is of another type.
    pub fn bool<'n>(&self, column: impl Into<ColumnRef<'n>>) -> Result<bool, Error> {
        self.read(column.into(), |value| match value {
            Value::Bool(value) => Some(*value),
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            Value::Null | Value::Int(_) | Value::Text(_) | Value::Bytes(_) | Value::Id(_) => {
                None
            }
        })
    }

    /// Text.
    ///
    /// # Errors
    ///
    /// `Corrupt` when the value is of another type.
    pub fn text<'n>(&self, column: impl Into<ColumnRef<'n>>) -> Result<&str, Error> {
        self.read(column.into(), |value| match value {
            Value::Text(value) => Some(value.as_str()),
            Value::Null | Value::Int(_) | Value::Bool(_) | Value::Bytes(_) | Value::Id(_) => {
                None
            }
        })
    }

    /// Bytes.
    ///
    /// # Errors
    ///
    /// `Corrupt` when the value is of another type.
    pub fn bytes<'n>(&self, column: impl Into<ColumnRef<'n>>) -> Result<&[u8], Error> {
        self.read(column.into(), |value| match value {
            Value::Bytes(value) => Some(value.as_slice()),
            Value::Null | Value::Int(_) | Value::Bool(_) | Value::Text(_) | Value::Id(_) => {
                None
            }
        })
    }

    /// An id; SQLite stores it as sixteen bytes.
    ///
    /// # Errors
    ///
    /// `Corrupt` when the value is of another type.
    pub fn id<'n>(&self, column: impl Into<ColumnRef<'n>>) -> Result<Uuid, Error> {
        self.read(column.into(), |value| match value {
            Value::Id(value) => Some(*value),
            Value::Bytes(value) => Uuid::from_slice(value).ok(),
            Value::Null | Value::Int(_) | Value::Bool(_) | Value::Text(_) => None,
        })
    }

    /// A point in time.
    ///
    /// # Errors
    ///
    /// `Corrupt` when the value is of another type.
    pub fn time<'n>(&self, column: impl Into<ColumnRef<'n>>) -> Result<Timestamp, Error> {
        self.int(column).map(Timestamp::from_micros)
    }

    /// A text, parsed.
    ///
    /// # Errors
    ///
    /// `Corrupt` when the text does not parse.
    pub fn parsed<'n, T>(
        &self,
        column: impl Into<ColumnRef<'n>>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Error> {
        let column = column.into();
        parse(self.text(column)?).ok_or_else(|| self.corrupt(column))
    }

    /// A JSON document.
    ///
    /// # Errors
    ///
    /// `Corrupt` when the text is not JSON, or JSON of another shape.
    pub fn json<'n, T: serde::de::DeserializeOwned>(
        &self,
        column: impl Into<ColumnRef<'n>>,
    ) -> Result<T, Error> {
        self.parsed(column, |text| serde_json::from_str(text).ok())
    }

    /// Whether a column is NULL.
    #[must_use]
    pub fn is_null<'n>(&self, column: impl Into<ColumnRef<'n>>) -> bool {
        let value = self.header.position(column.into()).map(|at| self.values.get(at));
        matches!(value.flatten(), None | Some(Value::Null))
    }

    /// What a reader returns, or `None` where the column is NULL.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    pub fn optional<'r, 'n, T>(
        &'r self,
        column: impl Into<ColumnRef<'n>>,
        read: impl Fn(&'r Row, ColumnRef<'n>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let column = column.into();
        if self.is_null(column) { Ok(None) } else { read(self, column).map(Some) }
    }

    /// The error that a value of this row does not parse.
    pub(crate) fn corrupt<'n>(&self, column: impl Into<ColumnRef<'n>>) -> Error {
        let column = column.into();
        let (table, column) = match column {
            ColumnRef::Name(name) => self.header.place(name),
            ColumnRef::Position(at) => self.header.place(self.header.name(at).unwrap_or("?")),
        };
        Error::Corrupt {
            table: table.to_owned(),
            column: column.to_owned(),
            row: self.key(table, column),
        }
    }

    fn read<'r, T>(
        &'r self,
        column: ColumnRef<'_>,
        read: impl Fn(&'r Value) -> Option<T>,
    ) -> Result<T, Error> {
        let found = self.header.position(column).and_then(|at| self.values.get(at));
        let Some(value) = found else {
            return Err(match column {
                ColumnRef::Name(name) => no_column(&self.header, name),
                ColumnRef::Position(at) => no_column(&self.header, &at.to_string()),
            });
        };
        read(value).ok_or_else(|| self.corrupt(column))
    }

    /// What identifies the row of a table: the column `id`, or else the first one.
    fn key(&self, table: &str, column: &str) -> Option<String> {
        let qualified = format!("{table}.id");
        let by_name = |name: &str| self.header.position(name.into());
        let at = by_name(&qualified).or_else(|| by_name("id")).unwrap_or(0);
        let is_itself =
            self.header.name(at).is_none_or(|name| self.header.place(name) == (table, column));
        if is_itself { None } else { self.values.get(at).and_then(Value::as_key) }
    }
}

fn no_column(header: &Header, name: &str) -> Error {
    Error::Unavailable(format!("a statement on `{}` returns no column `{name}`", header.table))
}

fn wrong_count(header: &Header, count: &str) -> Error {
    Error::Unavailable(format!(
        "a statement on `{}` returned {count} where one row was expected",
        header.table
    ))
}
