//! Records as lines of CSV.

use hallpass_domain::csv;
use hallpass_domain::zone::Zone;
use hallpass_engine::{Field, FieldType, Resource};
use serde_json::Value;

use super::{RecordDetails, owner_word};

/// The line with the names of the columns.
#[must_use]
pub fn head(resource: &Resource) -> String {
    let own = ["id", "title", "owner", "owner_name", "stage", "created_at", "updated_at"];
    csv::line(own.into_iter().chain(resource.fields.iter().map(|field| field.key.as_str())))
}

/// The line of a record, with its times in a time zone.
#[must_use]
pub fn line(resource: &Resource, details: &RecordDetails, zone: &Zone) -> String {
    let record = &details.record;
    let mut cells = vec![
        record.id.to_string(),
        record.title.clone(),
        owner_word(record.owner),
        details.owner_name.clone().unwrap_or_default(),
        record.stage.clone().unwrap_or_default(),
        zone.rfc_3339(record.created_at),
        zone.rfc_3339(record.updated_at),
    ];
    cells.extend(resource.fields.iter().map(|field| match record.fields.get(&field.key) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(key)) if field.holds == FieldType::Choice => option_name(field, key),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }));
    csv::line(cells.iter().map(String::as_str))
}

/// The name of an option; its key where the field has it no longer.
fn option_name(field: &Field, key: &str) -> String {
    let option = field.options.iter().find(|option| option.key == key);
    option.map_or(key, |option| &option.name).to_owned()
}
