//! The columns of an import: which part of a record each of them is.

use hallpass_domain::text::fold;

use super::kind::Kind;
use crate::form::Form;
use crate::format;
use crate::frame::Frame;
use crate::picker::Choice;

/// The word for no part of a record.
const NOTHING: &str = "-";

/// The word for the owner; no field has a key like it.
const OWNER: &str = "@owner";

/// The word for the stage.
const STAGE: &str = "@stage";

/// A part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A field, by its place.
    Field(usize),
    /// The owner.
    Owner,
    /// The stage.
    Stage,
}

/// A column of the text, with the parts to choose from.
#[derive(Clone, Debug)]
pub(super) struct Mapped {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) example: String,
    pub(super) parts: Vec<Choice>,
}

impl Mapped {
    /// The column at a place.
    pub(super) fn of(
        frame: &Frame,
        kind: &Kind,
        (place, title): (usize, &str),
        example: &str,
        chosen: Option<Part>,
    ) -> Mapped {
        let choice = |(value, name): (&str, String), part: Option<Part>| Choice {
            value: value.to_owned(),
            name,
            is_chosen: part == chosen,
        };
        let mut parts = vec![choice((NOTHING, frame.t("import-skip")), None)];
        for (place, field) in kind.resource.fields.iter().enumerate() {
            parts.push(choice((&field.key, field.name.clone()), Some(Part::Field(place))));
        }
        parts.push(choice((OWNER, owner_label(frame)), Some(Part::Owner)));
        if kind.has_stages {
            parts.push(choice((STAGE, frame.t("record-stage")), Some(Part::Stage)));
        }
        Mapped {
            name: input(place),
            title: title.trim().to_owned(),
            example: example.to_owned(),
            parts,
        }
    }

    #[cfg(test)]
    pub(super) fn sample() -> Mapped {
        let part = Choice { value: "name".into(), name: "<script>".into(), is_chosen: true };
        Mapped {
            name: input(0),
            title: "<script>".to_owned(),
            example: "<script>".to_owned(),
            parts: vec![part],
        }
    }
}

/// The name of the input of a column.
fn input(place: usize) -> String {
    format!("column.{place}")
}

/// The word of the access model for the owner.
pub(super) fn owner_label(frame: &Frame) -> String {
    format::capital(&frame.word("record_owner"))
}

/// The part that a column is: the one that the form says, else the one of that name.
pub(super) fn part(
    frame: &Frame,
    kind: &Kind,
    form: &Form,
    (place, title): (usize, &str),
) -> Option<Part> {
    let fields = &kind.resource.fields;
    let field = |found: Option<usize>| found.map(Part::Field);
    match form.find(&input(place)) {
        Some(OWNER) => Some(Part::Owner),
        Some(STAGE) => Some(Part::Stage).filter(|_| kind.has_stages),
        Some(key) => field(fields.iter().position(|field| field.key == key)),
        None => {
            let wanted = fold(title.trim());
            let is = |name: &str| fold(name) == wanted;
            let named = fields.iter().position(|field| is(&field.key) || is(&field.name));
            let is_owner = is("owner") || is(&owner_label(frame));
            let is_stage = kind.has_stages && (is("stage") || is(&frame.t("record-stage")));
            let owner = is_owner.then_some(Part::Owner);
            field(named).or(owner).or_else(|| is_stage.then_some(Part::Stage))
        }
    }
}
