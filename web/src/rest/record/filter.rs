//! The filter of a list, as query parameters write it.

use hallpass_app::record::filter::{RecordFilter, TimeRange};
use hallpass_domain::record::{ConditionParts, Test};
use hallpass_domain::time::Timestamp;

use crate::error::Problem;

/// The parameters of a filter, which lists and exports have.
pub(super) struct FilterInput<'a> {
    pub(super) open: Option<bool>,
    /// The values of `created_from` and `created_to`.
    pub(super) created: [Option<&'a str>; 2],
    /// The values of `updated_from` and `updated_to`.
    pub(super) updated: [Option<&'a str>; 2],
    pub(super) conditions: Option<&'a str>,
}

impl FilterInput<'_> {
    pub(super) fn read(&self) -> Result<RecordFilter, Problem> {
        let created = range(["/created_from", "/created_to"], self.created)?;
        let updated = range(["/updated_from", "/updated_to"], self.updated)?;
        let conditions = self.conditions.map_or(Ok(Vec::new()), conditions)?;
        Ok(RecordFilter { open: self.open, created, updated, conditions })
    }
}

fn range(names: [&str; 2], texts: [Option<&str>; 2]) -> Result<TimeRange, Problem> {
    let ([from, to], [first, last]) = (names, texts);
    let time = |pointer: &str, text: Option<&str>| {
        let parsed = text.map(str::parse::<Timestamp>).transpose();
        parsed.map_err(|_| {
            let detail = "expected a time such as `2026-03-15T12:00:00Z`";
            Problem::field(pointer, "bad_format", detail)
        })
    };
    Ok(TimeRange { from: time(from, first)?, to: time(to, last)? })
}

/// Reads conditions on fields, as the parameter `filter` has them.
fn conditions(text: &str) -> Result<Vec<(String, Test)>, Problem> {
    let read = serde_json::from_str::<Vec<ConditionParts>>(text).map_err(|error| {
        let example = r#"`[{"field": "city", "is": "Berlin"}]`"#;
        let detail = format!("expected a JSON array such as {example}: {error}");
        Problem::field("/filter", "bad_filter", detail)
    })?;
    let wrong = |detail| Problem::field("/filter", "bad_filter", detail);
    read.into_iter().map(|parts| parts.read().map_err(wrong)).collect()
}
