//! The parts of a filter by the words that addresses have for them.

use hallpass_domain::record::TimeRange;
use hallpass_domain::saved_view::ViewFilter;

use super::filter::{Filter, query};
use super::kind::Kind;
use crate::form::Form;
use crate::format;
use crate::frame::Frame;

/// The name in a query of the part whose form is open.
pub(super) const ADD: &str = "add";
/// The name in a query of the place of the condition that the form changes.
pub(super) const AT: &str = "at";

/// The prefix of the words of fields.
const FIELD: &str = "field.";

/// A part of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The stage.
    Stage,
    /// The owner.
    Owner,
    /// Whether it is open.
    Open,
    /// When it was created.
    Created,
    /// When it was last changed.
    Updated,
    /// A field, by key.
    Field(String),
}

impl Part {
    /// Every part that records of a type can be filtered by.
    pub(crate) fn every(kind: &Kind, has_owners: bool) -> Vec<Part> {
        let stages = [Part::Stage, Part::Open].into_iter().filter(|_| kind.has_stages);
        let owner = Some(Part::Owner).filter(|_| has_owners);
        let fields = kind.resource.fields.iter();
        let fields = fields.map(|field| Part::Field(field.key.clone()));
        stages.chain(owner).chain(fields).chain([Part::Created, Part::Updated]).collect()
    }

    /// The part of a word.
    pub(crate) fn parse(kind: &Kind, word: &str) -> Option<Part> {
        let mut every = Part::every(kind, true).into_iter();
        every.find(|part| part.word() == word)
    }

    /// The part whose form a query opens, with the place of the condition that it changes.
    pub(crate) fn asked(kind: &Kind, form: &Form) -> Option<(Part, Option<usize>)> {
        let part = Part::parse(kind, form.text(ADD))?;
        Some((part, form.text(AT).parse().ok()))
    }

    /// The word of the part.
    pub(crate) fn word(&self) -> String {
        match self {
            Part::Stage => "stage".to_owned(),
            Part::Owner => "owner".to_owned(),
            Part::Open => "open".to_owned(),
            Part::Created => "created".to_owned(),
            Part::Updated => "updated".to_owned(),
            Part::Field(key) => format!("{FIELD}{key}"),
        }
    }

    /// The name of the part.
    pub(crate) fn label(&self, frame: &Frame, kind: &Kind) -> String {
        match self {
            Part::Stage => frame.t("record-stage"),
            Part::Owner => format::capital(&frame.word("record_owner")),
            Part::Open => frame.t("filter-state"),
            Part::Created => frame.t("record-created"),
            Part::Updated => frame.t("record-updated"),
            Part::Field(key) => {
                let known = kind.resource.fields.iter().find(|field| field.key == *key);
                known.map_or(key, |field| &field.name).clone()
            }
        }
    }

    /// The list with the form of this part open.
    pub(crate) fn form_of(&self, kind: &Kind, filter: &Filter, at: Option<usize>) -> String {
        let mut values = filter.first().values();
        values.push((ADD, self.word()));
        values.extend(at.map(|at| (AT, at.to_string())));
        format!("{}{}", kind.path, query(values))
    }

    /// Whether a filter has it already, so that another form of it would replace that.
    pub(crate) fn is_in(&self, filter: &ViewFilter) -> bool {
        match self {
            Part::Stage => filter.stage.is_some(),
            Part::Owner => filter.owner.is_some(),
            Part::Open => filter.rest.open.is_some(),
            Part::Created => filter.rest.created != TimeRange::default(),
            Part::Updated => filter.rest.updated != TimeRange::default(),
            Part::Field(_) => false,
        }
    }
}
