//! Dates as mails write them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Formats an RFC 3339 time in words: `5 March 2026 at 09:30 UTC`. None for any other text.
pub(crate) fn in_words(text: &str) -> Option<String> {
    let time: Timestamp = text.parse().ok()?;
    Some(TimeZone::UTC.to_datetime(time).strftime("%-d %B %Y at %H:%M UTC").to_string())
}

#[cfg(test)]
mod tests;
