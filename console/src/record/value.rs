//! Values of fields: as text on a page, as inputs of a form, and back.

use hallpass_domain::time::Timestamp;
use hallpass_engine::{Field, FieldType};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::form::Form;
use crate::format;
use crate::frame::Frame;
use crate::text::Language;

/// The prefix of the names of inputs.
pub(crate) const FIELD: &str = "field.";

/// A value as text; empty for none.
pub(crate) fn shown(frame: &Frame, field: &Field, value: Option<&Value>) -> String {
    let Some(value) = value else { return String::new() };
    match (field.holds, value) {
        (_, Value::Null) => String::new(),
        (FieldType::Money, Value::Number(number)) => money(frame, number),
        (FieldType::Number, Value::Number(number)) => decimal(frame, number, false),
        (FieldType::Choice, Value::String(key)) => {
            let option = field.options.iter().find(|option| option.key == *key);
            option.map_or(key, |option| &option.name).clone()
        }
        (FieldType::Date, Value::String(text)) => date(frame, text),
        (FieldType::Time, Value::String(text)) => match text.parse::<Timestamp>() {
            Ok(at) => frame.moment(at).exact,
            Err(_) => text.clone(),
        },
        (FieldType::Check, Value::Bool(is_on)) => {
            frame.t(if *is_on { "value-yes" } else { "value-no" })
        }
        // A number stays in one line.
        (FieldType::Phone, Value::String(text)) => text.replace(' ', "\u{a0}"),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// An amount in hundredths.
pub(crate) fn amount(frame: &Frame, hundredths: i64) -> String {
    let whole = frame.number(hundredths / 100);
    let part = hundredths.unsigned_abs() % 100;
    let text = if part == 0 { whole } else { format!("{whole}{}{part:02}", mark(frame)) };
    with_currency(frame, &text)
}

/// A short form of an amount in hundredths, with the currency.
pub(crate) fn short_amount(frame: &Frame, hundredths: i64) -> String {
    with_currency(frame, &short(frame, hundredths / 100))
}

fn money(frame: &Frame, number: &serde_json::Number) -> String {
    with_currency(frame, &decimal(frame, number, true))
}

fn with_currency(frame: &Frame, text: &str) -> String {
    if frame.currency.is_empty() {
        text.to_owned()
    } else {
        format!("{}\u{a0}{text}", frame.currency)
    }
}

fn mark(frame: &Frame) -> char {
    match frame.text.language {
        Language::English => '.',
        Language::German => ',',
    }
}

fn decimal(frame: &Frame, number: &serde_json::Number, is_money: bool) -> String {
    let text = number.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let Ok(integer) = whole.parse::<i64>() else { return text };
    let minus = if integer == 0 && whole.starts_with('-') { "−" } else { "" };
    let whole = format!("{minus}{}", frame.number(integer));
    match part {
        "" | "0" => whole,
        part if is_money => format!("{whole}{}{part:0<2}", mark(frame)),
        part => format!("{whole}{}{part}", mark(frame)),
    }
}

fn date(frame: &Frame, text: &str) -> String {
    let Ok(date) = text.parse::<Date>() else { return text.to_owned() };
    let form = match frame.text.language {
        Language::English => "%-d %b %Y",
        Language::German => "%d.%m.%Y",
    };
    date.strftime(form).to_string().replace(' ', "\u{a0}")
}

/// A value as an input has it.
pub(crate) fn typed(frame: &Frame, field: &Field, value: Option<&Value>) -> String {
    match (field.holds, value) {
        (_, None | Some(Value::Null)) => String::new(),
        (FieldType::Time, Some(Value::String(text))) => {
            let at = text.parse::<Timestamp>().ok();
            let stamp =
                at.and_then(|at| jiff::Timestamp::from_microsecond(at.as_micros()).ok());
            let zoned = stamp.map(|stamp| stamp.to_zoned(zone(frame)));
            zoned.map_or_else(|| text.clone(), |at| at.strftime("%Y-%m-%dT%H:%M").to_string())
        }
        (FieldType::Check, Some(Value::Bool(is_on))) => {
            if *is_on {
                "true".to_owned()
            } else {
                String::new()
            }
        }
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(other)) => other.to_string(),
    }
}

/// The value of an input; null for none. What cannot be read stays a text, which the record type refuses.
pub(crate) fn read(frame: &Frame, field: &Field, form: &Form) -> Value {
    parse(frame, field, form.text(&format!("{FIELD}{}", field.key)))
}

/// The value of a text.
pub(crate) fn parse(frame: &Frame, field: &Field, text: &str) -> Value {
    let text = text.trim();
    if field.holds == FieldType::Check {
        return Value::Bool(["true", "on", "yes", "1"].contains(&text.to_lowercase().as_str()));
    }
    if text.is_empty() {
        return Value::Null;
    }
    let plain = || Value::String(text.to_owned());
    match field.holds {
        FieldType::Number | FieldType::Money => {
            let number = serde_json::from_str::<serde_json::Number>(text).ok();
            number.map_or_else(plain, Value::Number)
        }
        FieldType::Time => {
            let local = text.parse::<DateTime>().ok().filter(|_| !text.ends_with('Z'));
            let zoned = local.and_then(|local| local.to_zoned(zone(frame)).ok());
            zoned.map_or_else(plain, |at| Value::String(at.timestamp().to_string()))
        }
        FieldType::Choice => {
            let mut options = field.options.iter();
            let option = options.find(|one| one.key == text || one.name == text);
            option.map_or_else(plain, |one| Value::String(one.key.clone()))
        }
        FieldType::Text
        | FieldType::LongText
        | FieldType::Date
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Link
        | FieldType::Check => plain(),
    }
}

fn zone(frame: &Frame) -> TimeZone {
    TimeZone::get(&frame.zone).unwrap_or(TimeZone::UTC)
}

/// The colour of a stage by its place: it is shown beside its name.
pub(crate) fn share(place: usize, stages: usize) -> usize {
    (place + 1) * 4 / stages.max(1)
}

/// The name of the month of a report: `Mar 2026`.
pub(crate) fn month(frame: &Frame, month: i64) -> String {
    let year = i16::try_from(month.div_euclid(12)).ok();
    let in_year = i8::try_from(month.rem_euclid(12) + 1).ok();
    let first = year.zip(in_year).and_then(|(year, month)| Date::new(year, month, 1).ok());
    let form = match frame.text.language {
        Language::English => "%b %Y",
        Language::German => "%m.%Y",
    };
    first.map(|date| date.strftime(form).to_string()).unwrap_or_default()
}

/// A short form of a number: `48k`, `1.2m`.
pub(crate) fn short(frame: &Frame, number: i64) -> String {
    let (unit, letter) = match number.unsigned_abs() {
        0..10_000 => return format::number(frame.text.language, number),
        10_000..1_000_000 => (1_000, "k"),
        _ => (1_000_000, "m"),
    };
    let tenths = number / (unit / 10);
    let (whole, rest) = (tenths / 10, (tenths % 10).abs());
    match rest {
        _ if unit == 1_000 => format!("{}{letter}", frame.number(whole)),
        0 => format!("{}{letter}", frame.number(whole)),
        rest => format!("{}{}{rest}{letter}", frame.number(whole), mark(frame)),
    }
}
