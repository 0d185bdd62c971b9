//! What narrows a list of records beside owner, stage and text.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Test;
use crate::time::Timestamp;

/// The most conditions of a list.
pub const MOST_CONDITIONS: usize = 20;

/// From a time to another, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeRange {
    /// The earliest time.
    pub from: Option<Timestamp>,
    /// The latest time.
    pub to: Option<Timestamp>,
}

/// What records of a list have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordFilter {
    /// Whether they are open.
    pub open: Option<bool>,
    /// When they were created.
    pub created: TimeRange,
    /// When they were last changed.
    pub updated: TimeRange,
    /// Tests of fields, by key.
    pub conditions: Vec<(String, Test)>,
}

impl RecordFilter {
    /// Whether it leaves nothing out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == RecordFilter::default()
    }

    /// The filter in the audit log; nothing without one.
    #[must_use]
    pub fn audit_view(&self) -> Value {
        if self.is_empty() {
            return Value::Null;
        }
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        json!({
            "open": self.open,
            "created_from": time(self.created.from),
            "created_to": time(self.created.to),
            "updated_from": time(self.updated.from),
            "updated_to": time(self.updated.to),
            "conditions": self.conditions.iter().map(ConditionParts::of).collect::<Vec<_>>(),
        })
    }
}

/// A condition as JSON has it: a field, and one test.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionParts {
    /// The key of the field.
    pub field: String,
    /// The value that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Value>,
    /// The part of its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// The lowest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// The highest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
    /// Whether it has no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty: Option<bool>,
}

impl ConditionParts {
    /// The parts of a test of a field.
    #[must_use]
    pub fn of((field, test): &(String, Test)) -> ConditionParts {
        let parts = ConditionParts { field: field.clone(), ..ConditionParts::default() };
        match test.clone() {
            Test::Is(value) => ConditionParts { is: Some(value), ..parts },
            Test::Contains(text) => ConditionParts { contains: Some(text), ..parts },
            Test::Between(from, to) => ConditionParts { from, to, ..parts },
            Test::Empty(is_empty) => ConditionParts { empty: Some(is_empty), ..parts },
        }
    }

    /// The field, by key, and its test.
    ///
    /// # Errors
    ///
    /// What is wrong, in words, where there is not exactly one test.
    pub fn read(self) -> Result<(String, Test), String> {
        let test = match (self.is, self.contains, (self.from, self.to), self.empty) {
            (Some(value), None, (None, None), None) => Test::Is(value),
            (None, Some(text), (None, None), None) => Test::Contains(text),
            (None, None, (None, None), Some(is_empty)) => Test::Empty(is_empty),
            (None, None, (from, to), None) if from.is_some() || to.is_some() => {
                Test::Between(from, to)
            }
            _ => {
                let field = crate::text::printable(&self.field);
                return Err(format!(
                    "field `{field}`: expected one of `is`, `contains`, `from` and `to`, `empty`"
                ));
            }
        };
        Ok((self.field, test))
    }
}
