//! Time zones, by the names and rules of the IANA database that the program brings along.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::time::Timestamp;

/// The database. It is part of the program, so that every machine knows the same zones.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Default for Zone {
    fn default() -> Zone {
        Zone(TimeZone::UTC)
    }
}

impl Zone {
    /// The zone with an exact name of the database, such as `Europe/Zurich` or `UTC`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Zone> {
        let zone = ZONES.get(name).ok()?;
        (zone.iana_name() == Some(name)).then_some(Zone(zone))
    }

    /// Whether it is UTC.
    #[must_use]
    pub fn is_utc(&self) -> bool {
        self.0.iana_name() == Some("UTC")
    }

    /// The month of a time, counted from January of the year 0.
    #[must_use]
    pub fn month(&self, at: Timestamp) -> i64 {
        let date = self.0.to_datetime(at.inner()).date();
        i64::from(date.year()) * 12 + i64::from(date.month()) - 1
    }

    /// When a month begins; none beyond the years that dates have.
    #[must_use]
    pub fn start_of_month(&self, month: i64) -> Option<Timestamp> {
        let year = i16::try_from(month.div_euclid(12)).ok()?;
        let in_year = i8::try_from(month.rem_euclid(12) + 1).ok()?;
        let first = Date::new(year, in_year, 1).ok()?;
        first
            .to_zoned(self.0.clone())
            .ok()
            .map(|zoned| Timestamp::from_micros(zoned.timestamp().as_microsecond()))
    }

    /// The day of a time: `2026-04-01`.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> String {
        self.0.to_datetime(at.inner()).date().to_string()
    }

    /// A time as RFC 3339 with the offset of the zone; with `Z` in UTC.
    #[must_use]
    pub fn rfc_3339(&self, at: Timestamp) -> String {
        if self.is_utc() {
            return at.to_string();
        }
        at.inner().display_with_offset(self.0.to_offset(at.inner())).to_string()
    }

    /// A time in numbers, as German writes it: `05.03.2026, 09:30 UTC`.
    #[must_use]
    pub fn in_numbers(&self, at: Timestamp) -> String {
        at.inner().to_zoned(self.0.clone()).strftime("%d.%m.%Y, %H:%M %Z").to_string()
    }

    /// A time in words: `5 March 2026 at 09:30 UTC`.
    #[must_use]
    pub fn in_words(&self, at: Timestamp) -> String {
        at.inner().to_zoned(self.0.clone()).strftime("%-d %B %Y at %H:%M %Z").to_string()
    }
}

#[cfg(test)]
mod tests;
