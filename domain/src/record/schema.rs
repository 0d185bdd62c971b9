//! What a record type asks of its records.

use hallpass_engine::{Field, FieldType, Resource, Stage};
use serde_json::{Map, Value};

use super::value;
pub use crate::refusal::FieldError;

/// What somebody is about to do with values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// Make a record of them: what is required must be there.
    New,
    /// Change some of those that are there.
    Patch,
}

/// The fields and stages of a record type.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'a> {
    /// What a record holds.
    pub fields: &'a [Field],
    /// The stages of its pipeline, the start first; none for a type without.
    pub stages: &'a [Stage],
}

impl<'a> Schema<'a> {
    /// The schema of a record type.
    #[must_use]
    pub fn of(resource: &'a Resource) -> Schema<'a> {
        Schema { fields: &resource.fields, stages: &resource.stages }
    }

    /// The given values in the form in which they are kept. In a patch a null stands for a value
    /// that is taken away.
    ///
    /// # Errors
    ///
    /// Every mistake, in the order of the fields given, then what is missing.
    pub fn check(
        self,
        given: &Map<String, Value>,
        write: Write,
    ) -> Result<Map<String, Value>, Vec<FieldError>> {
        let mut checked = Map::new();
        let mut errors = Vec::new();
        for (key, value) in given {
            match self.check_one(key, value) {
                Ok(Value::Null) if write == Write::New => {}
                Ok(value) => {
                    checked.insert(key.clone(), value);
                }
                Err(error) => errors.push(error),
            }
        }
        for field in self.fields.iter().filter(|field| field.required && write == Write::New) {
            if !given.contains_key(&field.key) {
                errors.push(required(&field.key));
            }
        }
        if errors.is_empty() { Ok(checked) } else { Err(errors) }
    }

    fn check_one(self, key: &str, given: &Value) -> Result<Value, FieldError> {
        let Some(field) = self.fields.iter().find(|field| field.key == key) else {
            return Err(self.unknown_field(key));
        };
        if value::is_empty(given) {
            return if field.required { Err(required(key)) } else { Ok(Value::Null) };
        }
        value::check(field, given).map_err(|(code, detail)| error(key, code, detail))
    }

    fn unknown_field(self, key: &str) -> FieldError {
        let keys = self.fields.iter().map(|field| field.key.as_str());
        let advice = if let Some(near) = nearest(key, keys.clone()) {
            format!("did you mean `{near}`?")
        } else {
            format!("there is {}", listed(keys))
        };
        let shown: String = key.chars().filter(|c| !c.is_control()).take(64).collect();
        error(key, "unknown_field", format!("there is no field `{shown}`; {advice}"))
    }

    /// What a record with these values is called: its first required text, else its first text,
    /// else the first other value in words.
    #[must_use]
    pub fn title(self, fields: &Map<String, Value>) -> String {
        let texts = || self.fields.iter().filter(|field| field.holds == FieldType::Text);
        let named = texts().find(|field| field.required).or_else(|| texts().next());
        let named = named.and_then(|field| fields.get(&field.key)?.as_str());
        let other = || self.fields.iter().find_map(|field| fields.get(&field.key)?.as_str());
        named.or_else(other).unwrap_or_default().chars().take(value::TEXT).collect()
    }

    /// The first field of money, in hundredths.
    #[must_use]
    pub fn amount(self, fields: &Map<String, Value>) -> Option<i64> {
        let money = self.fields.iter().find(|field| field.holds == FieldType::Money)?;
        value::hundredths(fields.get(&money.key)?)
    }

    /// Where a new record stands.
    #[must_use]
    pub fn start(self) -> Option<&'a Stage> {
        self.stages.first()
    }

    /// The stage with a key.
    ///
    /// # Errors
    ///
    /// When there is none; it names those that there are.
    pub fn stage(self, key: &str) -> Result<&'a Stage, FieldError> {
        let found = self.stages.iter().find(|stage| stage.key == key);
        found.ok_or_else(|| {
            let shown: String = key.chars().filter(|c| !c.is_control()).take(64).collect();
            let known = if self.stages.is_empty() {
                "this record type has no stages".to_owned()
            } else {
                format!("there is {}", listed(self.stages.iter().map(|s| s.key.as_str())))
            };
            FieldError {
                pointer: "/stage".to_owned(),
                code: "unknown_stage",
                detail: format!("there is no stage `{shown}`; {known}"),
            }
        })
    }

    /// Whether a record in a stage still needs work; without stages every record does.
    #[must_use]
    pub fn is_open(self, stage: Option<&str>) -> bool {
        let found = self.stages.iter().find(|known| Some(known.key.as_str()) == stage);
        found.is_none_or(|stage| stage.open)
    }
}

fn required(key: &str) -> FieldError {
    error(key, "required", format!("`{key}` is required"))
}

fn error(key: &str, code: &'static str, detail: String) -> FieldError {
    let pointer = format!("/fields/{}", key.replace('~', "~0").replace('/', "~1"));
    FieldError { pointer, code, detail }
}

pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The word that another was probably meant to be: a third of it may be wrong.
pub(super) fn nearest<'a>(
    word: &str,
    words: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if word.len() > 64 {
        return None;
    }
    let word = word.to_lowercase().replace(['-', ' '], "_");
    let most = word.chars().count().max(3) / 3;
    let apart = words.into_iter().map(|other| (distance(&word, &other.to_lowercase()), other));
    apart
        .filter(|(apart, _)| *apart <= most)
        .min_by_key(|(apart, _)| *apart)
        .map(|(_, other)| other)
}

/// Insertions, deletions and replacements between two words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (row, x) in a.chars().enumerate() {
        let mut left = row + 1;
        let mut next = vec![left];
        for (y, pair) in b.iter().zip(last.windows(2)) {
            let [diagonal, above] = pair else { continue };
            left = (diagonal + usize::from(x != *y)).min(above + 1).min(left + 1);
            next.push(left);
        }
        last = next;
    }
    last.last().copied().unwrap_or_default()
}
