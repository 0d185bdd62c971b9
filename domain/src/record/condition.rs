//! Conditions on the fields of records, and the keys by which records are sorted.

use hallpass_engine::{Field, FieldType};
use serde_json::{Map, Value};

use super::value;
use crate::refusal::FieldError;
use crate::text::{fold, search_key, sort_key, unknown};

/// What a value must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// This value; a text without regard to case.
    Is(Value),
    /// A text with this part, without regard to case and accents.
    Contains(String),
    /// From one value to another, both included.
    Between(Option<Value>, Option<Value>),
    /// Nothing, or something.
    Empty(bool),
}

/// A condition on a field of a record type.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    field: Field,
    test: Test,
    /// What the test compares with, as [`field_key`] writes values.
    keys: [Option<String>; 2],
}

impl Condition {
    /// The condition of a test on a field.
    ///
    /// # Errors
    ///
    /// When the type has no such field, or its values cannot be tested so.
    pub fn check(
        fields: &[Field],
        key: &str,
        test: Test,
        pointer: &str,
    ) -> Result<Condition, FieldError> {
        let Some(field) = fields.iter().find(|field| field.key == key) else {
            let keys = fields.iter().map(|field| field.key.as_str());
            let pointer = format!("{pointer}/field");
            return Err(FieldError::new(pointer, "unknown_field", unknown("field", key, keys)));
        };
        let checked = |value: &Value, name: &str| {
            value::check(field, value).map(|value| key_of(field, &value)).map_err(
                |(code, detail)| FieldError::new(format!("{pointer}/{name}"), code, detail),
            )
        };
        let keys = match &test {
            Test::Is(value) => [Some(checked(value, "is")?), None],
            Test::Contains(text) => {
                if !is_text(field) {
                    let detail = format!("`{key}` is no text; use `is`, `from` or `to`");
                    let pointer = format!("{pointer}/contains");
                    return Err(FieldError::new(pointer, "wrong_type", detail));
                }
                [Some(search_key(text)), None]
            }
            Test::Between(from, to) => {
                if !is_ordered(field) {
                    let detail = format!("`{key}` is no number, date or time; use `is`");
                    let name = if from.is_some() { "from" } else { "to" };
                    let pointer = format!("{pointer}/{name}");
                    return Err(FieldError::new(pointer, "wrong_type", detail));
                }
                let from = from.as_ref().map(|value| checked(value, "from")).transpose()?;
                [from, to.as_ref().map(|value| checked(value, "to")).transpose()?]
            }
            Test::Empty(_) => [None, None],
        };
        Ok(Condition { field: field.clone(), test, keys })
    }

    /// Whether a record with these values is admitted.
    #[must_use]
    pub fn admits(&self, fields: &Map<String, Value>) -> bool {
        let value = fields.get(&self.field.key).filter(|value| !value::is_empty(value));
        let Some(value) = value else { return self.test == Test::Empty(true) };
        let [first, second] = self.keys.each_ref().map(Option::as_deref);
        match &self.test {
            Test::Is(_) => first == Some(&*key_of(&self.field, value)),
            Test::Contains(_) => {
                let text = value.as_str().map(search_key).unwrap_or_default();
                first.is_some_and(|part| text.contains(part))
            }
            Test::Between(..) => {
                let key = key_of(&self.field, value);
                first.is_none_or(|from| from <= key.as_str())
                    && second.is_none_or(|to| key.as_str() <= to)
            }
            Test::Empty(is_empty) => !is_empty,
        }
    }
}

/// The key by which records are sorted by a field, compared by bytes; none without a value.
#[must_use]
pub fn field_key(field: &Field, fields: &Map<String, Value>) -> Option<String> {
    let value = fields.get(&field.key).filter(|value| !value::is_empty(value))?;
    if field.holds == FieldType::Choice {
        let at = field.options.iter().position(|option| Some(&*option.key) == value.as_str());
        return Some(format!("{:08}", at.unwrap_or(field.options.len())));
    }
    if is_text(field) {
        let key = sort_key(value.as_str().unwrap_or_default());
        return Some(key.chars().take(SORTED).collect());
    }
    Some(key_of(field, value))
}

/// The characters of a text that records are sorted by.
const SORTED: usize = 80;

fn is_text(field: &Field) -> bool {
    matches!(
        field.holds,
        FieldType::Text
            | FieldType::LongText
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Link
    )
}

fn is_ordered(field: &Field) -> bool {
    matches!(
        field.holds,
        FieldType::Number | FieldType::Money | FieldType::Date | FieldType::Time
    )
}

/// A value as a text that is the same where values are, and in their order.
fn key_of(field: &Field, value: &Value) -> String {
    match value {
        Value::Number(number) => ordered(number.as_f64().unwrap_or_default()),
        Value::Bool(is_true) => u8::from(*is_true).to_string(),
        Value::String(text) if is_text(field) => fold(text),
        Value::String(text) => text.clone(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// A number as a text in the order of numbers.
fn ordered(number: f64) -> String {
    // Both zeros are the same number.
    let bits = (number + 0.0).to_bits();
    let flipped = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    format!("{flipped:016x}")
}

#[cfg(test)]
mod tests;
