//! Values of settings: the check of each kind.

use hallpass_engine::Resource;
use serde_json::{Map, Value};

use super::{Holds, connection};
use crate::account::{check_picture, is_locale};
use crate::email::domain_key;
use crate::network::Network;
use crate::refusal::FieldError;
use crate::text::{escape_pointer, unknown};
use crate::time::Timestamp;
use crate::zone::Zone;

/// The maximum number of entries of a list.
const MOST: usize = 200;

impl Holds {
    /// Checks a value that is not null; returns the value to store.
    pub(super) fn check(
        self,
        pointer: &str,
        resources: &[Resource],
        value: &Value,
        kept: Option<&Value>,
    ) -> Result<Value, Vec<FieldError>> {
        let text =
            || value.as_str().ok_or_else(|| wrong(pointer, "wrong_type", "expected a text"));
        let holds = |fits: bool, code: &'static str, detail: &str| {
            if fits { Ok(value.clone()) } else { Err(wrong(pointer, code, detail)) }
        };
        match self {
            Holds::Picture => match check_picture(text()?) {
                Ok(()) => Ok(value.clone()),
                Err(why) => Err(wrong(pointer, "bad_picture", &why)),
            },
            Holds::Text(most) => {
                let n = text()?.chars().count();
                holds(
                    n <= most,
                    "too_long",
                    &format!("expected at most {most} characters, got {n}"),
                )
            }
            Holds::Locale => {
                let detail = "expected a language such as `en` or `de-CH`";
                holds(is_locale(text()?), "bad_locale", detail)
            }
            Holds::Zone => {
                let detail =
                    "expected the name of a time zone, such as `Europe/Zurich` or `UTC`";
                holds(Zone::parse(text()?).is_some(), "bad_time_zone", detail)
            }
            Holds::Currency => {
                let text = text()?;
                let fits = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
                holds(fits, "bad_currency", "expected three capital letters such as `CHF`")
            }
            Holds::Page => {
                let text = text()?;
                let known = resources.iter().map(|known| known.key.as_str());
                let fits = known.clone().any(|key| key == text);
                holds(fits, "unknown", &unknown("page", text, known))
            }
            Holds::Colour => {
                holds(is_colour(text()?), "bad_colour", "expected a colour such as `#1a2b3c`")
            }
            Holds::Domains => each(
                pointer,
                value,
                |text| domain_key(text).is_some(),
                "bad_domain",
                "expected a domain such as `example.com`",
            ),
            Holds::Networks => each(
                pointer,
                value,
                |text| text.parse::<Network>().is_ok(),
                "bad_network",
                "expected an address such as `192.0.2.1`, or a range such as `192.0.2.0/24`",
            ),
            Holds::Minutes((least, most)) => {
                let fits = value.as_i64().is_some_and(|n| (least..=most).contains(&n));
                let detail =
                    format!("expected a whole number of minutes from {least} to {most}");
                holds(fits, "out_of_range", &detail)
            }
            Holds::Day => {
                let fits = Timestamp::of_day(text()?).is_some();
                holds(fits, "bad_date", "expected a day such as `2026-12-31`")
            }
            Holds::Flag => {
                holds(value.is_boolean(), "wrong_type", "expected `true` or `false`")
            }
            Holds::Texts => texts(pointer, value, kept),
            Holds::Connections => connection::check(pointer, value, kept),
        }
    }
}

fn wrong(pointer: &str, code: &'static str, detail: &str) -> Vec<FieldError> {
    vec![FieldError::new(pointer, code, detail)]
}

/// Checks every text of a list.
fn each(
    pointer: &str,
    value: &Value,
    fits: fn(&str) -> bool,
    code: &'static str,
    detail: &str,
) -> Result<Value, Vec<FieldError>> {
    let Some(list) = value.as_array() else {
        return Err(wrong(pointer, "wrong_type", "expected a list of texts"));
    };
    if list.len() > MOST {
        return Err(wrong(pointer, "too_many", &format!("expected at most {MOST} entries")));
    }
    let is_bad = |entry: &Value| !entry.as_str().is_some_and(fits);
    let bad = list.iter().enumerate().filter(|(_, entry)| is_bad(entry));
    let errors: Vec<FieldError> = bad
        .map(|(place, _)| FieldError::new(format!("{pointer}/{place}"), code, detail))
        .collect();
    if errors.is_empty() { Ok(value.clone()) } else { Err(errors) }
}

/// Updates a map of texts: null removes an entry, absent ones stay.
fn texts(pointer: &str, value: &Value, kept: Option<&Value>) -> Result<Value, Vec<FieldError>> {
    let Some(given) = value.as_object() else {
        return Err(wrong(pointer, "wrong_type", "expected an object of texts"));
    };
    let mut all: Map<String, Value> =
        kept.and_then(Value::as_object).cloned().unwrap_or_default();
    let mut errors = Vec::new();
    for (key, value) in given {
        let at = format!("{pointer}/{}", escape_pointer(key));
        if value.is_null() {
            all.remove(key);
        } else if let Some(error) = connection::long_key(&at, key) {
            errors.push(error);
        } else if value.as_str().is_some_and(|text| text.chars().count() <= MOST) {
            all.insert(key.clone(), value.clone());
        } else {
            let detail = format!("expected a text of at most {MOST} characters, or null");
            errors.extend(wrong(&at, "bad_text", &detail));
        }
    }
    if all.len() > MOST {
        errors.extend(wrong(pointer, "too_many", &format!("expected at most {MOST} entries")));
    }
    if errors.is_empty() { Ok(Value::Object(all)) } else { Err(errors) }
}

fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}
