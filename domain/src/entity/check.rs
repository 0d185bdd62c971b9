//! Checks of a workspace's record types, and which changes existing records forbid.

use std::collections::HashSet;

use hallpass_engine::{EVERY, Field, FieldType, Resource, Stage};

use super::choice::check_options;
use super::{FieldForm, StageForm};
use crate::name::Name;
use crate::refusal::FieldError;
use crate::text::{one_of, printable};

/// The maximum number of fields of a record type.
pub const MOST_FIELDS: usize = 100;

/// The maximum number of stages of a record type.
pub const MOST_STAGES: usize = 50;

/// What a key looks like, for error messages.
pub const KEY_SHAPE: &str =
    "expected a key: a lower-case letter, then up to 63 lower-case letters, digits, `_` or `-`";

/// What is wrong with a key.
#[must_use]
pub fn check_key(key: &str) -> Option<String> {
    let mut bytes = key.bytes();
    let fits = key.len() <= 64
        && key != EVERY
        && bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
    (!fits).then(|| KEY_SHAPE.to_owned())
}

/// What is wrong with a name.
#[must_use]
pub fn check_name(pointer: &str, name: &str) -> Option<FieldError> {
    let why = Name::parse(name).err()?;
    Some(FieldError::new(pointer, "bad_name", why.to_string()))
}

/// Every mistake in the fields of a record type.
#[must_use]
pub fn check_fields(fields: &[FieldForm]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if fields.len() > MOST_FIELDS {
        let detail = format!("expected at most {MOST_FIELDS} fields, got {}", fields.len());
        errors.push(FieldError::new("/fields", "too_many", detail));
    }
    let mut seen = HashSet::new();
    for (place, field) in fields.iter().enumerate() {
        let at = format!("/fields/{place}");
        check_part(&at, &field.key, &field.name, &mut seen, &mut errors);
        check_type(&at, field, &mut errors);
    }
    let is_title = |field: &FieldForm| field.required && field.holds == "text";
    if !fields.iter().any(is_title) {
        let detail =
            "no required field of the type `text`; add one, it is the title of records";
        errors.push(FieldError::new("/fields", "no_title", detail));
    }
    errors
}

/// Every mistake in the stages of a record type.
#[must_use]
pub fn check_stages(stages: &[StageForm], resource: &Resource) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if stages.len() > MOST_STAGES {
        let detail = format!("expected at most {MOST_STAGES} stages, got {}", stages.len());
        errors.push(FieldError::new("/stages", "too_many", detail));
    }
    let mut seen = HashSet::new();
    for (place, stage) in stages.iter().enumerate() {
        let at = format!("/stages/{place}");
        check_part(&at, &stage.key, &stage.name, &mut seen, &mut errors);
        if let Some(by) = &stage.by
            && resource.action(by).is_none()
        {
            let known = resource.actions.iter().map(|action| action.key.as_str());
            let pointer = format!("{at}/by");
            errors.push(FieldError::unknown(pointer, "unknown_action", ("action", by), known));
        }
    }
    errors
}

fn check_part<'f>(
    at: &str,
    key: &'f str,
    name: &str,
    seen: &mut HashSet<&'f str>,
    errors: &mut Vec<FieldError>,
) {
    if let Some(why) = check_key(key) {
        errors.push(FieldError::new(format!("{at}/key"), "bad_key", why));
    }
    if !seen.insert(key) {
        let detail = format!("the key `{key}` is used twice; choose another");
        errors.push(FieldError::new(format!("{at}/key"), "twice", detail));
    }
    errors.extend(check_name(&format!("{at}/name"), name));
}

fn check_type(at: &str, field: &FieldForm, errors: &mut Vec<FieldError>) {
    let known = FieldType::WORDS.iter().find(|(word, _)| *word == field.holds);
    let Some((_, holds)) = known else {
        let detail = format!(
            "unknown type `{}`; expected {}",
            printable(&field.holds),
            one_of(FieldType::WORDS.iter().map(|(word, _)| word))
        );
        errors.push(FieldError::new(format!("{at}/type"), "unknown_type", detail));
        return;
    };
    let pointer = format!("{at}/options");
    if *holds != FieldType::Choice {
        if !field.options.is_empty() {
            let detail = "only a field of the type `choice` has options; remove them";
            errors.push(FieldError::new(pointer, "no_options", detail));
        }
        return;
    }
    check_options(&pointer, &field.options, errors);
}

/// The keys of the fields whose values would be lost or change their meaning: those that are removed,
/// those whose type changes, and money fields that change order, since sums are of the first.
#[must_use]
pub fn lost_fields<'f>(before: &'f [Field], after: &[Field]) -> Vec<&'f str> {
    let stays = |field: &&Field| {
        after.iter().any(|other| other.key == field.key && other.holds == field.holds)
    };
    let mut lost: Vec<&str> =
        before.iter().filter(|field| !stays(field)).map(|field| field.key.as_str()).collect();
    let money = |fields: &[Field]| {
        let found = fields.iter().find(|field| field.holds == FieldType::Money);
        found.map(|field| field.key.clone())
    };
    let (was, is) = (money(before), money(after));
    if was != is {
        let moved = before.iter().filter(|field| {
            let key = Some(&field.key);
            was.as_ref() == key || is.as_ref() == key
        });
        lost.extend(moved.map(|field| field.key.as_str()));
    }
    lost
}

/// The keys of the stages that no record may be in: those that are removed, and those that change
/// between open and closed.
#[must_use]
pub fn lost_stages<'s>(before: &'s [Stage], after: &[Stage]) -> Vec<&'s str> {
    let stays = |stage: &&Stage| {
        after.iter().any(|other| other.key == stage.key && other.open == stage.open)
    };
    before.iter().filter(|stage| !stays(stage)).map(|stage| stage.key.as_str()).collect()
}

#[cfg(test)]
mod tests;
