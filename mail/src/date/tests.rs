//! Dates in words.

use super::*;

#[test]
fn a_time_is_written_in_words_in_utc() {
    let check = |text: &str, expected: Option<&str>| {
        assert_eq!(in_words(text).as_deref(), expected, "{text}");
    };
    check("2026-12-31T23:59:59Z", Some("31 December 2026 at 23:59 UTC"));
    check("2026-03-05T00:30:12.5+01:00", Some("4 March 2026 at 23:30 UTC"));
    check("tomorrow", None);
    check("2026-13-01T00:00:00Z", None);
}
