//! Points in time, to the microsecond, written as RFC 3339 in UTC.

use std::fmt;
use std::str::FromStr;

/// A point in time. The clock is outside: a function that needs the time takes it as a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

/// The seconds since 1970 of the first and the last point in time.
const SECONDS: (i64, i64) = (-377_705_023_201, 253_402_207_199);

impl Timestamp {
    /// So many microseconds since 1970; beyond the years -9999 to 9999 their first or last second.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Timestamp {
        let (second, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
        let second = if second < SECONDS.0 {
            SECONDS.0
        } else if second > SECONDS.1 {
            SECONDS.1
        } else {
            second
        };
        #[expect(clippy::cast_possible_truncation, reason = "it is below a billion")]
        let nanos = (micros * 1_000) as i32;
        Timestamp(jiff::Timestamp::constant(second, nanos))
    }

    /// So many seconds since 1970.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn as_micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub fn as_seconds(self) -> i64 {
        self.as_micros().div_euclid(1_000_000)
    }

    /// How far the other time is from this one, before or after it.
    #[must_use]
    pub fn distance(self, other: Timestamp) -> Span {
        Span((self - other).0.saturating_abs())
    }

    /// The month in UTC, counted from January of the year 0.
    #[must_use]
    pub fn month(self) -> i64 {
        let date = self.0.to_zoned(jiff::tz::TimeZone::UTC).date();
        i64::from(date.year()) * 12 + i64::from(date.month()) - 1
    }

    /// The first moment of a day in UTC, written `2026-12-31`; none for another text.
    #[must_use]
    pub fn of_day(text: &str) -> Option<Timestamp> {
        let date: jiff::civil::Date = text.parse().ok().filter(|_| text.len() == 10)?;
        date.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| Timestamp(zoned.timestamp()))
    }

    /// The time as the library has it.
    pub(crate) const fn inner(self) -> jiff::Timestamp {
        self.0
    }
}

/// A number of microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub i64);

impl Span {
    /// Whole seconds.
    #[must_use]
    pub const fn seconds(n: i64) -> Span {
        Span(n.saturating_mul(1_000_000))
    }

    /// How many whole seconds it has.
    #[must_use]
    pub const fn whole_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Whole minutes.
    #[must_use]
    pub const fn minutes(n: i64) -> Span {
        Span::seconds(n.saturating_mul(60))
    }

    /// Whole hours.
    #[must_use]
    pub const fn hours(n: i64) -> Span {
        Span::minutes(n.saturating_mul(60))
    }

    /// Days of 24 hours.
    #[must_use]
    pub const fn days(n: i64) -> Span {
        Span::hours(n.saturating_mul(24))
    }
}

impl std::ops::Add<Span> for Timestamp {
    type Output = Timestamp;

    fn add(self, span: Span) -> Timestamp {
        Timestamp::from_micros(self.as_micros().saturating_add(span.0))
    }
}

impl std::ops::Sub<Span> for Timestamp {
    type Output = Timestamp;

    fn sub(self, span: Span) -> Timestamp {
        Timestamp::from_micros(self.as_micros().saturating_sub(span.0))
    }
}

impl std::ops::Sub for Timestamp {
    type Output = Span;

    fn sub(self, earlier: Timestamp) -> Span {
        Span(self.as_micros().saturating_sub(earlier.as_micros()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A text that is not a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a time such as `2026-03-15T12:00:00Z`")]
pub struct TimestampError;

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Timestamp, TimestampError> {
        let time: jiff::Timestamp = text.parse().map_err(|_| TimestampError)?;
        // Times are kept to the microsecond.
        Ok(Timestamp::from_micros(time.as_microsecond()))
    }
}

#[cfg(test)]
mod tests;
