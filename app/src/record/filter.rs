//! What narrows a list of records beside owner, stage and text, and the orders that no index has.

use hallpass_domain::record::{Condition, Test};
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::text::unknown;
use hallpass_domain::time::Timestamp;
use hallpass_engine::Resource;
pub use hallpass_store::record::TimeRange;
use hallpass_store::record::{Narrowing, SortBy, Sorting};
use serde_json::{Value, json};

/// The most conditions of a list.
pub const MOST_CONDITIONS: usize = 20;

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
    pub(crate) fn audit_view(&self) -> Value {
        if self.is_empty() {
            return Value::Null;
        }
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        let condition = |(field, test): &(String, Test)| match test {
            Test::Is(value) => json!({"field": field, "is": value}),
            Test::Contains(text) => json!({"field": field, "contains": text}),
            Test::Between(from, to) => json!({"field": field, "from": from, "to": to}),
            Test::Empty(is_empty) => json!({"field": field, "empty": is_empty}),
        };
        json!({
            "open": self.open,
            "created_from": time(self.created.from),
            "created_to": time(self.created.to),
            "updated_from": time(self.updated.from),
            "updated_to": time(self.updated.to),
            "conditions": self.conditions.iter().map(condition).collect::<Vec<_>>(),
        })
    }

    /// What it means for a record type. Every mistake is reported.
    pub(crate) fn check(&self, resource: &Resource) -> Result<Narrowing, Refusal> {
        if self.conditions.len() > MOST_CONDITIONS {
            let detail = format!("a list has at most {MOST_CONDITIONS} conditions");
            return Err(Refusal::field("/filter", "too_many", detail));
        }
        let (mut conditions, mut errors) = (Vec::new(), Vec::new());
        for (at, (key, test)) in self.conditions.iter().enumerate() {
            let pointer = format!("/filter/{at}");
            match Condition::check(&resource.fields, key, test.clone(), &pointer) {
                Ok(condition) => conditions.push(condition),
                Err(error) => errors.push(error),
            }
        }
        Refusal::unless_valid(errors)?;
        let (open, created, updated) = (self.open, self.created, self.updated);
        Ok(Narrowing { open, created, updated, conditions })
    }
}

/// A computed order as the API names it: `updated`, `amount`, or the key of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortingInput {
    /// What it compares.
    pub by: String,
    /// Whether the highest value comes first.
    pub is_descending: bool,
}

impl SortingInput {
    fn by(&self, resource: &Resource) -> Option<SortBy> {
        Some(match self.by.as_str() {
            "updated" => SortBy::Updated,
            "amount" => SortBy::Amount,
            key => {
                SortBy::Field(resource.fields.iter().find(|field| field.key == key)?.clone())
            }
        })
    }

    pub(crate) fn check(&self, resource: &Resource) -> Result<Sorting, Refusal> {
        let by = self.by(resource).ok_or_else(|| {
            let known = ["created", "title", "updated", "amount"];
            let fields = resource.fields.iter().map(|field| field.key.as_str());
            let names = known.into_iter().chain(fields);
            let detail = unknown("order", &self.by, names);
            Refusal::Fields(vec![FieldError::new("/sort", "unknown", detail)])
        })?;
        Ok(Sorting { by, is_descending: self.is_descending })
    }
}
