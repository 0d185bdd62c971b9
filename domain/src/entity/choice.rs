//! The options of a choice: a key that records store, and a name that can be changed.

use std::collections::{HashMap, HashSet};
use std::fmt;

use hallpass_engine::{Field, FieldOption, FieldType};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::refusal::FieldError;
use crate::text::fold;

/// The maximum number of options of a choice.
pub const MOST_OPTIONS: usize = 200;

/// An option as the API writes it. A plain text is read as an option whose key and name are that text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionForm {
    /// What records store; it does not change.
    pub key: String,
    /// The name that people see.
    pub name: String,
}

impl OptionForm {
    /// An option as the API writes it.
    #[must_use]
    pub fn of(option: &FieldOption) -> OptionForm {
        OptionForm { key: option.key.clone(), name: option.name.clone() }
    }

    /// The option.
    #[must_use]
    pub fn read(&self) -> FieldOption {
        FieldOption { key: self.key.clone(), name: self.name.clone() }
    }
}

impl<'de> Deserialize<'de> for OptionForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OptionForm, D::Error> {
        deserializer.deserialize_any(Form)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    key: String,
    name: String,
}

struct Form;

impl<'de> Visitor<'de> for Form {
    type Value = OptionForm;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an option with `key` and `name`, or a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<OptionForm, E> {
        let text = text.trim();
        Ok(OptionForm { key: text.to_owned(), name: text.to_owned() })
    }

    /// An option that is null: the check of its name refuses it.
    fn visit_unit<E: Error>(self) -> Result<OptionForm, E> {
        Ok(OptionForm { key: String::new(), name: String::new() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OptionForm, A::Error> {
        let Whole { key, name } = Whole::deserialize(MapAccessDeserializer::new(map))?;
        Ok(OptionForm { key, name: name.trim().to_owned() })
    }
}

/// Every mistake in the options of a choice. Keys are unique as they are written, names as they are
/// compared.
pub(super) fn check_options(
    pointer: &str,
    options: &[OptionForm],
    errors: &mut Vec<FieldError>,
) {
    if options.is_empty() || options.len() > MOST_OPTIONS {
        let detail = format!("expected 1 to {MOST_OPTIONS} options, got {}", options.len());
        errors.push(FieldError::new(pointer, "bad_count", detail));
    }
    let (mut keys, mut names) = (HashSet::new(), HashSet::new());
    for (place, option) in options.iter().enumerate() {
        let (key, name) = (format!("{pointer}/{place}/key"), format!("{pointer}/{place}/name"));
        if let Some(why) = check_option_key(&option.key) {
            errors.push(FieldError::new(key, "bad_key", why));
        } else if !keys.insert(option.key.as_str()) {
            let detail = format!("the key `{}` is used twice; choose another", option.key);
            errors.push(FieldError::new(key, "twice", detail));
        }
        if let Err(why) = Name::parse(&option.name) {
            errors.push(FieldError::new(name, "bad_name", why.to_string()));
        } else if !names.insert(fold(&option.name)) {
            let detail = format!("two options are named `{}`; choose another", option.name);
            errors.push(FieldError::new(name, "twice", detail));
        }
    }
}

/// What is wrong with the key of an option: it is like a name, without spaces at its ends, since
/// records store values without them.
fn check_option_key(key: &str) -> Option<String> {
    if let Err(why) = Name::parse(key) {
        return Some(why.to_string());
    }
    let is_bare = key.trim() == key;
    (!is_bare).then(|| "a key has no spaces at its ends; remove them".to_owned())
}

/// The options that no record may have: of each choice that stays one, those that are removed.
#[must_use]
pub fn lost_options<'f>(before: &'f [Field], after: &[Field]) -> Vec<(&'f str, Vec<&'f str>)> {
    let after: HashMap<&str, &Field> =
        after.iter().map(|field| (field.key.as_str(), field)).collect();
    let choices = before.iter().filter(|field| field.holds == FieldType::Choice);
    let lost = choices.filter_map(|field| {
        let after = after.get(field.key.as_str())?;
        let stays = |key: &str| after.options.iter().any(|option| option.key == key);
        let keys = field.options.iter().map(|option| option.key.as_str());
        let lost: Vec<&str> = keys.filter(|key| !stays(key)).collect();
        (!lost.is_empty()).then_some((field.key.as_str(), lost))
    });
    lost.collect()
}

#[cfg(test)]
mod tests;
