//! The input of a field.

use hallpass_engine::{Field, FieldType};

use super::value::FIELD;
use crate::frame::Frame;
use crate::picker::Choice;

/// The input of a field.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// The key of the field.
    pub(crate) key: String,
    /// The name of the input.
    pub(crate) name: String,
    pub(crate) label: String,
    /// The type of the input; `textarea`, `select` and `checkbox` for those.
    pub(crate) kind: &'static str,
    /// The step of a number, for the browser.
    pub(crate) step: &'static str,
    pub(crate) value: String,
    pub(crate) options: Vec<Choice>,
    pub(crate) is_required: bool,
    /// What is wrong with it.
    pub(crate) error: Option<String>,
    /// What another person has saved.
    pub(crate) saved: Option<String>,
}

impl Input {
    /// The name of the input of a field.
    pub(crate) fn name_of(field: &Field) -> String {
        format!("{FIELD}{}", field.key)
    }

    /// The input of a field, with what it shows.
    pub(crate) fn new(field: &Field, value: &str) -> Input {
        let (kind, step) = match field.holds {
            FieldType::Text => ("text", ""),
            FieldType::LongText => ("textarea", ""),
            FieldType::Number => ("number", "any"),
            FieldType::Money => ("number", "0.01"),
            FieldType::Date => ("date", ""),
            FieldType::Time => ("datetime-local", ""),
            FieldType::Email => ("email", ""),
            FieldType::Phone => ("tel", ""),
            FieldType::Link => ("url", ""),
            FieldType::Choice => ("select", ""),
            FieldType::Check => ("checkbox", ""),
        };
        let option = |(key, name): (&String, &String)| Choice {
            value: key.clone(),
            name: name.clone(),
            is_chosen: key == value,
        };
        Input {
            key: field.key.clone(),
            name: Input::name_of(field),
            label: field.name.clone(),
            kind,
            step,
            value: value.to_owned(),
            options: field.options.iter().map(|one| option((&one.key, &one.name))).collect(),
            is_required: field.required,
            error: None,
            saved: None,
        }
    }

    /// The input with what another person has saved.
    pub(crate) fn beside(self, frame: &Frame, saved: &str) -> Input {
        let saved = if saved.is_empty() { frame.t("none") } else { saved.to_owned() };
        Input { saved: Some(saved), ..self }
    }

    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Input> {
        let field = |(word, holds): &(&str, FieldType)| Field {
            key: (*word).to_owned(),
            name: format!("<script> {word}"),
            holds: *holds,
            required: true,
            options: vec![hallpass_engine::FieldOption::named("<script>")],
        };
        let input = |field: &Field| Input {
            error: Some("This field is required.".to_owned()),
            saved: Some("<script>".to_owned()),
            ..Input::new(field, "<script>")
        };
        FieldType::WORDS.iter().map(|word| input(&field(word))).collect()
    }
}

/// The pointer to a field in the mistakes of a record.
pub(crate) fn pointer(key: &str) -> String {
    format!("/fields/{}", hallpass_domain::text::escape_pointer(key))
}
