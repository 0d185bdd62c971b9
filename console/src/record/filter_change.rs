//! What the form of a part of a filter changes.

use hallpass_app::naming::OwnerRef;
use hallpass_domain::record::{Condition, MOST_CONDITIONS, Test, TimeRange};
use hallpass_domain::saved_view::ViewFilter;
use hallpass_engine::{Field, FieldType};

use super::filter::Filter;
use super::kind::Kind;
use super::part::Part;
use super::value;
use crate::form::Form;
use crate::format;
use crate::frame::Frame;
use crate::refusal;

pub(super) const IS: &str = "is";
pub(super) const CONTAINS: &str = "contains";
pub(super) const BETWEEN: &str = "between";
const EMPTY: &str = "empty";
const FILLED: &str = "filled";

/// The tests of a field, the most usual first.
pub(super) fn tests(field: &Field) -> &'static [&'static str] {
    match field.holds {
        FieldType::Text
        | FieldType::LongText
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Link => &[CONTAINS, IS, EMPTY, FILLED],
        FieldType::Number | FieldType::Money | FieldType::Date | FieldType::Time => {
            &[BETWEEN, IS, EMPTY, FILLED]
        }
        FieldType::Choice | FieldType::Check => &[IS, EMPTY, FILLED],
    }
}

pub(super) fn word_of(test: &Test) -> &'static str {
    match test {
        Test::Is(_) => IS,
        Test::Contains(_) => CONTAINS,
        Test::Between(..) => BETWEEN,
        Test::Empty(true) => EMPTY,
        Test::Empty(false) => FILLED,
    }
}

/// The key of the name of a test.
pub(super) fn test_name(word: &str) -> &'static str {
    match word {
        CONTAINS => "filter-test-contains",
        BETWEEN => "filter-test-between",
        EMPTY => "filter-empty",
        FILLED => "filter-filled",
        _ => "filter-test-is",
    }
}

/// What a form changes in a filter.
pub(super) enum Change {
    Stage(Option<String>),
    Owner(Option<OwnerRef>),
    Open(Option<bool>),
    Created(TimeRange),
    Updated(TimeRange),
    /// A condition; none where nothing was typed.
    Condition(Option<(String, Test)>),
}

impl Change {
    pub(super) fn apply(self, only: &mut ViewFilter, at: Option<usize>) {
        match self {
            Change::Stage(stage) => only.stage = stage,
            Change::Owner(owner) => only.owner = owner,
            Change::Open(is_open) => only.rest.open = is_open,
            Change::Created(range) => only.rest.created = range,
            Change::Updated(range) => only.rest.updated = range,
            Change::Condition(condition) => {
                let conditions = &mut only.rest.conditions;
                let place = at.filter(|at| *at < conditions.len());
                if let Some(at) = place {
                    conditions.remove(at);
                }
                if let Some(condition) = condition {
                    conditions.insert(place.unwrap_or(conditions.len()), condition);
                }
            }
        }
    }
}

/// What a form says, or what is wrong with it.
pub(super) fn change(
    frame: &Frame,
    kind: &Kind,
    (part, at): (&Part, Option<usize>),
    query: &Form,
) -> Result<Change, String> {
    let value = query.filled("value").map(str::to_owned);
    let range = || -> Result<TimeRange, String> {
        let day = |name: &str| query.filled(name).map(|text| format::days(text, &frame.zone));
        let wrong = || frame.t("filter-wrong-day");
        let from = day("value").map(|day| day.ok_or_else(wrong)).transpose()?;
        let to = day("to").map(|day| day.ok_or_else(wrong)).transpose()?;
        Ok(TimeRange { from: from.map(|(from, _)| from), to: to.map(|(_, to)| to) })
    };
    Ok(match part {
        Part::Stage => Change::Stage(value),
        Part::Owner => Change::Owner(value.and_then(|value| value.parse().ok())),
        Part::Open => Change::Open(value.and_then(|value| value.parse().ok())),
        Part::Created => Change::Created(range()?),
        Part::Updated => Change::Updated(range()?),
        Part::Field(key) => {
            let field = kind.resource.fields.iter().find(|field| field.key == *key);
            let Some(field) = field else { return Err(frame.t("records-fault-unreadable")) };
            let test = test(frame, field, query);
            if let Some(test) = &test {
                Condition::check(&kind.resource.fields, key, test.clone(), "")
                    .map_err(|error| refusal::of_field(frame.text, &error.into()))?;
            }
            let used = Filter::of(kind, query).settings.filter.rest.conditions.len();
            if at.is_none() && test.is_some() && used >= MOST_CONDITIONS {
                return Err(text!(frame.text, "filter-too-many", n = MOST_CONDITIONS));
            }
            Change::Condition(test.map(|test| (key.clone(), test)))
        }
    })
}

fn test(frame: &Frame, field: &Field, query: &Form) -> Option<Test> {
    let parsed = |name: &str| query.filled(name).map(|text| value::parse(frame, field, text));
    match query.text("test") {
        EMPTY => Some(Test::Empty(true)),
        FILLED => Some(Test::Empty(false)),
        CONTAINS => query.filled("value").map(|text| Test::Contains(text.to_owned())),
        BETWEEN => {
            let (from, to) = (parsed("value"), parsed("to"));
            (from.is_some() || to.is_some()).then_some(Test::Between(from, to))
        }
        _ => parsed("value").map(Test::Is),
    }
}
