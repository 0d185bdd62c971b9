//! The fields of a record type and the stages of its pipeline.

use super::action::{Action, find_action, title};
use super::section::Section;

/// A field of a record type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The key in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// The type of its values.
    pub holds: FieldType,
    /// Whether every record must have a value.
    pub required: bool,
    /// The options of a choice; empty for other types.
    pub options: Vec<String>,
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// A number.
    Number,
    /// An amount of money in the currency of the workspace.
    Money,
    /// A date.
    Date,
    /// A date with a time.
    Time,
    /// An email address.
    Email,
    /// A telephone number.
    Phone,
    /// A URL.
    Link,
    /// One of the options.
    Choice,
    /// True or false.
    Check,
}

impl FieldType {
    /// Every type with its word in blueprints.
    pub const WORDS: [(&'static str, FieldType); 11] = [
        ("text", FieldType::Text),
        ("long_text", FieldType::LongText),
        ("number", FieldType::Number),
        ("money", FieldType::Money),
        ("date", FieldType::Date),
        ("time", FieldType::Time),
        ("email", FieldType::Email),
        ("phone", FieldType::Phone),
        ("link", FieldType::Link),
        ("choice", FieldType::Choice),
        ("check", FieldType::Check),
    ];

    fn parse(text: &str) -> Option<FieldType> {
        FieldType::WORDS.into_iter().find(|(word, _)| *word == text).map(|(_, holds)| holds)
    }
}

/// A stage of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The key in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// Whether records in it count as open, which are counted for each member.
    pub open: bool,
    /// The position of the action that moving a record into or out of the stage requires; `None`
    /// for `update`.
    pub by: Option<usize>,
}

pub(crate) fn read_fields(section: &Section<'_>) -> Vec<Field> {
    let words = FieldType::WORDS.map(|(word, _)| word);
    let mut fields: Vec<Field> = Vec::new();
    for row in section.rows("fields") {
        let key = row.required_key("key");
        let options = row.texts("options").unwrap_or_default();
        let field = Field {
            name: row.text_or("name", &title(&key.value)),
            holds: row.word("type", &words, FieldType::parse).unwrap_or(FieldType::Text),
            required: row.flag("required").unwrap_or(false),
            options: options.into_iter().map(|option| option.value).collect(),
            key: key.value,
        };
        if fields.iter().any(|known| known.key == field.key) {
            row.log.add(row.at, format!("duplicate field `{}`", field.key), None);
        }
        check_options(&row, &field);
        fields.push(field);
        row.finish();
    }
    fields
}

fn check_options(row: &Section<'_>, field: &Field) {
    let (message, hint) = match (field.holds == FieldType::Choice, field.options.is_empty()) {
        (true, false) | (false, true) => return,
        (true, true) => ("needs options", "list them in `options`"),
        (false, false) => ("has options, but is not a choice", "set `type = \"choice\"`"),
    };
    row.log.add(row.at, format!("the field `{}` {message}", field.key), Some(hint.to_owned()));
}

pub(crate) fn read_stages(section: &Section<'_>, actions: &[Action]) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for row in section.rows("stages") {
        let key = row.required_key("key");
        if stages.iter().any(|known| known.key == key.value) {
            row.log.add(row.at, format!("duplicate stage `{}`", key.value), None);
        }
        stages.push(Stage {
            name: row.text_or("name", &title(&key.value)),
            open: row.flag("open").unwrap_or(true),
            by: row.text("by").and_then(|by| find_action(section, &by, actions)),
            key: key.value,
        });
        row.finish();
    }
    stages
}
