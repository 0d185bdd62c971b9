//! What a record holds: fields with types, and the stages of a pipeline.

use super::read::Section;
use super::resource::{Action, position, title};
use crate::text::listed;

/// A field of a record type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The word in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// What it holds.
    pub holds: FieldType,
    /// Whether a record must have it.
    pub required: bool,
    /// The options of a choice.
    pub options: Vec<String>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// One line.
    Text,
    /// Many lines.
    LongText,
    /// A number.
    Number,
    /// An amount of money in the workspace's currency.
    Money,
    /// A day.
    Date,
    /// A day and a time.
    Time,
    /// A mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web address.
    Link,
    /// One of some options.
    Choice,
    /// Yes or no.
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
}

/// A stage of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The word in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// Whether a record in it still needs work; open records are counted per member.
    pub open: bool,
    /// The position of the action that moving a record into or out of it needs; none for `update`.
    pub by: Option<usize>,
}

pub(crate) fn read_fields(section: &Section<'_>) -> Vec<Field> {
    let words: Vec<&str> = FieldType::WORDS.iter().map(|(word, _)| *word).collect();
    let parse = |text: &str| {
        FieldType::WORDS.iter().find(|(word, _)| *word == text).map(|(_, holds)| *holds)
    };
    let mut fields: Vec<Field> = Vec::new();
    for row in section.rows("fields") {
        let key = row.required_key("key");
        let spots = row.texts("options").unwrap_or_default();
        let field = Field {
            name: row.text_or("name", &title(&key.value)),
            holds: row.word("type", &words, parse).unwrap_or(FieldType::Text),
            required: row.flag("required").unwrap_or(false),
            options: spots.into_iter().map(|spot| spot.value).collect(),
            key: key.value,
        };
        if fields.iter().any(|known| known.key == field.key) {
            row.log.mistake(
                row.at,
                format!("the field {} stands twice", listed([&field.key])),
                None,
            );
        }
        if (field.holds == FieldType::Choice) == field.options.is_empty() {
            let message = "a field of type `choice`, and no other, has `options`".to_owned();
            row.log.mistake(row.at, message, None);
        }
        fields.push(field);
        row.finish();
    }
    fields
}

pub(crate) fn read_stages(section: &Section<'_>, actions: &[Action]) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for row in section.rows("stages") {
        let key = row.required_key("key");
        if stages.iter().any(|known| known.key == key.value) {
            row.log.mistake(
                row.at,
                format!("the stage {} stands twice", listed([&key.value])),
                None,
            );
        }
        stages.push(Stage {
            name: row.text_or("name", &title(&key.value)),
            open: row.flag("open").unwrap_or(true),
            by: row.text("by").and_then(|spot| position(section, &spot, actions)),
            key: key.value,
        });
        row.finish();
    }
    stages
}
