//! What computed orders compare of a record.

use hallpass_domain::record::field_key;
use serde_json::{Map, Value as Json};

use super::query::{SortBy, Sorting};
use crate::error::Error;
use crate::row::Row;

/// What a computed order compares: a text whose bytes are in the order of the values, or no value.
pub(super) type SortKey = Option<String>;

impl Sorting {
    /// What it compares of a record.
    pub(super) fn key(&self, row: &Row, fields: &Map<String, Json>) -> Result<SortKey, Error> {
        Ok(match &self.by {
            SortBy::Updated => Some(ordered(row.int("updated_at")?)),
            SortBy::Amount => row.optional("amount", Row::int)?.map(ordered),
            SortBy::Field(field) => field_key(field, fields),
        })
    }
}

/// A number as a text in the order of numbers.
fn ordered(number: i64) -> String {
    format!("{:020}", i128::from(number) - i128::from(i64::MIN))
}
