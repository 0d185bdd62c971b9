//! Mistakes in a body or in query parameters: where they are, and what a client should send.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use hallpass_domain::refusal::FieldError;
use hallpass_engine::text::{listed, nearest};
use serde::de::{Error, Expected, Unexpected};

/// The number of mistakes that are reported at most.
pub(crate) const MOST_MISTAKES: usize = 100;

/// The longest name that a message repeats, in characters.
const LONGEST_NAME: usize = 64;

/// Where the input comes from; it decides the codes and the words of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Body,
    Query,
}

/// A mistake, before it is known where.
#[derive(Debug)]
pub(super) enum Mistake {
    Unknown {
        name: String,
        known: Vec<&'static str>,
    },
    Missing(&'static str),
    Repeated(String),
    WrongType {
        expected: Cow<'static, str>,
        found: Cow<'static, str>,
    },
    /// What the type itself says about a value.
    Unusable(String),
}

/// The mistake that ends a pass.
#[derive(Debug)]
pub(super) struct Stop {
    /// The value, as a JSON pointer; none until the error has left the value.
    pub(super) pointer: Option<String>,
    pub(super) mistake: Mistake,
}

impl Stop {
    /// Adds where the value is, unless that is known.
    pub(super) fn at(self, pointer: impl FnOnce() -> String) -> Stop {
        let Stop { pointer: known, mistake } = self;
        Stop { pointer: Some(known.unwrap_or_else(pointer)), mistake }
    }
}

impl From<Mistake> for Stop {
    fn from(mistake: Mistake) -> Stop {
        Stop { pointer: None, mistake }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = self.pointer.as_deref().unwrap_or_default();
        f.write_str(&detail(Source::Body, pointer, &self.mistake))
    }
}

impl std::error::Error for Stop {}

impl Error for Stop {
    fn custom<T: fmt::Display>(message: T) -> Stop {
        Mistake::Unusable(message.to_string()).into()
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Stop {
        let (expected, found) = (expected.to_string().into(), found.to_string().into());
        Mistake::WrongType { expected, found }.into()
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Stop {
        let variant = printable(variant);
        let near = nearest(&variant, expected.iter().copied());
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let known = listed(expected);
        Mistake::Unusable(format!("`{variant}` is not one of {known}{near}")).into()
    }

    fn unknown_field(name: &str, expected: &'static [&'static str]) -> Stop {
        Mistake::Unknown { name: name.to_owned(), known: expected.to_vec() }.into()
    }

    fn missing_field(name: &'static str) -> Stop {
        Mistake::Missing(name).into()
    }
}

/// The mistakes that the passes have found, each place once.
pub(super) struct Notes {
    source: Source,
    pointers: RefCell<HashSet<String>>,
    errors: RefCell<Vec<FieldError>>,
}

impl Notes {
    pub(super) fn new(source: Source) -> Notes {
        Notes { source, pointers: RefCell::default(), errors: RefCell::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.errors.borrow().is_empty()
    }

    pub(super) fn contains(&self, pointer: &str) -> bool {
        self.pointers.borrow().contains(pointer)
    }

    /// Notes a mistake. False when its place has one, or when there are enough.
    pub(super) fn add(&self, stop: Stop) -> bool {
        let parent = stop.pointer.unwrap_or_default();
        let pointer = match &stop.mistake {
            Mistake::Missing(name) => join(&parent, name),
            Mistake::Unknown { name, .. } | Mistake::Repeated(name) => {
                join(&parent, &printable(name))
            }
            Mistake::WrongType { .. } | Mistake::Unusable(_) => parent,
        };
        let mut errors = self.errors.borrow_mut();
        let is_full = errors.len() >= MOST_MISTAKES;
        if is_full || !self.pointers.borrow_mut().insert(pointer.clone()) {
            return false;
        }
        let detail = detail(self.source, &pointer, &stop.mistake);
        errors.push(FieldError::new(pointer, code(self.source, &stop.mistake), detail));
        true
    }

    pub(super) fn into_errors(self) -> Vec<FieldError> {
        self.errors.into_inner()
    }
}

fn code(source: Source, mistake: &Mistake) -> &'static str {
    match (source, mistake) {
        (Source::Query, Mistake::Unknown { .. }) => "unknown_parameter",
        (Source::Query, _) => "bad_parameter",
        (Source::Body, Mistake::Unknown { .. }) => "unknown_field",
        (Source::Body, Mistake::Missing(_)) => "missing",
        (Source::Body, Mistake::Repeated(_)) => "repeated",
        (Source::Body, Mistake::WrongType { .. } | Mistake::Unusable(_)) => "wrong_type",
    }
}

fn detail(source: Source, pointer: &str, mistake: &Mistake) -> String {
    let noun = match source {
        Source::Body => "field",
        Source::Query => "parameter",
    };
    match mistake {
        Mistake::Unknown { name, known } => unknown(noun, name, known),
        Mistake::Missing(name) => format!("missing {noun} `{name}`"),
        Mistake::Repeated(name) => {
            format!("the {noun} `{}` occurs more than once", printable(name))
        }
        Mistake::WrongType { expected, found } if pointer.is_empty() => {
            format!("expected the body to be {expected}, found {found}")
        }
        Mistake::WrongType { expected, found } => format!("expected {expected}, found {found}"),
        Mistake::Unusable(message) => message.clone(),
    }
}

/// Says that a name is unknown, and which are known.
pub(super) fn unknown(noun: &str, name: &str, known: &[&str]) -> String {
    let shown = printable(name);
    if known.is_empty() {
        return format!("unknown {noun} `{shown}`; no {noun}s are allowed here");
    }
    let names = listed(known);
    match nearest(name, known.iter().copied()) {
        Some(near) => {
            format!("unknown {noun} `{shown}`; did you mean `{near}`? Known {noun}s: {names}")
        }
        None => format!("unknown {noun} `{shown}`; known {noun}s: {names}"),
    }
}

/// A name from the input, short and without control characters.
pub(super) fn printable(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}

/// The pointer to a field or item below another.
pub(super) fn join(parent: &str, part: &str) -> String {
    format!("{parent}/{}", hallpass_domain::text::escape_pointer(part))
}
