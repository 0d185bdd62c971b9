//! Values of settings: what each kind looks like.

use core::net::IpAddr;

use hallpass_engine::Resource;
use serde_json::{Map, Value};

use super::{Holds, connection};
use crate::account::{check_picture, is_locale};
use crate::refusal::FieldError;

/// The most entries of a list.
const MOST: usize = 200;

impl Holds {
    /// Checks a value that is not null; gives what is to be kept.
    pub(super) fn check(
        self,
        pointer: &str,
        resources: &[Resource],
        value: &Value,
        kept: Option<&Value>,
    ) -> Result<Value, Vec<FieldError>> {
        let text = || value.as_str().ok_or_else(|| wrong(pointer, "wrong_type", "a text"));
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
                holds(n <= most, "too_long", &format!("it has {n} characters; at most {most}"))
            }
            Holds::Locale => {
                let detail = "a language is written as `en` or `de-CH`";
                holds(is_locale(text()?), "bad_locale", detail)
            }
            Holds::Zone => {
                let detail = "a time zone is written as `Europe/Zurich` or `UTC`";
                holds(is_zone(text()?), "bad_time_zone", detail)
            }
            Holds::Currency => {
                let text = text()?;
                let fits = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
                holds(fits, "bad_currency", "a currency is three capitals, such as `CHF`")
            }
            Holds::Page => {
                let text = text()?;
                let fits = resources.iter().any(|known| known.key == text);
                holds(fits, "unknown", &format!("there is no page `{text}`"))
            }
            Holds::Colour => {
                holds(is_colour(text()?), "bad_colour", "a colour is written as `#1a2b3c`")
            }
            Holds::Flag => holds(value.is_boolean(), "wrong_type", "true or false"),
            Holds::Minutes(least, most) => {
                let fits = value.as_i64().is_some_and(|n| (least..=most).contains(&n));
                holds(fits, "out_of_bounds", &format!("from {least} to {most} minutes"))
            }
            Holds::Domains => {
                each(pointer, value, is_domain, "bad_domain", "a domain is `example.com`")
            }
            Holds::Networks => {
                let detail =
                    "a network is written as `192.0.2.0/24`, an address as `192.0.2.7`";
                each(pointer, value, is_network, "bad_network", detail)
            }
            Holds::Texts => texts(pointer, value, kept),
            Holds::Connections => connection::check(pointer, value, kept),
        }
    }
}

fn wrong(pointer: &str, code: &'static str, detail: &str) -> Vec<FieldError> {
    vec![FieldError::new(pointer, code, detail)]
}

/// A list in which every text fits.
fn each(
    pointer: &str,
    value: &Value,
    fits: fn(&str) -> bool,
    code: &'static str,
    detail: &str,
) -> Result<Value, Vec<FieldError>> {
    let Some(list) = value.as_array() else {
        return Err(wrong(pointer, "wrong_type", "a list of texts"));
    };
    if list.len() > MOST {
        return Err(wrong(pointer, "too_many", &format!("at most {MOST}")));
    }
    let is_bad = |entry: &Value| !entry.as_str().is_some_and(fits);
    let bad = list.iter().enumerate().filter(|(_, entry)| is_bad(entry));
    let errors: Vec<FieldError> = bad
        .map(|(place, _)| FieldError::new(format!("{pointer}/{place}"), code, detail))
        .collect();
    if errors.is_empty() { Ok(value.clone()) } else { Err(errors) }
}

/// A map of texts; null takes one away, what is not named stays.
fn texts(pointer: &str, value: &Value, kept: Option<&Value>) -> Result<Value, Vec<FieldError>> {
    let Some(given) = value.as_object() else {
        return Err(wrong(pointer, "wrong_type", "an object of texts"));
    };
    let mut all: Map<String, Value> =
        kept.and_then(Value::as_object).cloned().unwrap_or_default();
    let mut errors = Vec::new();
    for (key, value) in given {
        let at = format!("{pointer}/{}", crate::text::escape_pointer(key));
        match value {
            Value::Null => {
                all.remove(key);
            }
            Value::String(text) if text.chars().count() <= MOST && key.len() <= 64 => {
                all.insert(key.clone(), value.clone());
            }
            Value::String(_)
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => {
                let detail = format!("a text of at most {MOST} characters");
                errors.extend(wrong(&at, "bad_text", &detail));
            }
        }
    }
    if all.len() > MOST {
        errors.extend(wrong(pointer, "too_many", &format!("at most {MOST}")));
    }
    if errors.is_empty() { Ok(Value::Object(all)) } else { Err(errors) }
}

fn is_zone(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'+' | b'-');
    let first = text.bytes().next();
    text.len() <= 64 && first.is_some_and(|b| b.is_ascii_alphabetic()) && text.bytes().all(fits)
}

fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label)
}

fn is_network(text: &str) -> bool {
    let (address, prefix) =
        text.split_once('/').map_or((text, None), |(a, prefix)| (a, Some(prefix)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    let digits = |prefix: &str| prefix.bytes().all(|b| b.is_ascii_digit());
    prefix.is_none_or(|prefix| {
        digits(prefix) && prefix.parse::<u8>().is_ok_and(|bits| bits <= most)
    })
}
