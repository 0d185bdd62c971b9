//! The value of a field: whether it is of its type, and in which form it is kept.

use hallpass_engine::{Field, FieldType};
use serde_json::Value;

use super::schema::{listed, nearest};
use crate::time::Timestamp;

/// The most characters of a line of text.
pub const TEXT: usize = 500;

/// The most characters of a long text.
pub const LONG_TEXT: usize = 50_000;

/// The most characters of a web address.
const LINK: usize = 2_000;

/// The most characters of a mail address.
const EMAIL: usize = 254;

/// The most hundredths of money; up to there a JSON number holds every one of them.
const MONEY: i64 = 99_999_999_999_999;

type Bad = (&'static str, String);

/// Whether nothing is there: null, or a text of blanks.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The value as it is kept, or what is wrong with it.
pub(super) fn check(field: &Field, value: &Value) -> Result<Value, Bad> {
    match field.holds {
        FieldType::Text => {
            let text = line(field, value, TEXT)?;
            Ok(Value::String(text.trim().to_owned()))
        }
        FieldType::LongText => {
            let text = text(field, value, LONG_TEXT)?;
            Ok(Value::String(text.to_owned()))
        }
        FieldType::Number => number(field, value),
        FieldType::Money => money(field, value),
        FieldType::Date => plausible(field, value, "a day such as `2026-03-15`", 10, is_date),
        FieldType::Time => time(field, value),
        FieldType::Email => plausible(
            field,
            value,
            "a mail address such as `anna@example.com`",
            EMAIL,
            is_email,
        ),
        FieldType::Phone => {
            plausible(field, value, "a telephone number such as `+49 30 901820`", 40, is_phone)
        }
        FieldType::Link => {
            let form = "a web address that begins with `https://` or `http://`";
            plausible(field, value, form, LINK, is_link)
        }
        FieldType::Choice => choice(field, value),
        FieldType::Check => match value {
            Value::Bool(_) => Ok(value.clone()),
            Value::Null
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => Err(wrong_type(field, "`true` or `false`")),
        },
    }
}

fn wrong_type(field: &Field, expected: &str) -> Bad {
    ("wrong_type", format!("`{}` takes {expected}", field.key))
}

fn text<'v>(field: &Field, value: &'v Value, most: usize) -> Result<&'v str, Bad> {
    let text = value.as_str().ok_or_else(|| wrong_type(field, "a text"))?;
    if text.contains('\0') {
        let detail = format!("`{}` holds the character NUL, which cannot be kept", field.key);
        return Err(("bad_character", detail));
    }
    let length = text.chars().count();
    if length > most {
        let detail =
            format!("`{}` has {length} characters and may have at most {most}", field.key);
        return Err(("too_long", detail));
    }
    Ok(text)
}

fn line<'v>(field: &Field, value: &'v Value, most: usize) -> Result<&'v str, Bad> {
    let line = text(field, value, most)?;
    if line.trim().contains(|c: char| c.is_control() && c != '\t') {
        return Err(("bad_character", format!("`{}` takes one line of text", field.key)));
    }
    Ok(line)
}

fn plausible(
    field: &Field,
    value: &Value,
    form: &str,
    most: usize,
    is_of_form: impl Fn(&str) -> bool,
) -> Result<Value, Bad> {
    let text = line(field, value, most.max(TEXT))?.trim();
    if text.chars().count() <= most && is_of_form(text) {
        return Ok(Value::String(text.to_owned()));
    }
    Err(("bad_format", format!("`{}` takes {form}", field.key)))
}

fn number(field: &Field, value: &Value) -> Result<Value, Bad> {
    if value.as_f64().is_some_and(f64::is_finite) {
        return Ok(value.clone());
    }
    Err(wrong_type(field, "a number"))
}

fn money(field: &Field, value: &Value) -> Result<Value, Bad> {
    if !value.is_number() {
        return Err(wrong_type(field, "an amount as a number, such as `1250.50`"));
    }
    if hundredths(value).is_some() {
        return Ok(value.clone());
    }
    let detail = format!(
        "`{}` takes an amount below `1000000000000` with at most two decimal places",
        field.key
    );
    Err(("bad_format", detail))
}

/// An amount in hundredths, when it has at most two decimal places.
pub(super) fn hundredths(value: &Value) -> Option<i64> {
    let Value::Number(number) = value else { return None };
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    // A number with an exponent is too big or too small.
    if part.len() > 2 || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let amount: i64 = format!("{whole}{part:0<2}").parse().ok()?;
    (amount <= MONEY).then_some(sign * amount)
}

/// Whether a text has the shape of another, where a `0` stands for any digit.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, model)| match model {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        })
}

fn is_date(text: &str) -> bool {
    has_shape(text, "0000-00-00") && text.parse::<jiff::civil::Date>().is_ok()
}

fn time(field: &Field, value: &Value) -> Result<Value, Bad> {
    let text = line(field, value, TEXT)?.trim().to_uppercase();
    let begins = text.get(..19).is_some_and(|head| has_shape(head, "0000-00-00T00:00:00"));
    let ends = text.ends_with('Z')
        || text
            .get(text.len().saturating_sub(6)..)
            .is_some_and(|zone| has_shape(zone, "+00:00") || has_shape(zone, "-00:00"));
    let time = if begins && ends { text.parse::<Timestamp>().ok() } else { None };
    let bad = || {
        ("bad_format", format!("`{}` takes a time such as `2026-03-15T12:00:00Z`", field.key))
    };
    time.map(|time| Value::String(time.to_string())).ok_or_else(bad)
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_odd = |c: char| c.is_whitespace() || "@,;<>()[]\\\"".contains(c);
    !local.is_empty()
        && local.len() <= 64
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-'))
        && !text.contains(|c: char| c.is_control())
        && !local.contains(is_odd)
        && domain.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (3..=20).contains(&digits)
        && text.chars().all(|c| c.is_ascii_digit() || " +-()./#*x".contains(c))
}

fn is_link(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let rest = ["https://", "http://"].iter().find_map(|scheme| lower.strip_prefix(scheme));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '['))
        && !text
            .contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"\\`".contains(c))
}

fn choice(field: &Field, value: &Value) -> Result<Value, Bad> {
    let text = line(field, value, LONG_TEXT)?.trim();
    if field.options.iter().any(|option| option == text) {
        return Ok(Value::String(text.to_owned()));
    }
    let options = || field.options.iter().map(String::as_str);
    let shown: String = text.chars().take(64).collect();
    let advice = nearest(text, options()).map_or_else(
        || format!("it takes {}", listed(options())),
        |near| format!("did you mean `{near}`?"),
    );
    Err(("unknown_option", format!("`{}` has no option `{shown}`; {advice}", field.key)))
}
