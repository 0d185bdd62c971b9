//! The filter of a view as JSON has it: in the API, in the audit log, in the database.

use serde::{Deserialize, Serialize};

use super::ViewFilter;
use crate::record::{ConditionParts, MOST_CONDITIONS, OwnerRef, RecordFilter, TimeRange};
use crate::refusal::FieldError;
use crate::text::is_visible;
use crate::time::Timestamp;

/// The longest conditions of a filter, in bytes of JSON, as in an address.
pub const LONGEST_CONDITIONS: usize = 2_000;

/// The longest text that a filter searches for, in characters.
const LONGEST_TEXT: usize = 200;

/// The filter of a view as JSON has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilterParts {
    /// Words, each of which the title or a field contains.
    pub q: Option<String>,
    /// `me`, `unowned` or the id of a member.
    pub owner: Option<String>,
    /// The key of a stage.
    pub stage: Option<String>,
    /// Whether the records are open.
    pub open: Option<bool>,
    /// The earliest time of creation.
    pub created_from: Option<String>,
    /// The latest time of creation.
    pub created_to: Option<String>,
    /// The earliest time of the last change.
    pub updated_from: Option<String>,
    /// The latest time of the last change.
    pub updated_to: Option<String>,
    /// Conditions on fields.
    pub conditions: Vec<ConditionParts>,
}

impl FilterParts {
    /// The filter of a view.
    #[must_use]
    pub fn of(filter: &ViewFilter) -> FilterParts {
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        let RecordFilter { open, created, updated, conditions } = &filter.rest;
        FilterParts {
            q: filter.text.clone(),
            owner: filter.owner.map(|owner| owner.to_string()),
            stage: filter.stage.clone(),
            open: *open,
            created_from: time(created.from),
            created_to: time(created.to),
            updated_from: time(updated.from),
            updated_to: time(updated.to),
            conditions: conditions.iter().map(ConditionParts::of).collect(),
        }
    }

    /// Reads the filter.
    ///
    /// # Errors
    ///
    /// Every mistake, with its pointer.
    pub fn read(self) -> Result<ViewFilter, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut time = |pointer: &str, text: Option<String>| {
            let read = text.map(|text| text.parse::<Timestamp>()).transpose();
            read.unwrap_or_else(|_| {
                let detail = "expected a time such as `2026-03-15T12:00:00Z`";
                errors.push(FieldError::new(pointer, "bad_format", detail));
                None
            })
        };
        let created = TimeRange {
            from: time("/filter/created_from", self.created_from),
            to: time("/filter/created_to", self.created_to),
        };
        let updated = TimeRange {
            from: time("/filter/updated_from", self.updated_from),
            to: time("/filter/updated_to", self.updated_to),
        };
        let text = self.q.filter(|text| is_visible(text));
        if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
            let detail = format!("search for at most {LONGEST_TEXT} characters");
            errors.push(FieldError::new("/filter/q", "bad_text", detail));
        }
        if text.as_ref().is_some_and(|text| text.contains('\0')) {
            errors.push(FieldError::new("/filter/q", "bad_text", "expected text without NUL"));
        }
        let owner = self.owner.map(|owner| owner.parse::<OwnerRef>()).transpose();
        let owner = owner.unwrap_or_else(|_| {
            let detail = "expected `me`, `unowned` or a member's id";
            errors.push(FieldError::new("/filter/owner", "bad_owner", detail));
            None
        });
        errors.extend(too_many(&self.conditions));
        let mut conditions = Vec::new();
        for (at, parts) in self.conditions.into_iter().enumerate().take(MOST_CONDITIONS) {
            match parts.read() {
                Ok(condition) => conditions.push(condition),
                Err(detail) => {
                    let pointer = format!("/filter/conditions/{at}");
                    errors.push(FieldError::new(pointer, "bad_filter", detail));
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let rest = RecordFilter { open: self.open, created, updated, conditions };
        Ok(ViewFilter { text, owner, stage: self.stage, rest })
    }
}

fn too_many(conditions: &[ConditionParts]) -> Option<FieldError> {
    let wrong = |code, detail| Some(FieldError::new("/filter/conditions", code, detail));
    if conditions.len() > MOST_CONDITIONS {
        let detail = format!("a list has at most {MOST_CONDITIONS} conditions");
        return wrong("too_many", detail);
    }
    let length = serde_json::to_string(conditions).map_or(usize::MAX, |text| text.len());
    if length > LONGEST_CONDITIONS {
        let detail = format!("expected at most {LONGEST_CONDITIONS} bytes of conditions");
        return wrong("too_long", detail);
    }
    None
}
