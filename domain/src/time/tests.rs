//! Points in time: microseconds, text, and their bounds.

use super::{Span, Timestamp};

#[test]
fn microseconds_before_and_after_1970_are_kept() {
    for micros in [0, 1, -1, 999_999, -1_000_001, 1_773_576_000_123_456] {
        assert_eq!(Timestamp::from_micros(micros).as_micros(), micros);
    }
    assert_eq!(Timestamp::from_micros(-1).as_seconds(), -1);
}

#[test]
fn times_beyond_the_bounds_are_the_bounds() {
    let first = Timestamp::from_micros(i64::MIN);
    let last = Timestamp::from_micros(i64::MAX);

    assert!(first < last);
    assert_eq!(last + Span::days(1), last);
}

#[test]
fn a_time_reads_what_it_writes() {
    let time: Timestamp = "2026-03-15T14:00:00.25+02:00".parse().unwrap();

    assert_eq!(time.to_string(), "2026-03-15T12:00:00.25Z");
    assert_eq!(time.to_string().parse(), Ok(time));
    assert!("yesterday".parse::<Timestamp>().is_err());
}
