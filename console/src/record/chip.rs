//! Chips: what a list is limited to, each with the way to change it and the way to take it away.

use hallpass_app::naming::OwnerRef;
use hallpass_domain::record::{Test, TimeRange};
use hallpass_domain::saved_view::ViewFilter;
use hallpass_domain::time::Timestamp;
use hallpass_engine::Field;
use serde_json::Value;

use super::filter::{Fault, Filter};
use super::kind::Kind;
use super::part::Part;
use super::value::shown;
use crate::format;
use crate::frame::Frame;

/// What a list is limited to.
#[derive(Clone, Debug)]
pub(crate) struct Chip {
    pub(crate) label: String,
    pub(crate) value: String,
    /// The page with its form open.
    pub(crate) edit: String,
    /// The list without it.
    pub(crate) off: String,
    /// Whether the record type does not have it.
    pub(crate) is_broken: bool,
}

/// The chips of a filter. `owner` is the name of the member whose records it is limited to.
pub(crate) fn chips(frame: &Frame, kind: &Kind, filter: &Filter, owner: &str) -> Vec<Chip> {
    let only = &filter.settings.filter;
    let mut chips = Chips { frame, kind, filter, chips: Vec::new() };
    if let Some(stage) = &only.stage {
        let is_broken = filter.faults.contains(&Fault::Stage(stage.clone()));
        let part = (Part::Stage, None, is_broken);
        chips.add(part, kind.stage_name(stage), |filter| filter.stage = None);
    }
    if let Some(reference) = only.owner {
        let name = match reference {
            OwnerRef::Me => frame.t("records-me"),
            OwnerRef::Unowned => frame.t("records-unassigned"),
            OwnerRef::Member(_) => owner.to_owned(),
        };
        chips.add((Part::Owner, None, false), name, |filter| filter.owner = None);
    }
    if let Some(is_open) = only.rest.open {
        let word = frame.t(if is_open { "filter-open" } else { "filter-closed" });
        chips.add((Part::Open, None, false), word, |filter| filter.rest.open = None);
    }
    let none = TimeRange::default();
    if only.rest.created != none {
        let days = days(frame, only.rest.created);
        chips.add((Part::Created, None, false), days, |filter| filter.rest.created = none);
    }
    if only.rest.updated != none {
        let days = days(frame, only.rest.updated);
        chips.add((Part::Updated, None, false), days, |filter| filter.rest.updated = none);
    }
    for (at, (key, test)) in only.rest.conditions.iter().enumerate() {
        let known = kind.resource.fields.iter().find(|field| field.key == *key);
        let words = known.map_or_else(String::new, |field| tested(frame, field, test));
        let is_broken = [Fault::Field(key.clone()), Fault::Value(key.clone())]
            .iter()
            .any(|fault| filter.faults.contains(fault));
        let part = (Part::Field(key.clone()), Some(at), is_broken);
        chips.add(part, words, |filter| {
            filter.rest.conditions.remove(at);
        });
    }
    chips.chips
}

struct Chips<'c> {
    frame: &'c Frame,
    kind: &'c Kind,
    filter: &'c Filter,
    chips: Vec<Chip>,
}

impl Chips<'_> {
    fn add(
        &mut self,
        (part, at, is_broken): (Part, Option<usize>, bool),
        value: String,
        without: impl FnOnce(&mut ViewFilter),
    ) {
        let Chips { frame, kind, filter, .. } = *self;
        let off = filter.with(without);
        self.chips.push(Chip {
            label: part.label(frame, kind),
            value,
            edit: part.form_of(kind, filter, at),
            off: format!("{}{}", kind.path, off.as_query()),
            is_broken,
        });
    }
}

/// A test in words: "over 5", "contains “ab”".
fn tested(frame: &Frame, field: &Field, test: &Test) -> String {
    let value = |value: &Value| shown(frame, field, Some(value));
    match test {
        Test::Is(is) => value(is),
        Test::Contains(part) => frame.with("filter-has", "text", part),
        Test::Between(from, to) => {
            between(frame, from.as_ref().map(value), to.as_ref().map(value))
        }
        Test::Empty(true) => frame.t("filter-empty"),
        Test::Empty(false) => frame.t("filter-filled"),
    }
}

fn days(frame: &Frame, range: TimeRange) -> String {
    let day = |time: Timestamp| format::day(frame.text, time, &frame.zone);
    let [from, to] = [range.from.map(day), range.to.map(day)];
    match (from, to) {
        (Some(from), Some(to)) if from == to => from,
        (from, to) => between(frame, from, to),
    }
}

fn between(frame: &Frame, from: Option<String>, to: Option<String>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("{from} – {to}"),
        (Some(from), None) => frame.with("filter-from-on", "value", from),
        (None, Some(to)) => frame.with("filter-up-to", "value", to),
        (None, None) => String::new(),
    }
}
