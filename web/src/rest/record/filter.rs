//! The filter and the order of a list, as query parameters write them.

use hallpass_app::record::SortOrder;
use hallpass_app::record::filter::{RecordFilter, SortingInput, TimeRange};
use hallpass_domain::record::Test;
use hallpass_domain::text::is_visible;
use hallpass_domain::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::error::Problem;

/// An order, and the word that its cursors have.
pub(super) struct Order {
    pub(super) order: Option<SortOrder>,
    pub(super) sorting: Option<SortingInput>,
    pub(super) word: String,
}

/// The order that a word names. Which fields there are is for the record type to say.
pub(super) fn order(sort: Option<&str>, text: Option<&str>) -> Order {
    let (order, word) = match sort {
        None if text.is_some_and(is_visible) => (Some(SortOrder::Rank), "rank"),
        None | Some("-created") => (Some(SortOrder::Newest), "-created"),
        Some("created") => (Some(SortOrder::Oldest), "created"),
        Some("title") => (Some(SortOrder::Title), "title"),
        Some("-title") => (Some(SortOrder::TitleDown), "-title"),
        Some(other) => (None, other),
    };
    let sorting = order.is_none().then(|| {
        let (by, is_descending) = word.strip_prefix('-').map_or((word, false), |by| (by, true));
        SortingInput { by: by.to_owned(), is_descending }
    });
    Order { order, sorting, word: word.to_owned() }
}

/// The parameters of a filter, which lists and exports have.
pub(super) struct FilterInput<'a> {
    pub(super) open: Option<bool>,
    /// The values of `created_from` and `created_to`.
    pub(super) created: [Option<&'a str>; 2],
    /// The values of `updated_from` and `updated_to`.
    pub(super) updated: [Option<&'a str>; 2],
    pub(super) conditions: Option<&'a str>,
}

/// A condition on a field.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionInput {
    field: String,
    is: Option<Value>,
    contains: Option<String>,
    from: Option<Value>,
    to: Option<Value>,
    empty: Option<bool>,
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

fn conditions(text: &str) -> Result<Vec<(String, Test)>, Problem> {
    let read = serde_json::from_str::<Vec<ConditionInput>>(text).map_err(|error| {
        let example = r#"`[{"field": "city", "is": "Berlin"}]`"#;
        let detail = format!("expected a JSON array such as {example}: {error}");
        Problem::field("/filter", "bad_filter", detail)
    })?;
    read.into_iter().map(ConditionInput::read).collect()
}

impl ConditionInput {
    fn read(self) -> Result<(String, Test), Problem> {
        let test = match (self.is, self.contains, (self.from, self.to), self.empty) {
            (Some(value), None, (None, None), None) => Test::Is(value),
            (None, Some(text), (None, None), None) => Test::Contains(text),
            (None, None, (None, None), Some(is_empty)) => Test::Empty(is_empty),
            (None, None, (from, to), None) if from.is_some() || to.is_some() => {
                Test::Between(from, to)
            }
            _ => {
                let field = hallpass_domain::text::printable(&self.field);
                let detail = format!(
                    "field `{field}`: expected one of `is`, `contains`, `from` and `to`, `empty`"
                );
                return Err(Problem::field("/filter", "bad_filter", detail));
            }
        };
        Ok((self.field, test))
    }
}
