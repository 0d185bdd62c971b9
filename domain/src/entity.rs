//! A record type: its blueprint's definition, and the fields and stages that a workspace defines.

use hallpass_engine::{Field, FieldType, Resource, Stage};
use serde::{Deserialize, Serialize};

/// A workspace's definition of a record type; absent parts are those of the blueprint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// The name.
    pub name: Option<String>,
    /// The name of one record.
    pub one: Option<String>,
    /// All of its fields.
    pub fields: Option<Vec<FieldForm>>,
    /// All of its stages.
    pub stages: Option<Vec<StageForm>>,
}

/// A field as the API writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldForm {
    /// The key in records.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// The type: `text`, `money`, …
    #[serde(rename = "type")]
    pub holds: String,
    /// Whether every record has it.
    #[serde(default)]
    pub required: bool,
    /// The options of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<OptionForm>,
}

/// A stage as the API writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageForm {
    /// The key in records.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// Whether a record in it still needs work.
    #[serde(default = "yes")]
    pub open: bool,
    /// The action that is needed to move a record into or out of it; `update` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

const fn yes() -> bool {
    true
}

impl FieldForm {
    /// A field as the API writes it.
    #[must_use]
    pub fn of(field: &Field) -> FieldForm {
        FieldForm {
            key: field.key.clone(),
            name: field.name.clone(),
            holds: word(field.holds).to_owned(),
            required: field.required,
            options: field.options.iter().map(OptionForm::of).collect(),
        }
    }

    /// The field; none when its type is unknown.
    #[must_use]
    pub fn read(&self) -> Option<Field> {
        let known = FieldType::WORDS.iter().find(|(word, _)| *word == self.holds);
        let holds = known.map(|(_, holds)| *holds)?;
        Some(Field {
            key: self.key.clone(),
            name: self.name.clone(),
            holds,
            required: self.required,
            options: self.options.iter().map(OptionForm::read).collect(),
        })
    }
}

impl StageForm {
    /// A stage as the API writes it.
    #[must_use]
    pub fn of(stage: &Stage, resource: &Resource) -> StageForm {
        let by = stage.by.and_then(|by| resource.actions.get(by));
        StageForm {
            key: stage.key.clone(),
            name: stage.name.clone(),
            open: stage.open,
            by: by.map(|action| action.key.clone()),
        }
    }

    /// The stage; none when its action is unknown.
    #[must_use]
    pub fn read(&self, resource: &Resource) -> Option<Stage> {
        let by = match &self.by {
            Some(action) => Some(resource.action(action)?),
            None => None,
        };
        Some(Stage { key: self.key.clone(), name: self.name.clone(), open: self.open, by })
    }
}

mod check;
mod choice;

pub use check::{
    KEY_SHAPE, MOST_FIELDS, MOST_STAGES, check_fields, check_key, check_name, check_stages,
    lost_fields, lost_stages,
};
pub use choice::{MOST_OPTIONS, OptionForm, lost_options};

/// The word of a type of field.
#[must_use]
pub fn word(holds: FieldType) -> &'static str {
    let known = FieldType::WORDS.iter().find(|(_, known)| *known == holds);
    known.map_or("text", |(word, _)| word)
}

/// Replaces the parts of a record type that a workspace defines. Its name is then the plural too.
pub fn overlay(resource: &mut Resource, said: Said) {
    if said.one.is_some() && said.name.is_none() {
        resource.many.clone_from(&resource.name);
    }
    if let Some(name) = said.name {
        resource.many.clone_from(&name);
        resource.name = name;
    }
    if let Some(one) = said.one {
        resource.one = one;
    }
    if let Some(fields) = said.fields {
        resource.fields = fields.iter().filter_map(FieldForm::read).collect();
    }
    if let Some(stages) = said.stages {
        resource.stages = stages.iter().filter_map(|stage| stage.read(resource)).collect();
    }
}

#[cfg(test)]
mod tests;
