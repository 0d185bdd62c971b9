//! Records: rows with an owner, fields by their type's schema, a stage and a timeline.

mod condition;
mod filter;
mod owner;
mod schema;
mod value;

pub use condition::{Condition, Test, field_key};
pub use filter::{ConditionParts, MOST_CONDITIONS, RecordFilter, TimeRange};
pub use owner::OwnerRef;
pub use schema::{FieldError, Schema, Write};
pub use value::{LONG_TEXT, TEXT};

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::id::{EventId, MemberId, RecordId};
use crate::time::Timestamp;

/// Who owns a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The record is unowned.
    Unowned,
    /// A member, also one who has left.
    Member(MemberId),
}

impl Owner {
    /// The stored form: an unowned record has the id of zeros as its owner.
    #[must_use]
    pub const fn key(self) -> Uuid {
        match self {
            Owner::Unowned => Uuid::nil(),
            Owner::Member(member) => member.0,
        }
    }

    /// The owner that a key stands for.
    #[must_use]
    pub const fn of_key(key: Uuid) -> Owner {
        if key.is_nil() { Owner::Unowned } else { Owner::Member(MemberId(key)) }
    }
}

/// A record.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its id; the newest is the highest.
    pub id: RecordId,
    /// The key of its record type.
    pub entity: String,
    /// Who owns it.
    pub owner: Owner,
    /// What it is called in lists.
    pub title: String,
    /// Its values by the keys of the fields; a field without one is absent.
    pub fields: Map<String, Value>,
    /// Its stage, for a type with stages.
    pub stage: Option<String>,
    /// Whether it still needs work: its stage is open, or its type has none.
    pub open: bool,
    /// Its money in hundredths, for sums.
    pub amount: Option<i64>,
    /// The member who created it; none for an import.
    pub created_by: Option<MemberId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// How many times it was changed.
    pub version: i64,
}

impl Record {
    /// Takes over values that were checked, and what follows from them. A null takes a value away.
    pub fn put(&mut self, checked: Map<String, Value>, schema: Schema<'_>) {
        for (key, value) in checked {
            if value.is_null() {
                self.fields.remove(&key);
            } else {
                self.fields.insert(key, value);
            }
        }
        self.title = schema.title(&self.fields);
        self.amount = schema.amount(&self.fields);
    }

    /// Moves it to a stage.
    ///
    /// # Errors
    ///
    /// When its type has no such stage.
    pub fn stand(&mut self, stage: &str, schema: Schema<'_>) -> Result<(), FieldError> {
        let stage = schema.stage(stage)?;
        self.stage = Some(stage.key.clone());
        self.open = stage.open;
        Ok(())
    }
}

/// Something that happened to a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its id; the latest is the highest.
    pub id: EventId,
    /// The record.
    pub record: RecordId,
    /// When.
    pub at: Timestamp,
    /// The member who did it; none for the system.
    pub actor: Option<MemberId>,
    /// What was done.
    pub action: String,
    /// What else there is to say.
    pub detail: Value,
}

#[cfg(test)]
mod tests;
