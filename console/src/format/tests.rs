//! Tests of formats.

use hallpass_domain::time::Timestamp;

use super::{Moment, initials, number};
use crate::text::{Language, Text};

#[test]
fn numbers_have_the_separators_of_the_language() {
    for (value, english, german) in [
        (0, "0", "0"),
        (999, "999", "999"),
        (1_204, "1,204", "1.204"),
        (-1_000_000, "−1,000,000", "−1.000.000"),
    ] {
        assert_eq!(number(Language::English, value), english);
        assert_eq!(number(Language::German, value), german);
    }
}

#[test]
fn initials_are_those_of_the_first_and_the_last_word() {
    for (name, expected) in [
        ("Dana Whitfield", "DW"),
        ("Anna", "A"),
        ("Ana de la Cruz", "AC"),
        ("", ""),
        ("ösp", "Ö"),
    ] {
        assert_eq!(initials(name), expected);
    }
}

#[test]
fn a_near_time_is_relative_and_a_far_one_a_date() {
    let text = Text::default();
    let at = Timestamp::from_seconds(1_790_000_000);
    let shown = |after: i64| {
        Moment::new(text, at, Timestamp::from_seconds(1_790_000_000 + after), "Europe/Zurich")
            .text
    };

    assert_eq!(shown(5), "just now");
    assert_eq!(shown(120), "2 min ago");
    assert_eq!(shown(7_200), "2 h ago");
    assert_eq!(shown(86_400), "yesterday");
    assert_eq!(shown(31_536_000), "21 Sep 2026");
    // A clock that went back.
    assert_eq!(shown(-5), "21 Sep 2026");
}
