//! The fields of a record type and the stages of its pipeline.

use super::action::{Action, find_action, title};
use super::section::{Entry, Section};

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
    pub options: Vec<FieldOption>,
}

/// An option of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldOption {
    /// What records store.
    pub key: String,
    /// The name that people see.
    pub name: String,
}

impl FieldOption {
    /// The option whose key and name are the same.
    #[must_use]
    pub fn named(name: &str) -> FieldOption {
        FieldOption { key: name.to_owned(), name: name.to_owned() }
    }
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
        let field = Field {
            name: row.text_or("name", &title(&key.value)),
            holds: row.word("type", &words, FieldType::parse).unwrap_or(FieldType::Text),
            required: row.flag("required").unwrap_or(false),
            options: read_options(&row),
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

/// Reads the options of a choice; a string stands for both the key and the name.
fn read_options(row: &Section<'_>) -> Vec<FieldOption> {
    let mut options: Vec<FieldOption> = Vec::new();
    for entry in row.texts_or_rows("options") {
        let (at, option) = match entry {
            Entry::Text(text) => (text.at, FieldOption::named(&text.value)),
            Entry::Row(row) => {
                let key = row.required("key");
                let name = row.text_or("name", &key.value);
                row.finish();
                (key.at, FieldOption { key: key.value, name })
            }
        };
        let is_taken = |known: &FieldOption| {
            known.key == option.key || known.name.to_lowercase() == option.name.to_lowercase()
        };
        if options.iter().any(is_taken) {
            row.log.add(at, format!("duplicate option `{}`", option.key.escape_debug()), None);
        }
        options.push(option);
    }
    options
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
