//! The schema of a record type: its fields and stages.

use hallpass_engine::{Field, FieldType, Resource, Stage};
use serde_json::{Map, Value};

use super::value;
pub use crate::refusal::FieldError;
use crate::text::{escape_pointer, unknown};

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// As a new record: required fields must be present.
    New,
    /// As a change of some fields.
    Patch,
}

/// The fields and stages of a record type.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'a> {
    /// The fields.
    pub fields: &'a [Field],
    /// The stages, the first one first; none for a type without a pipeline.
    pub stages: &'a [Stage],
}

impl<'a> Schema<'a> {
    /// The schema of a record type.
    #[must_use]
    pub fn of(resource: &'a Resource) -> Schema<'a> {
        Schema { fields: &resource.fields, stages: &resource.stages }
    }

    /// Checks values and returns them as they are stored. In a patch, null removes a value.
    ///
    /// # Errors
    ///
    /// Every mistake, in the order of the request, then the missing fields.
    pub fn check(
        self,
        given: &Map<String, Value>,
        write: Write,
    ) -> Result<Map<String, Value>, Vec<FieldError>> {
        let mut checked = Map::new();
        let mut errors = Vec::new();
        for (key, value) in given {
            match self.check_one(key, value) {
                Ok(Value::Null) if write == Write::New => {}
                Ok(value) => {
                    checked.insert(key.clone(), value);
                }
                Err(error) => errors.push(error),
            }
        }
        for field in self.fields.iter().filter(|field| field.required && write == Write::New) {
            if !given.contains_key(&field.key) {
                errors.push(required(&field.key));
            }
        }
        if errors.is_empty() { Ok(checked) } else { Err(errors) }
    }

    fn check_one(self, key: &str, given: &Value) -> Result<Value, FieldError> {
        let Some(field) = self.fields.iter().find(|field| field.key == key) else {
            return Err(self.unknown_field(key));
        };
        if value::is_empty(given) {
            return if field.required { Err(required(key)) } else { Ok(Value::Null) };
        }
        value::check(field, given).map_err(|(code, detail)| error(key, code, detail))
    }

    fn unknown_field(self, key: &str) -> FieldError {
        let keys = self.fields.iter().map(|field| field.key.as_str());
        error(key, "unknown_field", unknown("field", key, keys))
    }

    /// The title of a record with these values: its first required text, else its first text, else
    /// its first other value that is a string.
    #[must_use]
    pub fn title(self, fields: &Map<String, Value>) -> String {
        let texts = || self.fields.iter().filter(|field| field.holds == FieldType::Text);
        let named = texts().find(|field| field.required).or_else(|| texts().next());
        let named = named.and_then(|field| fields.get(&field.key)?.as_str());
        let other = || self.fields.iter().find_map(|field| fields.get(&field.key)?.as_str());
        named.or_else(other).unwrap_or_default().chars().take(value::TEXT).collect()
    }

    /// The value of the first money field, in hundredths.
    #[must_use]
    pub fn amount(self, fields: &Map<String, Value>) -> Option<i64> {
        let money = self.fields.iter().find(|field| field.holds == FieldType::Money)?;
        value::hundredths(fields.get(&money.key)?)
    }

    /// The stage of a new record.
    #[must_use]
    pub fn start(self) -> Option<&'a Stage> {
        self.stages.first()
    }

    /// The stage with a key.
    ///
    /// # Errors
    ///
    /// When there is none; the mistake lists the stages.
    pub fn stage(self, key: &str) -> Result<&'a Stage, FieldError> {
        let found = self.stages.iter().find(|stage| stage.key == key);
        found.ok_or_else(|| {
            let detail = if self.stages.is_empty() {
                "this record type has no stages; remove this field".to_owned()
            } else {
                unknown("stage", key, self.stages.iter().map(|stage| stage.key.as_str()))
            };
            FieldError::new("/stage", "unknown_stage", detail)
        })
    }

    /// Whether a record in a stage is open; without stages every record is.
    #[must_use]
    pub fn is_open(self, stage: Option<&str>) -> bool {
        let found = self.stages.iter().find(|known| Some(known.key.as_str()) == stage);
        found.is_none_or(|stage| stage.open)
    }
}

fn required(key: &str) -> FieldError {
    error(key, "required", "this field is required".to_owned())
}

fn error(key: &str, code: &'static str, detail: String) -> FieldError {
    FieldError::new(format!("/fields/{}", escape_pointer(key)), code, detail)
}
