//! Names of zones, months and texts.

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

#[test]
fn only_exact_names_of_the_database_are_zones() {
    for known in ["UTC", "Europe/Zurich", "America/Argentina/Buenos_Aires", "Asia/Kolkata"] {
        assert!(Zone::parse(known).is_some(), "{known}");
    }
    for unknown in
        ["", "Mars/X", "Berlin", "UTC+1", "Europe/Berlinn", "europe/berlin", "../UTC"]
    {
        assert!(Zone::parse(unknown).is_none(), "{unknown}");
    }
}

/// Every month of the years around, in zones on both sides of UTC and with a half hour.
#[test]
fn a_month_begins_at_its_first_instant() {
    for name in ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles", "Pacific/Apia"]
    {
        let zone = zone(name);
        for month in 2009 * 12..2030 * 12 {
            let start = zone.start_of_month(month).unwrap();
            assert_eq!(zone.month(start), month, "{name} {start}");
            let before = Timestamp::from_micros(start.as_micros() - 1);
            assert_eq!(zone.month(before), month - 1, "{name} {before}");
        }
    }
    assert_eq!(Zone::default().start_of_month(i64::MAX), None);
}

#[test]
fn a_time_is_written_in_its_zone() {
    let (berlin, late) = (zone("Europe/Berlin"), at("2026-11-30T23:30:00Z"));

    assert_eq!(berlin.month(late), 2026 * 12 + 11);
    assert_eq!(berlin.day(late), "2026-12-01");
    assert_eq!(berlin.rfc_3339(late), "2026-12-01T00:30:00+01:00");
    assert_eq!(berlin.in_words(late), "1 December 2026 at 00:30 CET");
    assert_eq!(berlin.in_numbers(late), "01.12.2026, 00:30 CET");
    assert_eq!(Zone::default().rfc_3339(late), "2026-11-30T23:30:00Z");
    assert_eq!(Zone::default().in_words(late), "30 November 2026 at 23:30 UTC");
}
