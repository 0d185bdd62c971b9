//! Values of fields: the check of each type, and the form in which it is stored.

use hallpass_engine::{Field, FieldType};
use serde_json::Value;
use url::Url;

use crate::email::Email;
use crate::text::{is_visible, unknown};
use crate::time::Timestamp;

/// The maximum length of a line of text, in characters.
pub const TEXT: usize = 500;

/// The maximum length of a long text, in characters.
pub const LONG_TEXT: usize = 50_000;

/// The maximum length of a URL, in characters.
const LINK: usize = 2_000;

/// The maximum length of an email address, in characters.
const EMAIL: usize = 254;

/// The largest amount of money in hundredths; up to it, JSON numbers are exact.
const MONEY: i64 = 99_999_999_999_999;

type Bad = (&'static str, String);

/// Whether a value is empty: null, or a text that shows nothing.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => !is_visible(text) && !text.contains('\0'),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The value as it is stored, or what is wrong with it.
pub(super) fn check(field: &Field, value: &Value) -> Result<Value, Bad> {
    match field.holds {
        FieldType::Text => {
            let text = line(value, TEXT)?;
            Ok(Value::String(text.trim().to_owned()))
        }
        FieldType::LongText => {
            let text = text(value, LONG_TEXT)?;
            Ok(Value::String(text.to_owned()))
        }
        FieldType::Number => number(value),
        FieldType::Money => money(value),
        FieldType::Date => plausible(value, "a date such as `2026-03-15`", 10, is_date),
        FieldType::Time => time(value),
        FieldType::Email => {
            plausible(value, "an email address such as `anna@example.com`", EMAIL, is_email)
        }
        FieldType::Phone => {
            plausible(value, "a phone number such as `+49 30 901820`", 40, is_phone)
        }
        FieldType::Link => {
            let form = "a URL that begins with `https://` or `http://`";
            plausible(value, form, LINK, is_link)
        }
        FieldType::Choice => choice(field, value),
        FieldType::Check => match value {
            Value::Bool(_) => Ok(value.clone()),
            Value::Null
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => Err(wrong_type("`true` or `false`")),
        },
    }
}

fn wrong_type(expected: &str) -> Bad {
    ("wrong_type", format!("expected {expected}"))
}

fn text(value: &Value, most: usize) -> Result<&str, Bad> {
    let text = value.as_str().ok_or_else(|| wrong_type("a text"))?;
    if text.contains('\0') {
        let detail = "the character U+0000 is not allowed; remove it".to_owned();
        return Err(("bad_character", detail));
    }
    let length = text.chars().count();
    if length > most {
        let detail = format!("expected at most {most} characters, got {length}");
        return Err(("too_long", detail));
    }
    Ok(text)
}

fn line(value: &Value, most: usize) -> Result<&str, Bad> {
    let line = text(value, most)?;
    if line.trim().contains(|c: char| c.is_control() && c != '\t') {
        return Err(("bad_character", "expected one line of text".to_owned()));
    }
    Ok(line)
}

fn plausible(
    value: &Value,
    form: &str,
    most: usize,
    is_of_form: impl Fn(&str) -> bool,
) -> Result<Value, Bad> {
    let text = line(value, most.max(TEXT))?.trim();
    if text.chars().count() <= most && is_of_form(text) {
        return Ok(Value::String(text.to_owned()));
    }
    Err(("bad_format", format!("expected {form}")))
}

fn number(value: &Value) -> Result<Value, Bad> {
    if value.as_f64().is_some_and(f64::is_finite) {
        return Ok(value.clone());
    }
    Err(wrong_type("a number"))
}

fn money(value: &Value) -> Result<Value, Bad> {
    if !value.is_number() {
        return Err(wrong_type("an amount as a number, such as `1250.50`"));
    }
    if hundredths(value).is_some() {
        return Ok(value.clone());
    }
    let detail =
        "expected an amount below `1000000000000` with at most two decimal places".to_owned();
    Err(("bad_format", detail))
}

/// An amount in hundredths, when it has at most two decimal places.
pub(super) fn hundredths(value: &Value) -> Option<i64> {
    let Value::Number(number) = value else { return None };
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if part.len() > 2 {
        return None;
    }
    // A number with an exponent is too large or too small, and is not parsed.
    let amount: i64 = format!("{whole}{part:0<2}").parse().ok()?;
    (amount <= MONEY).then_some(sign * amount)
}

fn is_date(text: &str) -> bool {
    // The parser takes other forms, too; only the one that it writes is kept.
    text.parse::<jiff::civil::Date>().is_ok_and(|date| date.to_string() == text)
}

fn time(value: &Value) -> Result<Value, Bad> {
    let text = line(value, TEXT)?.trim().to_uppercase();
    // RFC 3339 has a `T` between date and time, and no name of a time zone.
    let is_plain = text.contains('T') && !text.contains('[');
    let time = text.parse::<Timestamp>().ok().filter(|_| is_plain);
    let bad = || ("bad_format", "expected a time such as `2026-03-15T12:00:00Z`".to_owned());
    time.map(|time| Value::String(time.to_string())).ok_or_else(bad)
}

fn is_email(text: &str) -> bool {
    Email::parse(text).is_ok()
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (3..=20).contains(&digits)
        && text.chars().all(|c| c.is_ascii_digit() || " +-()./#*x".contains(c))
}

fn is_link(text: &str) -> bool {
    // The parser drops or encodes these; the text is stored as it is.
    let is_clean =
        !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"\\`".contains(c));
    let is_web = |url: Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    is_clean && text.contains("://") && Url::parse(text).is_ok_and(is_web)
}

fn choice(field: &Field, value: &Value) -> Result<Value, Bad> {
    let text = line(value, LONG_TEXT)?.trim();
    if field.options.iter().any(|option| option.key == text) {
        return Ok(Value::String(text.to_owned()));
    }
    let options = field.options.iter().map(|option| option.key.as_str());
    Err(("unknown_option", unknown("option", text, options)))
}
