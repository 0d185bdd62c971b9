//! Numbers, times, initials and colours, as pages show them.

use hallpass_domain::time::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::text::{Language, Text};

/// How many colours avatars have; the style sheet names them `av0` to `av7`.
const COLOURS: usize = 8;

/// A number with separators of thousands: `1,204`.
pub(crate) fn number(language: Language, number: i64) -> String {
    let separator = match language {
        Language::English => ',',
        Language::German => '.',
    };
    let digits = number.unsigned_abs().to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        shown.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(separator);
        }
        shown.push(digit);
    }
    shown
}

/// The initials of a name, at most two: `DW`.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    let letters = first.into_iter().chain(words.next_back());
    letters.flat_map(char::to_uppercase).collect()
}

/// A text with a capital letter at its beginning.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", letters.as_str())
}

/// The class of the colour of an avatar, by an id.
pub(crate) fn colour(id: &str) -> String {
    let sum = id.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31) + usize::from(byte));
    format!("av{}", sum % COLOURS)
}

/// The day of a time in a time zone, for people.
pub(crate) fn day(text: Text, at: Timestamp, zone: &str) -> String {
    let form = match text.language {
        Language::English => "%-d %b %Y",
        Language::German => "%d.%m.%Y",
    };
    local(at, zone).strftime(form).to_string().replace(' ', "\u{a0}")
}

/// The day of a time in a time zone, as inputs have it.
pub(crate) fn iso_day(at: Timestamp, zone: &str) -> String {
    local(at, zone).date().to_string()
}

/// The first and the last moment of a day, as inputs have it, in a time zone; none for another text.
pub(crate) fn days(text: &str, zone: &str) -> Option<(Timestamp, Timestamp)> {
    let day = text.parse::<Date>().ok()?;
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let start = |day: Date| {
        let zoned = day.to_zoned(zone.clone()).ok()?;
        Some(zoned.timestamp().as_microsecond())
    };
    let (first, next) = (start(day)?, start(day.tomorrow().ok()?)?);
    Some((Timestamp::from_micros(first), Timestamp::from_micros(next - 1)))
}

fn local(at: Timestamp, zone: &str) -> jiff::Zoned {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or_default().to_zoned(zone)
}

/// The time of the day, with its zone: `14:30 CET`.
pub(crate) fn clock(at: Timestamp, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let stamp = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or_default();
    stamp.to_zoned(zone).strftime("%H:%M %Z").to_string()
}

/// A point in time as a page shows it: near times relative, others by date, the exact one on hover.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The text.
    pub(crate) text: String,
    /// The exact time, with its zone.
    pub(crate) exact: String,
    /// The time for programs (RFC 3339).
    pub(crate) iso: String,
}

impl Moment {
    /// Shows a time, in a time zone by its IANA name.
    pub(crate) fn new(text: Text, at: Timestamp, now: Timestamp, zone: &str) -> Moment {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let stamp = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or_default();
        let here = stamp.to_zoned(zone);
        let (day, exact) = match text.language {
            Language::English => ("%-d %b %Y", "%-d %B %Y, %H:%M %Z"),
            Language::German => ("%d.%m.%Y", "%d.%m.%Y, %H:%M %Z"),
        };
        let seconds = now.as_seconds() - at.as_seconds();
        let text = match seconds {
            0..60 => text.get("time-now"),
            60..3_600 => text!(text, "time-minutes", n = seconds / 60),
            3_600..86_400 => text!(text, "time-hours", n = seconds / 3_600),
            86_400..604_800 => text!(text, "time-days", n = seconds / 86_400),
            _ => here.strftime(day).to_string(),
        };
        Moment { text, exact: here.strftime(exact).to_string(), iso: at.to_string() }
    }
}

impl Moment {
    /// Shows the day and the time of the day in a time zone by its IANA name, and the seconds on hover.
    pub(crate) fn stamped(text: Text, at: Timestamp, zone: &str) -> Moment {
        let here = local(at, zone);
        let (stamp, exact) = match text.language {
            Language::English => ("%-d %b %Y, %H:%M", "%-d %b %Y, %H:%M:%S %Z"),
            Language::German => ("%d.%m.%Y, %H:%M", "%d.%m.%Y, %H:%M:%S %Z"),
        };
        let shown = here.strftime(stamp).to_string().replace(' ', "\u{a0}");
        Moment { text: shown, exact: here.strftime(exact).to_string(), iso: at.to_string() }
    }
}

#[cfg(test)]
mod tests;
