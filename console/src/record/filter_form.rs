//! The form of a part of a filter: it is sent by `GET` with the rest of the address, and leads to the address of
//! the list that it makes.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::naming::OwnerRef;
use hallpass_app::pick::PickedMember;
use hallpass_domain::record::{Condition, MOST_CONDITIONS, Test, TimeRange};
use hallpass_domain::saved_view::ViewFilter;
use hallpass_domain::time::Timestamp;
use hallpass_engine::{Field, FieldType};
use serde_json::Value;

use super::choice::Choice;
use super::filter::Filter;
use super::kind::Kind;
use super::part::{AT, Part};
use super::value;
use crate::failure::{Failure, sentence};
use crate::form::Form;
use crate::format;
use crate::frame::{Frame, Person};

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
    pub(crate) people: Option<People>,
    /// What is wrong.
    pub(crate) error: Option<String>,
    /// The list without the form.
    pub(crate) back: String,
}

/// The members of a choice.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    /// What they are found by.
    pub(crate) text: String,
    /// The lists without a member in them: those of the reader, those of no owner.
    pub(crate) others: Vec<(String, String)>,
    pub(crate) found: Vec<Pickable>,
}

/// A member to choose.
#[derive(Clone, Debug)]
pub(crate) struct Pickable {
    pub(crate) person: Person,
    pub(crate) picture: Option<String>,
    /// What tells them apart from others of the same name.
    pub(crate) line: String,
    /// Where the choice leads.
    pub(crate) href: String,
}

impl Pickable {
    fn of(picked: PickedMember, href: String) -> Pickable {
        let (line, picture) = match picked.known {
            Some(known) => (format!("{} · {}", known.email, known.role), known.picture),
            None => (String::new(), None),
        };
        Pickable { person: Person::new(&picked.id, &picked.name), picture, line, href }
    }
}

impl FilterForm {
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
                form.people = Some(people(ctx, frame, (kind, filter), query.text("find")).await?);
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
                let options = stages.map(|one| choice(&one.key, &one.name, is_chosen(&one.key)));
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
            _ => Vec::new(),
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
        let changed = change(frame, kind, (&part, at), query).map(|change| {
            filter.with(|only| change.apply(only, at))
        });
        Some(changed.map_err(|error| {
            let form = FilterForm::blank(frame, kind, filter, (&part, at));
            let sent = |name: &str| query.text(name).to_owned();
            let test = sent("test");
            let tests = form.tests.iter().cloned();
            let tests = tests.map(|one| Choice { is_chosen: one.value == test, ..one }).collect();
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
        let mut forms: Vec<FilterForm> = Part::every(&kind, true).into_iter().map(blank).collect();
        let found = vec![Pickable {
            person: Person::new(&"mbr_1", "<script>"),
            picture: None,
            line: "<script>".to_owned(),
            href: "#".to_owned(),
        }];
        let others = vec![("#".to_owned(), "<script>".to_owned())];
        let people = Some(People { text: "<script>".to_owned(), others, found });
        forms.push(FilterForm { people, ..blank(Part::Owner) });
        forms
    }
}

const IS: &str = "is";
const CONTAINS: &str = "contains";
const BETWEEN: &str = "between";
const EMPTY: &str = "empty";
const FILLED: &str = "filled";

/// The tests of a field, the most usual first.
fn tests(field: &Field) -> &'static [&'static str] {
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

fn word_of(test: &Test) -> &'static str {
    match test {
        Test::Is(_) => IS,
        Test::Contains(_) => CONTAINS,
        Test::Between(..) => BETWEEN,
        Test::Empty(true) => EMPTY,
        Test::Empty(false) => FILLED,
    }
}

/// The key of the name of a test.
fn test_name(word: &str) -> &'static str {
    match word {
        CONTAINS => "filter-test-contains",
        BETWEEN => "filter-test-between",
        EMPTY => "filter-empty",
        FILLED => "filter-filled",
        _ => "filter-test-is",
    }
}

/// What a form changes in a filter.
enum Change {
    Stage(Option<String>),
    Owner(Option<OwnerRef>),
    Open(Option<bool>),
    Created(TimeRange),
    Updated(TimeRange),
    /// A condition; none where nothing was typed.
    Condition(Option<(String, Test)>),
}

impl Change {
    fn apply(self, only: &mut ViewFilter, at: Option<usize>) {
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
fn change(
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
                    .map_err(|error| sentence(&error.detail))?;
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
    let parsed = |name: &str| {
        query.filled(name).map(|text| value::parse(frame, field, text))
    };
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

/// The owners to choose from: the reader, no owner, and the first members whom a text finds.
async fn people(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    (kind, filter): (&Kind, &Filter),
    text: &str,
) -> Result<People, Failure> {
    let list = |owner: &str| format!("{}{}", kind.path, filter.with_owner(owner).as_query());
    let others = vec![
        (list("me"), frame.t("records-me")),
        (list("unowned"), frame.t("records-unassigned")),
    ];
    let text: String = text.chars().take(200).collect();
    let found = if ctx.picks().may_pick_members() {
        let wanted = Some(text.clone()).filter(|text| !text.is_empty());
        ctx.picks().members(wanted).await?
    } else {
        Vec::new()
    };
    let me = ctx.member_id();
    let found = found.into_iter().filter(|picked| Some(picked.id) != me);
    let found = found.map(|picked| {
        let href = list(&picked.id.to_string());
        Pickable::of(picked, href)
    });
    Ok(People { text, others, found: found.collect() })
}
