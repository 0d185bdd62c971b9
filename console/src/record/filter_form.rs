//! The form of a part of a filter: it is sent by `GET` with the rest of the address, and leads to the address of
//! the list that it makes.

use hallpass_app::context::WorkspaceContext;
use hallpass_domain::record::{Test, TimeRange};
use hallpass_domain::time::Timestamp;
use hallpass_engine::{Field, FieldType};
use serde_json::Value;

use super::candidates::{self, Candidates};
use super::filter::Filter;
use super::filter_change::{BETWEEN, change, test_name, tests, word_of};
use super::kind::Kind;
use super::part::{AT, Part};
use super::value;
use crate::failure::Failure;
use crate::form::Form;
use crate::format;
use crate::frame::Frame;
use crate::picker::Choice;

/// The name in a query of the part that it sets.
const PUT: &str = "put";

/// The form of a part of a filter.
#[derive(Clone, Debug, Default)]
pub(crate) struct FilterForm {
    pub(crate) label: String,
    /// The part, as addresses have it.
    pub(crate) part: String,
    /// The rest of the address.
    pub(crate) hidden: Vec<(&'static str, String)>,
    /// The tests to choose from; empty for a part with one.
    pub(crate) tests: Vec<Choice>,
    /// The values to choose from; empty for one that is typed.
    pub(crate) options: Vec<Choice>,
    /// The type of the inputs; empty for none.
    pub(crate) kind: &'static str,
    pub(crate) step: &'static str,
    /// Whether it has the two ends of a range.
    pub(crate) is_range: bool,
    pub(crate) value: String,
    pub(crate) to: String,
    /// Members to choose from, each with the list of their records.
    pub(crate) people: Option<Candidates>,
    /// What is wrong.
    pub(crate) error: Option<String>,
    /// The list without the form.
    pub(crate) back: String,
}

impl FilterForm {
    /// Whether a word is that of a part.
    pub(crate) fn knows(kind: &Kind, word: &str) -> bool {
        Part::parse(kind, word).is_some()
    }

    /// The form that a query opens; none for a query that opens none.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        (kind, filter): (&Kind, &Filter),
        query: &Form,
    ) -> Result<Option<FilterForm>, Failure> {
        let Some((part, at)) = Part::asked(kind, query) else { return Ok(None) };
        let mut form = FilterForm::blank(frame, kind, filter, (&part, at));
        match &part {
            Part::Owner => {
                let found =
                    candidates::find(ctx, frame, (kind, filter), query.text("find")).await?;
                form.people = Some(found);
            }
            Part::Stage | Part::Open | Part::Created | Part::Updated | Part::Field(_) => {}
        }
        Ok(Some(form))
    }

    /// The form with what the filter has, or what was sent.
    fn blank(
        frame: &Frame,
        kind: &Kind,
        filter: &Filter,
        (part, at): (&Part, Option<usize>),
    ) -> FilterForm {
        let only = &filter.settings.filter;
        let mut hidden = filter.first().values();
        hidden.extend(at.map(|at| (AT, at.to_string())));
        let form = FilterForm {
            label: part.label(frame, kind),
            part: part.word(),
            hidden,
            back: format!("{}{}", kind.path, filter.first().as_query()),
            ..FilterForm::default()
        };
        let choice = |value: &str, name: &str, is_chosen: bool| Choice {
            value: value.to_owned(),
            name: name.to_owned(),
            is_chosen,
        };
        match part {
            Part::Owner => form,
            Part::Stage => {
                let stages = kind.resource.stages.iter();
                let is_chosen = |key: &str| only.stage.as_deref() == Some(key);
                let options =
                    stages.map(|one| choice(&one.key, &one.name, is_chosen(&one.key)));
                FilterForm { options: options.collect(), ..form }
            }
            Part::Open => {
                let is_open = only.rest.open;
                let options = vec![
                    choice("true", &frame.t("filter-open"), is_open == Some(true)),
                    choice("false", &frame.t("filter-closed"), is_open == Some(false)),
                ];
                FilterForm { options, ..form }
            }
            Part::Created => form.of_days(frame, only.rest.created),
            Part::Updated => form.of_days(frame, only.rest.updated),
            Part::Field(key) => {
                let field = kind.resource.fields.iter().find(|field| field.key == *key);
                let test = at.and_then(|at| only.rest.conditions.get(at)).map(|(_, test)| test);
                match field {
                    Some(field) => form.of_field(frame, field, test),
                    None => form,
                }
            }
        }
    }

    fn of_days(self, frame: &Frame, range: TimeRange) -> FilterForm {
        let day = |time: Option<Timestamp>| {
            time.map(|time| format::iso_day(time, &frame.zone)).unwrap_or_default()
        };
        let (value, to) = (day(range.from), day(range.to));
        FilterForm { kind: "date", is_range: true, value, to, ..self }
    }

    fn of_field(self, frame: &Frame, field: &Field, test: Option<&Test>) -> FilterForm {
        let tests = tests(field);
        let chosen = test.map_or(tests.first().copied().unwrap_or_default(), word_of);
        let typed = |of: Option<&Value>| value::typed(frame, field, of);
        let (value, to) = match test {
            Some(Test::Is(is)) => (typed(Some(is)), String::new()),
            Some(Test::Contains(part)) => (part.clone(), String::new()),
            Some(Test::Between(from, to)) => (typed(from.as_ref()), typed(to.as_ref())),
            Some(Test::Empty(_)) | None => (String::new(), String::new()),
        };
        let (kind, step) = match field.holds {
            FieldType::Number => ("number", "any"),
            FieldType::Money => ("number", "0.01"),
            FieldType::Date => ("date", ""),
            FieldType::Time => ("datetime-local", ""),
            FieldType::Choice | FieldType::Check => ("", ""),
            FieldType::Text
            | FieldType::LongText
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Link => ("text", ""),
        };
        let option = |option_value: &str, name: String| Choice {
            is_chosen: value == option_value,
            value: option_value.to_owned(),
            name,
        };
        let options = match field.holds {
            FieldType::Choice => {
                let options = field.options.iter();
                options.map(|one| option(&one.key, one.name.clone())).collect()
            }
            FieldType::Check => {
                let is_off = test == Some(&Test::Is(Value::Bool(false)));
                let no = Choice { is_chosen: is_off, ..option("false", frame.t("value-no")) };
                vec![option("true", frame.t("value-yes")), no]
            }
            FieldType::Text
            | FieldType::LongText
            | FieldType::Number
            | FieldType::Money
            | FieldType::Date
            | FieldType::Time
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Link => Vec::new(),
        };
        let test = |word: &&'static str| Choice {
            value: (*word).to_owned(),
            name: frame.t(test_name(word)),
            is_chosen: *word == chosen,
        };
        FilterForm {
            tests: tests.iter().map(test).collect(),
            options,
            kind,
            step,
            is_range: tests.contains(&BETWEEN),
            value,
            to,
            ..self
        }
    }

    /// The filter that a form makes, if a query is one, or the form again with what is wrong.
    pub(crate) fn sent(
        frame: &Frame,
        kind: &Kind,
        filter: &Filter,
        query: &Form,
    ) -> Option<Result<Filter, Box<FilterForm>>> {
        let part = Part::parse(kind, query.text(PUT))?;
        let at = query.text(AT).parse().ok();
        let changed = change(frame, kind, (&part, at), query)
            .map(|change| filter.with(|only| change.apply(only, at)));
        Some(changed.map_err(|error| {
            let form = FilterForm::blank(frame, kind, filter, (&part, at));
            let sent = |name: &str| query.text(name).to_owned();
            let test = sent("test");
            let tests = form.tests.iter().cloned();
            let tests =
                tests.map(|one| Choice { is_chosen: one.value == test, ..one }).collect();
            let (value, to, error) = (sent("value"), sent("to"), Some(error));
            Box::new(FilterForm { tests, value, to, error, ..form })
        }))
    }

    #[cfg(test)]
    pub(crate) fn samples() -> Vec<FilterForm> {
        let (frame, kind) = (Frame::sample(), Kind::sample());
        let blank = |part: Part| FilterForm {
            error: Some("<script>".to_owned()),
            ..FilterForm::blank(&frame, &kind, &Filter::default(), (&part, None))
        };
        let mut forms: Vec<FilterForm> =
            Part::every(&kind, true).into_iter().map(blank).collect();
        let people = Some(Candidates::sample());
        forms.push(FilterForm { people, ..blank(Part::Owner) });
        forms
    }
}
